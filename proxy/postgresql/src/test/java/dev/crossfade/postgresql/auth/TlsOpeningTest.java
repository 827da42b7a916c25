package dev.crossfade.postgresql.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.net.tls.ConnectorTls;
import dev.crossfade.net.tls.ConnectorTls.Mode;
import dev.crossfade.net.tls.TlsException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.ssl.SslHandler;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class TlsOpeningTest {
  private static final String REQUEST = "\0\0\0\u0008\u0004\u00d2\u0016\u002f";

  /** Who waits until it may speak. */
  private static final class Owner extends ChannelInboundHandlerAdapter {
    private int told;

    @Override
    public void channelActive(ChannelHandlerContext context) {
      told++;
    }
  }

  private final Owner owner = new Owner();
  private final EmbeddedChannel channel = new EmbeddedChannel();
  private final ChannelPromise settled = channel.newPromise();

  private void open(Mode mode) throws TlsException {
    ConnectorTls tls = ConnectorTls.load(mode, Optional.empty(), Runnable::run);
    channel.pipeline().addLast(new TlsOpening(tls, "db.example.org", 5432).handler(settled), owner);
    ByteBuf request = channel.readOutbound();
    assertThat(request.toString(StandardCharsets.ISO_8859_1)).isEqualTo(REQUEST);
    request.release();
  }

  private void answer(String bytes) {
    channel.writeInbound(Unpooled.copiedBuffer(bytes, StandardCharsets.ISO_8859_1));
  }

  private void assertFailed(String reason) {
    assertThat(settled.cause()).hasMessageContaining(reason);
    assertThat(channel.isOpen()).isFalse();
    assertThat(owner.told).isZero();
    channel.finishAndReleaseAll();
  }

  @Test
  void aNoIsTakenWhereTlsIsOnlyPreferred() throws Exception {
    open(Mode.PREFER);
    answer("N");
    assertThat(settled.isSuccess()).isTrue();
    assertThat(owner.told).isEqualTo(1);
    assertThat(channel.pipeline().names()).hasSize(2);
    channel.finishAndReleaseAll();
  }

  @Test
  void aNoIsAFailureWhereTlsIsRequired() throws Exception {
    open(Mode.REQUIRE);
    answer("N");
    assertFailed("offers no TLS");
  }

  @Test
  void aYesBeginsAHandshake() throws Exception {
    open(Mode.REQUIRE);
    answer("S");
    assertThat(channel.pipeline().first()).isInstanceOf(SslHandler.class);
    assertThat(settled.isDone()).isFalse();
    assertThat(owner.told).isZero();
    ByteBuf hello = channel.readOutbound();
    assertThat(hello.getByte(0)).isEqualTo((byte) 0x16);
    hello.release();
    channel.close();
    channel.runPendingTasks();
    assertThat(settled.isSuccess()).isFalse();
    assertThat(settled.isDone()).isTrue();
    channel.finishAndReleaseAll();
  }

  @Test
  void whatWasSentWithTheAnswerWasNotEncrypted() throws Exception {
    open(Mode.PREFER);
    answer("SR\0\0\0\u0008\0\0\0\0");
    assertFailed("not understood");
  }

  @Test
  void anErrorIsNoAnswer() throws Exception {
    open(Mode.PREFER);
    answer("E\0\0\0\u0005\0");
    assertFailed("not understood");
  }

  @Test
  void aServerThatIsSilentIsGivenUp() throws Exception {
    open(Mode.PREFER);
    channel.advanceTimeBy(6, TimeUnit.SECONDS);
    channel.runScheduledPendingTasks();
    assertFailed("within 5 s");
  }

  @Test
  void aServerThatClosesIsAFailure() throws Exception {
    open(Mode.PREFER);
    channel.close();
    channel.runPendingTasks();
    assertFailed("closed the connection");
  }
}
