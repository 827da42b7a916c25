package dev.crossfade.testkit.net;

import java.time.Duration;

/** How bytes of one direction go through a {@link FaultProxy}, on every connection, old and new. */
public sealed interface Flow {
  /** Bytes pass as they come. */
  record Pass() implements Flow {}

  /**
   * A black hole: nothing passes, not even an end, and nothing is refused. What was held passes
   * later, as TCP would repeat it.
   */
  record Hold() implements Flow {}

  /**
   * So many bytes pass on each connection from now on, then none until the flow changes; an end
   * does pass.
   */
  record HoldAfter(long bytes) implements Flow {
    public HoldAfter {
      if (bytes < 0) {
        throw new IllegalArgumentException("hold after " + bytes + " bytes");
      }
    }
  }

  /** Whatever was read in one go (up to 64 KiB) passes after a time. */
  record Delay(Duration time) implements Flow {
    public Delay {
      if (time.isNegative()) {
        throw new IllegalArgumentException("negative delay " + time);
      }
    }
  }

  /** Bytes pass in writes of at most so many bytes. */
  record Pieces(int bytes) implements Flow {
    public Pieces {
      if (bytes < 1) {
        throw new IllegalArgumentException("pieces of " + bytes + " bytes");
      }
    }
  }

  /**
   * So many bytes pass on each connection from now on, then the connection is closed on both sides,
   * in order.
   */
  record Truncate(long bytes) implements Flow {
    public Truncate {
      if (bytes < 0) {
        throw new IllegalArgumentException("truncate after " + bytes + " bytes");
      }
    }
  }
}
