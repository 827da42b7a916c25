package dev.crossfade.postgresql.parity;

import dev.crossfade.postgresql.wire.BackendDecoder;
import dev.crossfade.postgresql.wire.BackendDecoder.Verdict;
import dev.crossfade.postgresql.wire.BackendType;
import dev.crossfade.postgresql.wire.ErrorFields;
import dev.crossfade.postgresql.wire.ProtocolViolation;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Reads what a server answers to one batch, up to its ReadyForQuery. On one event loop. */
final class OutcomeReader implements BackendDecoder.Sink {
  /** Of a longer reply nothing is known: what it holds is worth no more of the loop's time. */
  static final int MOST_BYTES = 256 << 10;

  private static final int HEADER = 5;
  private static final long PRIME = 0x9E3779B97F4A7C15L;
  private static final long NULL = 0x6A09E667F3BCC909L;
  private static final long[] NO_COLUMNS = {};

  private final BackendDecoder decoder;
  private @Nullable Outcome outcome;
  private Outcome.@Nullable Refused refusal;
  private long[] columns = NO_COLUMNS;
  private int statements;
  private long bytes;
  private boolean unknown;
  private byte status;

  OutcomeReader(ByteBufAllocator allocator) {
    this.decoder = new BackendDecoder(allocator, this);
    decoder.showRows(true);
  }

  /** Takes over bytes of the server. */
  void read(ByteBuf chunk) {
    bytes += chunk.readableBytes();
    if (unknown || status != 0 || bytes > MOST_BYTES) {
      unknown |= status == 0;
      chunk.release();
      return;
    }
    try {
      decoder.decode(chunk);
    } catch (ProtocolViolation e) {
      unknown = true;
    }
  }

  /** Whether nothing that is still to come will tell. */
  boolean isUnknown() {
    return unknown;
  }

  /** Whether its ReadyForQuery has come. */
  boolean isComplete() {
    return status != 0;
  }

  /** Of ReadyForQuery. */
  byte status() {
    return status;
  }

  /** Null where the batch was not one statement. */
  @Nullable Outcome outcome() {
    return unknown || statements > 1 ? null : outcome;
  }

  /** The last error, whatever else the batch was; null where it had none. */
  Outcome.@Nullable Refused refusal() {
    return refusal;
  }

  void release() {
    decoder.release();
  }

  @Override
  public Verdict control(byte type, ByteBuf borrowed, int start, int end) {
    switch (type) {
      case BackendType.DATA_ROW -> row(borrowed, start + HEADER, end);
      case BackendType.COMMAND_COMPLETE -> {
        statements++;
        outcome =
            done(
                borrowed.toString(
                    start + HEADER, end - start - HEADER - 1, StandardCharsets.US_ASCII));
      }
      case BackendType.ERROR -> refused(borrowed, start, end);
      case BackendType.EMPTY_QUERY,
          BackendType.PORTAL_SUSPENDED,
          BackendType.COPY_IN,
          BackendType.COPY_OUT,
          BackendType.COPY_BOTH ->
          unknown = true;
      case BackendType.READY_FOR_QUERY -> {
        status = borrowed.getByte(start + HEADER);
        return Verdict.STOP;
      }
      default -> {
        // It says nothing of what became of the statement.
      }
    }
    return Verdict.DROP;
  }

  /** Names of what it breaks are no values: those are in its detail. */
  private void refused(ByteBuf borrowed, int start, int end) {
    String sqlState = ErrorFields.read(borrowed, start, end).sqlState();
    String constraint = ErrorFields.field(borrowed, start, end, 'n');
    String column = ErrorFields.field(borrowed, start, end, 'c');
    refusal = new Outcome.Refused(sqlState, constraint.isEmpty() ? column : constraint);
    outcome = refusal;
  }

  private Outcome done(String tag) {
    int space = tag.lastIndexOf(' ');
    String count = tag.substring(space + 1);
    if (space < 0 || !count.matches("[0-9]{1,18}")) {
      return new Outcome.Done(tag, 0, columns);
    }
    int word = tag.indexOf(' ');
    return new Outcome.Done(tag.substring(0, word), Long.parseLong(count), columns);
  }

  /** Rows may come in any order, so each value counts for its column by a sum. */
  private void row(ByteBuf borrowed, int start, int end) {
    int count = end - start < 2 ? 0 : borrowed.getUnsignedShort(start);
    if (columns.length < count) {
      columns = Arrays.copyOf(columns, count);
    }
    int at = start + 2;
    for (int column = 0; column < count && at + 4 <= end; column++) {
      int length = borrowed.getInt(at);
      at += 4;
      if (length > end - at) {
        unknown = true;
        return;
      }
      columns[column] += length < 0 ? NULL : hash(borrowed, at, length);
      at += Math.max(0, length);
    }
  }

  private static long hash(ByteBuf borrowed, int start, int length) {
    long hash = length + 1;
    for (int at = start; at < start + length; at++) {
      hash = (hash ^ borrowed.getByte(at)) * PRIME;
      hash ^= hash >>> 29;
    }
    return hash * PRIME;
  }

  @Override
  public ByteBuf replacement() {
    return Unpooled.EMPTY_BUFFER;
  }

  @Override
  public void passesUnread(byte type) {
    // Copy data, or a frame that is longer than any that is looked at.
    unknown = true;
  }

  @Override
  public void forward(ByteBuf owned) {
    owned.release();
  }
}
