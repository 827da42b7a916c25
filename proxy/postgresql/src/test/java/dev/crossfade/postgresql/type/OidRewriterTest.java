package dev.crossfade.postgresql.type;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.crossfade.postgresql.type.Layout.Part;
import dev.crossfade.postgresql.wire.BackendDecoder;
import dev.crossfade.postgresql.wire.ProtocolViolation;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

class OidRewriterTest {
  private static final int TEXT = 25;
  private static final Part PLAIN = new Part(TEXT, TEXT, null);
  private static final Part LABEL = new Part(70_001, 90_001, null);
  private static final Layout LABELS = new Layout.ArrayOf(LABEL);
  private static final Layout FIELDS =
      new Layout.Fields(List.of(PLAIN, LABEL, new Part(70_002, 90_002, LABELS)));
  private static final Part ROW = new Part(70_003, 90_003, FIELDS);
  private static final Layout ROWS = new Layout.ArrayOf(ROW);
  private static final Layout RANGE = new Layout.RangeOf(FIELDS);
  private static final Layout RANGES = new Layout.MultirangeOf(RANGE);
  private static final @Nullable Layout[] COLUMNS = {null, LABELS, ROWS, FIELDS, RANGES, RANGE};

  /** Writes random values, with the OIDs of one side. */
  private static final class Values {
    private final Random random;
    private final boolean asked;

    Values(long seed, boolean asked) {
      this.random = new Random(seed);
      this.asked = asked;
    }

    int oid(Part part) {
      return asked ? part.asked() : part.answering();
    }

    ByteBuf row() {
      ByteBuf row = Unpooled.buffer().writeByte('D').writeInt(0).writeShort(COLUMNS.length);
      for (Layout column : COLUMNS) {
        item(row, column);
      }
      return row.setInt(1, row.readableBytes() - 1);
    }

    private void item(ByteBuf out, @Nullable Layout layout) {
      if (random.nextInt(5) == 0) {
        out.writeInt(-1);
        return;
      }
      int at = out.writerIndex();
      out.writeInt(0);
      value(out, layout);
      out.setInt(at, out.writerIndex() - at - 4);
    }

    private void value(ByteBuf out, @Nullable Layout layout) {
      switch (layout) {
        case null -> {
          byte[] bytes = new byte[random.nextInt(9)];
          random.nextBytes(bytes);
          out.writeBytes(bytes);
        }
        case Layout.ArrayOf(Part element) -> {
          int dimensions = random.nextInt(3);
          out.writeInt(dimensions).writeInt(0).writeInt(oid(element));
          int count = dimensions == 0 ? 0 : 1;
          for (int i = 0; i < dimensions; i++) {
            int length = 1 + random.nextInt(3);
            out.writeInt(length).writeInt(1);
            count *= length;
          }
          for (int i = 0; i < count; i++) {
            item(out, element.within());
          }
        }
        case Layout.Fields(List<Part> fields) -> {
          out.writeInt(fields.size());
          for (Part field : fields) {
            item(out.writeInt(oid(field)), field.within());
          }
        }
        case Layout.RangeOf(Layout bound) -> {
          int bounds = random.nextInt(3);
          out.writeByte(bounds);
          for (int i = 0; i < bounds; i++) {
            item(out, bound);
          }
        }
        case Layout.MultirangeOf(Layout range) -> {
          int ranges = random.nextInt(3);
          out.writeInt(ranges);
          for (int i = 0; i < ranges; i++) {
            item(out, range);
          }
        }
      }
    }
  }

  /** A decoder whose watched rows are changed. */
  private static final class Stream implements BackendDecoder.Sink {
    private final ByteBuf client = Unpooled.buffer();
    private final OidRewriter rewriter = OidRewriter.ofRows(COLUMNS);
    private final BackendDecoder decoder = new BackendDecoder(ByteBufAllocator.DEFAULT, this);

    Stream() {
      decoder.watchRows(true);
    }

    void feed(ByteBuf bytes, int from, int to) {
      decoder.decode(bytes.copy(from, to - from));
    }

    @Override
    public BackendDecoder.Verdict control(byte type, ByteBuf borrowed, int start, int end) {
      return BackendDecoder.Verdict.FORWARD;
    }

    @Override
    public ByteBuf replacement() {
      throw new IllegalStateException("nothing is replaced");
    }

    @Override
    public void passesUnread(byte type) {
      // All frames are right.
    }

    @Override
    public boolean rowPart(ByteBuf borrowed, int start, int end, boolean begins) {
      if (begins) {
        rewriter.beginRow();
      }
      return rewriter.pass(borrowed, start, end);
    }

    @Override
    public void forward(ByteBuf bytes) {
      client.writeBytes(bytes);
      bytes.release();
    }
  }

  private static ByteBuf rows(long seed, boolean asked) {
    Values values = new Values(seed, asked);
    ByteBuf all = Unpooled.buffer();
    for (int i = 0; i < 4; i++) {
      all.writeBytes(values.row());
    }
    return all.writeByte('C').writeInt(6).writeByte('x').writeByte(0);
  }

  @RepeatedTest(200)
  void rowsHaveTheOtherSidesNumbersHoweverTheyAreSplit(RepetitionInfo run) {
    int seed = run.getCurrentRepetition();
    ByteBuf given = rows(seed, false);
    ByteBuf expected = rows(seed, true);
    Random random = new Random(seed);
    for (int most : new int[] {1, 7, 300, Integer.MAX_VALUE}) {
      Stream stream = new Stream();
      int at = 0;
      while (at < given.readableBytes()) {
        int left = given.readableBytes() - at;
        int end = at + 1 + random.nextInt(Math.min(left, most));
        stream.feed(given, at, end);
        at = end;
      }
      assertThat(ByteBufUtil.hexDump(stream.client))
          .as("seed %d, pieces of %d", seed, most)
          .isEqualTo(ByteBufUtil.hexDump(expected));
    }
  }

  @RepeatedTest(50)
  void parametersGoTheOtherWay(RepetitionInfo run) {
    int seed = run.getCurrentRepetition();
    for (Layout layout : new Layout[] {LABELS, ROWS, FIELDS, RANGES, RANGE}) {
      ByteBuf value = Unpooled.buffer();
      ByteBuf expected = Unpooled.buffer();
      new Values(seed, true).value(value, layout);
      new Values(seed, false).value(expected, layout);
      OidRewriter rewriter = OidRewriter.ofParameters();
      rewriter.beginValue(layout, value.readableBytes());
      assertThat(rewriter.pass(value, 0, value.readableBytes())).isTrue();
      assertThat(value).isEqualTo(expected);
    }
  }

  @Test
  void whatIsNotExpectedEndsTheStreamAtAFrame() {
    ByteBuf whole = rows(3, false);
    int first = 1 + whole.getInt(1);
    for (int at = first + 7; at < first + 1 + whole.getInt(first + 1); at++) {
      if (whole.getInt(at) == LABEL.answering()) {
        ByteBuf odd = whole.copy();
        odd.setInt(at, LABEL.answering() + 1);
        Stream stream = new Stream();
        assertThatThrownBy(() -> stream.feed(odd, 0, odd.readableBytes()))
            .isInstanceOf(ProtocolViolation.class);
        assertThat(stream.client.readableBytes()).isEqualTo(first);
        assertThat(stream.decoder.isAtFrameBoundary()).isTrue();
        return;
      }
    }
    throw new AssertionError("the seed gives no label");
  }

  @Test
  void aRowThatGoesWrongInALaterPieceLeavesTheStreamInsideAFrame() {
    ByteBuf whole = rows(3, false);
    ByteBuf odd = whole.copy();
    int at = 7;
    while (odd.getInt(at) != LABEL.answering()) {
      at++;
    }
    odd.setInt(at, 1);
    Stream stream = new Stream();
    stream.feed(odd, 0, at);
    int end = odd.readableBytes();
    int start = at;
    assertThatThrownBy(() -> stream.feed(odd, start, end)).isInstanceOf(ProtocolViolation.class);
    assertThat(stream.client.readableBytes()).isEqualTo(at);
    assertThat(stream.decoder.isAtFrameBoundary()).isFalse();
  }

  @RepeatedTest(200)
  void anyBytesEndWithoutHarm(RepetitionInfo run) {
    Random random = new Random(run.getCurrentRepetition());
    ByteBuf bytes = rows(run.getCurrentRepetition(), false);
    for (int i = 0; i < 8; i++) {
      bytes.setByte(random.nextInt(bytes.readableBytes()), random.nextInt());
    }
    for (Layout layout : new Layout[] {LABELS, ROWS, FIELDS, RANGES, RANGE}) {
      ByteBuf value = bytes.copy();
      OidRewriter rewriter = OidRewriter.ofRows(COLUMNS);
      rewriter.beginValue(layout, value.readableBytes());
      rewriter.pass(value, 0, value.readableBytes());
      assertThat(value.readableBytes()).isEqualTo(bytes.readableBytes());
    }
  }
}
