package dev.crossfade.postgresql.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import org.jspecify.annotations.Nullable;

/**
 * Follows a server's byte stream frame by frame without copying it.
 *
 * <p>Rows and copy data are passed over by their length and may be forwarded in pieces. Every other
 * frame is a control frame: it is shown whole to the {@link Sink}, which says whether it goes on to
 * the client. Adjacent frames that go on leave as one slice of the chunk they came in.
 *
 * <pre>
 * frame = type byte | int32 length (itself included, the type byte not) | body
 * chunk: ..rest of a row][C][Z][T][D][D.. -> one slice, unless the sink drops or replaces a control frame in it
 * </pre>
 */
public final class BackendDecoder {
  /** A control frame longer than this is forwarded unread, if it may be. */
  static final int MAX_CONTROL_FRAME = 1024 * 1024;

  private static final int HEADER = 5;
  private static final String ODD_ROW = "a row is not made as its types say";

  /** What becomes of a control frame. */
  public enum Verdict {
    FORWARD,
    DROP,
    /** Forward {@link Sink#replacement()} instead. */
    REPLACE,
    /** Neither this frame nor any later byte is wanted. */
    STOP
  }

  /** Receives what the decoder finds, in the order of the stream. */
  public interface Sink {
    /** A whole control frame; its body is {@code [start + 5, end)}. */
    Verdict control(byte type, ByteBuf borrowed, int start, int end);

    /** The frame for {@link Verdict#REPLACE}, owned by the caller. */
    ByteBuf replacement();

    /**
     * A frame that passes unread begins: a row, copy data, or one too long to be looked at. Its
     * bytes follow by forward.
     */
    void passesUnread(byte type);

    /**
     * Part of the body of a row that is watched, perhaps an empty one: it may be changed in its
     * place before it is forwarded.
     *
     * @param begins it is the first part
     * @return false when the stream must not go on with this row
     */
    default boolean rowPart(ByteBuf borrowed, int start, int end, boolean begins) {
      return true;
    }

    /** Bytes for the client, owned by the sink from now on. */
    void forward(ByteBuf bytes);
  }

  private final ByteBufAllocator allocator;
  private final Sink sink;
  private @Nullable ByteBuf carry;
  private long skip;
  private boolean stopped;
  private boolean rowsShown;
  private boolean rowsWatched;
  private boolean inWatchedRow;

  public BackendDecoder(ByteBufAllocator allocator, Sink sink) {
    this.allocator = allocator;
    this.sink = sink;
  }

  /** Whether rows that come from now on are control frames, too. */
  public void showRows(boolean show) {
    rowsShown = show;
  }

  /** Whether the sink sees the bodies of rows that come from now on. */
  public void watchRows(boolean watch) {
    rowsWatched = watch;
  }

  /** Whether the stream stands between two frames. */
  public boolean isAtFrameBoundary() {
    return skip == 0 && carry == null;
  }

  /**
   * Takes over {@code chunk} and works through it.
   *
   * @throws ProtocolViolation when a length is impossible
   */
  public void decode(ByteBuf chunk) {
    try {
      int from = chunk.readerIndex();
      int end = chunk.writerIndex();
      if (carry != null) {
        from = completeCarry(chunk, from, end);
      }
      if (!stopped && from < end) {
        scan(chunk, from, end);
      }
    } finally {
      chunk.release();
    }
  }

  public void release() {
    stopped = true;
    if (carry != null) {
      carry.release();
      carry = null;
    }
  }

  private void scan(ByteBuf chunk, int start, int end) {
    int from = start;
    int at = start;
    if (skip > 0) {
      int passed = (int) Math.min(skip, end - at);
      if (inWatchedRow) {
        watch(chunk, at, at + passed);
      }
      skip -= passed;
      at += passed;
    }
    while (end - at >= HEADER) {
      byte type = chunk.getByte(at);
      long frameEnd = at + 1L + length(type, chunk.getInt(at + 1));
      if (passesUnread(type, frameEnd - at)) {
        sink.passesUnread(type);
        inWatchedRow = rowsWatched && type == BackendType.DATA_ROW;
        if (inWatchedRow
            && !sink.rowPart(chunk, at + HEADER, (int) Math.min(frameEnd, end), true)) {
          // What is whole goes on, so that an error can follow it.
          forward(chunk, from, at);
          throw new ProtocolViolation(ODD_ROW);
        }
        at = (int) Math.min(frameEnd, end);
        skip = frameEnd - at;
        continue;
      }
      if (frameEnd > end) {
        break;
      }
      Verdict verdict = sink.control(type, chunk, at, (int) frameEnd);
      if (verdict != Verdict.FORWARD) {
        forward(chunk, from, at);
        from = (int) frameEnd;
        if (verdict == Verdict.REPLACE) {
          sink.forward(sink.replacement());
        } else if (verdict == Verdict.STOP) {
          release();
          return;
        }
      }
      at = (int) frameEnd;
    }
    forward(chunk, from, at);
    if (at < end) {
      carry = allocator.buffer(Math.max(64, end - at)).writeBytes(chunk, at, end - at);
    }
  }

  private void watch(ByteBuf chunk, int start, int end) {
    if (!sink.rowPart(chunk, start, end, false)) {
      throw new ProtocolViolation(ODD_ROW);
    }
  }

  private void forward(ByteBuf chunk, int from, int to) {
    if (to > from) {
      sink.forward(chunk.retainedSlice(from, to - from));
    }
  }

  /**
   * Completes the frame that an earlier chunk began; returns where the rest of this chunk starts.
   */
  private int completeCarry(ByteBuf chunk, int start, int end) {
    ByteBuf frame = java.util.Objects.requireNonNull(carry);
    int at = start;
    if (frame.readableBytes() < HEADER) {
      at += take(frame, chunk, at, end, HEADER);
      if (frame.readableBytes() < HEADER) {
        return at;
      }
    }
    byte type = frame.getByte(0);
    long total = 1L + length(type, frame.getInt(1));
    if (passesUnread(type, total)) {
      carry = null;
      skip = total - frame.readableBytes();
      sink.passesUnread(type);
      inWatchedRow = rowsWatched && type == BackendType.DATA_ROW;
      if (inWatchedRow) {
        sink.rowPart(frame, HEADER, HEADER, true);
      }
      sink.forward(frame);
      return at;
    }
    at += take(frame, chunk, at, end, (int) total);
    if (frame.readableBytes() < total) {
      return at;
    }
    carry = null;
    Verdict verdict = sink.control(type, frame, 0, (int) total);
    if (verdict == Verdict.FORWARD) {
      sink.forward(frame);
      return at;
    }
    frame.release();
    if (verdict == Verdict.REPLACE) {
      sink.forward(sink.replacement());
    } else if (verdict == Verdict.STOP) {
      release();
    }
    return at;
  }

  private static int take(ByteBuf frame, ByteBuf chunk, int at, int end, int wanted) {
    int taken = Math.min(wanted - frame.readableBytes(), end - at);
    frame.writeBytes(chunk, at, taken);
    return taken;
  }

  private static int length(byte type, int length) {
    if (length < 4) {
      throw new ProtocolViolation(
          "the length of a '" + (char) type + "' frame is at least 4, not " + length);
    }
    return length;
  }

  private boolean passesUnread(byte type, long total) {
    return type == BackendType.DATA_ROW && !rowsShown
        || type == BackendType.COPY_DATA
        || total > MAX_CONTROL_FRAME;
  }
}
