package dev.crossfade.postgresql.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ChannelBindingTest {
  private static final String NOTICE = frame('N', "SNOTICE\0\0");
  private static final String BOTH = sasl("SCRAM-SHA-256-PLUS\0SCRAM-SHA-256\0\0");
  private static final String ONE = sasl("SCRAM-SHA-256\0\0");
  private static final String OK = frame('R', "\0\0\0\0");
  private static final String REST = frame('S', "a\0b\0") + "Z\0\0";

  private static String frame(char type, String body) {
    return type + "\0\0" + (char) 0 + (char) (body.length() + 4) + body;
  }

  private static String sasl(String mechanisms) {
    return frame('R', "\0\0\0\n" + mechanisms);
  }

  /** What comes out when these bytes come in as two pieces. */
  private static String through(EmbeddedChannel channel, String bytes, int cut) {
    channel.writeInbound(buffer(bytes.substring(0, cut)));
    channel.writeInbound(buffer(bytes.substring(cut)));
    StringBuilder out = new StringBuilder();
    for (ByteBuf read = channel.readInbound(); read != null; read = channel.readInbound()) {
      out.append(read.toString(StandardCharsets.ISO_8859_1));
      read.release();
    }
    return out.toString();
  }

  private static ByteBuf buffer(String bytes) {
    return Unpooled.copiedBuffer(bytes, StandardCharsets.ISO_8859_1);
  }

  private static void assertBecomes(String in, String out) {
    for (int cut = 0; cut <= in.length(); cut++) {
      EmbeddedChannel channel = new EmbeddedChannel(new ChannelBinding());
      assertThat(through(channel, in, cut)).as("cut at %s", cut).isEqualTo(out);
      assertThat(channel.pipeline().get(ChannelBinding.class)).isNull();
      channel.finishAndReleaseAll();
    }
  }

  @Test
  void takesBindingMechanismsOutWhereverTheStreamIsCut() {
    assertBecomes(BOTH, ONE);
    assertBecomes(BOTH + REST, ONE + REST);
    assertBecomes(NOTICE + BOTH, NOTICE + ONE);
  }

  @Test
  void leavesEverythingElseAsItIs() {
    for (String same :
        new String[] {ONE, OK, OK + REST + BOTH, frame('E', "SFATAL\0\0"), NOTICE + OK}) {
      assertBecomes(same, same);
    }
  }

  @Test
  void leavesWhatItDoesNotUnderstandToOthers() {
    assertBecomes("N\u00ff\u00ff\u00ff\u00ffabc", "N\u00ff\u00ff\u00ff\u00ffabc");
    assertBecomes("HTTP/1.1 400", "HTTP/1.1 400");
  }

  @Test
  void losesNoBufferWhenTheServerIsGoneTooSoon() {
    EmbeddedChannel channel = new EmbeddedChannel(new ChannelBinding());
    ByteBuf half = buffer(BOTH.substring(0, 9));
    channel.writeInbound(half);
    channel.close();
    channel.runPendingTasks();
    assertThat(half.refCnt()).isZero();
  }
}
