package dev.crossfade.postgresql.shape;

import dev.crossfade.postgresql.wire.FrontendType;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.util.concurrent.TimeUnit;

/**
 * The client's bytes, frame by frame. What goes on unchanged is not cut up; a frame whose
 * translation is not there yet stays, with all that follows it.
 */
final class ShapedInput {
  /** As the server's own limit for a message. */
  private static final int MAX_FRAME = 0x3fffffff;

  private static final int HEADER = 5;
  private static final long POLL_MILLIS = 2;
  private static final long MAX_WAIT_NANOS = TimeUnit.SECONDS.toNanos(5);

  private final ShapeHost host;
  private final ShapedFrames frames;
  private final int textLimit;
  private ByteBuf input = Unpooled.EMPTY_BUFFER;
  private int forwardFrom = -1;
  private long streaming;
  private long skipping;
  private long waitingSince;
  private boolean translating;
  private boolean polling;
  private boolean pumping;
  private boolean released;

  ShapedInput(ShapeHost host, ShapedFrames frames, int textLimit) {
    this.host = host;
    this.frames = frames;
    this.textLimit = textLimit;
  }

  int waiting() {
    return input.readableBytes();
  }

  boolean isTranslating() {
    return translating || input.isReadable() && !host.isLoggedIn();
  }

  void accept(ByteBuf chunk) {
    if (released) {
      chunk.release();
      return;
    }
    if (input.isReadable()) {
      if (input.refCnt() == 1) {
        input.discardSomeReadBytes();
      }
      input = ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(host.alloc(), input, chunk);
    } else {
      input.release();
      input = chunk;
    }
    pump();
    host.updateReading();
  }

  /** Looks again before long. */
  void resumeSoon() {
    if (polling) {
      return;
    }
    polling = true;
    host.later(
        () -> {
          polling = false;
          pump();
          if (!released) {
            host.updateReading();
            host.flush();
          }
        },
        POLL_MILLIS);
  }

  private void pump() {
    if (pumping || released) {
      return;
    }
    pumping = true;
    try {
      while (!released && input.isReadable() && step()) {
        // Each step moves the reader index.
      }
      forwardPending();
      if (!released && !input.isReadable()) {
        input.release();
        input = Unpooled.EMPTY_BUFFER;
      }
    } finally {
      pumping = false;
    }
  }

  /** Deals with the next frame; false when it must wait. */
  private boolean step() {
    if (skipping > 0) {
      forwardPending();
      int skipped = (int) Math.min(skipping, input.readableBytes());
      skipping -= skipped;
      input.skipBytes(skipped);
      return true;
    }
    if (streaming > 0) {
      int passed = (int) Math.min(streaming, input.readableBytes());
      streaming -= passed;
      forward(passed);
      return true;
    }
    if (input.readableBytes() < HEADER) {
      return false;
    }
    int at = input.readerIndex();
    byte type = input.getByte(at);
    int length = input.getInt(at + 1);
    if (length < 4 || length > MAX_FRAME) {
      // No frame: the session says so.
      forward(input.readableBytes());
      return true;
    }
    if (!host.isLoggedIn() && type != FrontendType.PASSWORD) {
      return false;
    }
    return frame(type, at, 1L + length);
  }

  private boolean frame(byte type, int at, long length) {
    boolean text = type == FrontendType.QUERY || type == FrontendType.PARSE;
    if (text && length > textLimit) {
      forwardPending();
      frames.tooLong(type, textLimit);
      skipping = length;
      return true;
    }
    boolean whole = input.readableBytes() >= length;
    boolean named =
        type == FrontendType.DESCRIBE
            || type == FrontendType.CLOSE
            || type == FrontendType.EXECUTE
            || type == FrontendType.BIND && !hasNames(at, length);
    if (!whole && (text || named && length <= textLimit)) {
      return false;
    }
    ShapedFrames.Outcome outcome =
        frames.look(
            type, input, (int) Math.min(at + length, input.writerIndex()), this::forwardPending);
    return switch (outcome) {
      case SAME -> {
        ended();
        int there = (int) Math.min(length, input.readableBytes());
        streaming = length - there;
        forward(there);
        yield true;
      }
      case REPLACED -> {
        ended();
        skipping = length;
        yield true;
      }
      case WAIT -> {
        forwardPending();
        yield waitForTranslation();
      }
      case MORE -> {
        if (length > textLimit) {
          forwardPending();
          frames.tooLong(type, textLimit);
          skipping = length;
        }
        yield skipping > 0;
      }
    };
  }

  /** Whether the names at the beginning of a Bind frame are there. */
  private boolean hasNames(int at, long length) {
    int end = (int) Math.min(at + length, input.writerIndex());
    int portalEnd = input.indexOf(at + HEADER, end, (byte) 0);
    return portalEnd >= 0 && input.indexOf(portalEnd + 1, end, (byte) 0) >= 0;
  }

  private boolean waitForTranslation() {
    if (!translating) {
      translating = true;
      waitingSince = System.nanoTime();
    } else if (System.nanoTime() - waitingSince > MAX_WAIT_NANOS) {
      return giveUp(
          ShapeError.tooSlow(
              "It waited for " + TimeUnit.NANOSECONDS.toSeconds(MAX_WAIT_NANOS) + " seconds."));
    }
    resumeSoon();
    return false;
  }

  private boolean giveUp(ShapeError error) {
    ended();
    int at = input.readerIndex();
    frames.giveUp(input.getByte(at), error);
    skipping = 1L + input.getInt(at + 1);
    return true;
  }

  private void ended() {
    translating = false;
  }

  boolean cancel() {
    if (!translating) {
      return false;
    }
    giveUp(ShapeError.cancelled());
    pump();
    host.flush();
    return true;
  }

  private void forward(int length) {
    if (forwardFrom < 0) {
      forwardFrom = input.readerIndex();
    }
    input.skipBytes(length);
  }

  /** Sends what was moved past. Before anything else is sent, this has to be. */
  private void forwardPending() {
    if (forwardFrom < 0) {
      return;
    }
    int from = forwardFrom;
    forwardFrom = -1;
    host.send(input.retainedSlice(from, input.readerIndex() - from));
  }

  void release() {
    if (!released) {
      released = true;
      forwardFrom = -1;
      input.release();
      input = Unpooled.EMPTY_BUFFER;
    }
  }
}
