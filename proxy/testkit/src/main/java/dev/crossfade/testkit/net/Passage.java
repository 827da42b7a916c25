package dev.crossfade.testkit.net;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One direction of one connection: writes what was read as the present flow wants it. Used by one
 * thread.
 */
final class Passage {
  private static final Duration FOR_EVER = Duration.ofDays(365);

  private final OutputStream out;
  private final Gate gate;
  private final BooleanSupplier ended;
  private @Nullable Flow counted;
  private long passed;

  /** A passage that stops waiting when {@code ended} holds and the gate is woken. */
  Passage(OutputStream out, Gate gate, BooleanSupplier ended) {
    this.out = out;
    this.gate = gate;
    this.ended = ended;
  }

  /** Passes bytes on, which may wait; false if the connection is to end here. */
  @SuppressWarnings("ReferenceEquality") // an equal flow set anew begins a new count
  boolean pass(byte[] bytes, int length) throws IOException {
    for (int offset = 0; offset < length && !ended.getAsBoolean(); ) {
      Flow flow = awaitOpen();
      if (flow != counted) {
        counted = flow;
        passed = 0;
      }
      if (flow instanceof Flow.HoldAfter held && passed >= held.bytes()) {
        gate.awaitChange(flow, ended, FOR_EVER);
        continue;
      }
      int allowed = Math.min(awaitAllowance(flow), length - offset);
      if (allowed == 0 || ended.getAsBoolean()) {
        return false;
      }
      out.write(bytes, offset, allowed);
      offset += allowed;
      passed += allowed;
    }
    return !ended.getAsBoolean()
        && !(counted instanceof Flow.Truncate truncate && passed >= truncate.bytes());
  }

  /** How many bytes may pass in the next write; none if they have all passed. */
  private int awaitAllowance(Flow flow) {
    return switch (flow) {
      case Flow.Pass _, Flow.Hold _ -> Integer.MAX_VALUE;
      case Flow.Delay delay -> {
        gate.awaitChange(flow, ended, delay.time());
        yield Integer.MAX_VALUE;
      }
      case Flow.Pieces pieces -> pieces.bytes();
      case Flow.HoldAfter held -> (int) Math.min(Integer.MAX_VALUE, held.bytes() - passed);
      case Flow.Truncate truncate -> (int) Math.min(Integer.MAX_VALUE, truncate.bytes() - passed);
    };
  }

  /** Waits while the direction is held, and returns the flow that ended the wait. */
  Flow awaitOpen() {
    Flow flow = gate.flow();
    while (flow instanceof Flow.Hold && !ended.getAsBoolean()) {
      gate.awaitChange(flow, ended, FOR_EVER);
      flow = gate.flow();
    }
    return flow;
  }
}
