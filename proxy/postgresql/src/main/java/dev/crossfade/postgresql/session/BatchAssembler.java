package dev.crossfade.postgresql.session;

import dev.crossfade.postgresql.wire.FrontendType;
import dev.crossfade.postgresql.wire.ProtocolViolation;
import io.netty.buffer.ByteBuf;

/**
 * Finds the next unit in a client's input.
 *
 * <pre>
 * Query                              -> BATCH
 * Parse Bind Describe Execute Sync   -> BATCH
 * Parse Describe Flush ..            -> OPEN: what is there goes on at once, the rest follows frame by frame
 * a batch over the limit             -> OPEN
 * CopyData, Terminate, unknown       -> FRAME: goes on as it came, in pieces if it is large
 * </pre>
 */
final class BatchAssembler {
  /** As the server's own limit for a message. */
  static final int MAX_FRAME = 0x3fffffff;

  static final int HEADER = 5;

  /** What the next unit is. */
  enum Unit {
    /** Bytes are missing. */
    INCOMPLETE,
    /** {@link #batch} holds it whole. */
    BATCH,
    /** {@link #batch} holds the whole frames that are there; the batch has not ended. */
    OPEN,
    /** One frame that belongs to no batch: {@link #frameType}, {@link #frameLength}. */
    FRAME
  }

  private final Batch batch = new Batch();
  private final int limit;
  private byte frameType;
  private long frameLength;

  BatchAssembler(int limit) {
    this.limit = limit;
  }

  Batch batch() {
    return batch;
  }

  byte frameType() {
    return frameType;
  }

  /** Header included. */
  long frameLength() {
    return frameLength;
  }

  /**
   * Looks at the input from its reader index on, without moving it.
   *
   * @throws ProtocolViolation when a length is impossible
   */
  Unit next(ByteBuf borrowed) {
    int at = borrowed.readerIndex();
    int end = borrowed.writerIndex();
    batch.begin(borrowed, at);
    while (end - at >= HEADER) {
      byte type = borrowed.getByte(at);
      long frameEnd = at + header(borrowed, at);
      boolean first = batch.count() == 0;
      if (first && !startsBatch(type)) {
        return Unit.FRAME;
      }
      if (frameEnd - batch.start() > limit
          || batch.count() == Batch.MAX_FRAMES
          || breaksBatch(type, first)) {
        return Unit.OPEN;
      }
      if (frameEnd > end) {
        return Unit.INCOMPLETE;
      }
      batch.add(type, (int) frameEnd);
      at = (int) frameEnd;
      if (type == FrontendType.SYNC || first && endsBatch(type)) {
        return Unit.BATCH;
      }
    }
    return Unit.INCOMPLETE;
  }

  /** The next frame of an open batch: its header is there, or the result is INCOMPLETE. */
  Unit nextOfOpen(ByteBuf borrowed) {
    if (borrowed.readableBytes() < HEADER) {
      return Unit.INCOMPLETE;
    }
    int at = borrowed.readerIndex();
    long length = header(borrowed, at);
    batch.begin(borrowed, at);
    if (frameType == FrontendType.PARSE
        || frameType == FrontendType.BIND
        || frameType == FrontendType.CLOSE
        || frameType == FrontendType.QUERY) {
      if (length <= limit) {
        if (borrowed.readableBytes() < length) {
          return Unit.INCOMPLETE;
        }
        batch.add(frameType, at + (int) length);
      }
    }
    return Unit.FRAME;
  }

  private long header(ByteBuf borrowed, int at) {
    int length = borrowed.getInt(at + 1);
    frameType = borrowed.getByte(at);
    if (length < 4 || length > MAX_FRAME) {
      throw new ProtocolViolation(
          "invalid message length: a '"
              + printable(frameType)
              + "' frame has 4 to "
              + MAX_FRAME
              + " bytes, not "
              + length);
    }
    frameLength = 1L + length;
    return frameLength;
  }

  private static String printable(byte type) {
    return type >= 0x20 && type < 0x7f
        ? String.valueOf((char) type)
        : String.format("0x%02x", type);
  }

  private static boolean startsBatch(byte type) {
    return switch (type) {
      case FrontendType.QUERY,
          FrontendType.FUNCTION_CALL,
          FrontendType.PARSE,
          FrontendType.BIND,
          FrontendType.DESCRIBE,
          FrontendType.EXECUTE,
          FrontendType.CLOSE,
          FrontendType.SYNC ->
          true;
      default -> false;
    };
  }

  private static boolean endsBatch(byte type) {
    return type == FrontendType.QUERY || type == FrontendType.FUNCTION_CALL;
  }

  /**
   * A frame that an extended batch cannot contain, and Flush: the client waits for what it has
   * sent.
   */
  private static boolean breaksBatch(byte type, boolean first) {
    return !first && (!startsBatch(type) || endsBatch(type));
  }
}
