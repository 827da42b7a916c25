package dev.crossfade.bench.overhead;

import dev.crossfade.bench.overhead.PointRead.Mode;
import dev.crossfade.bench.overhead.WireConnection.Endpoint;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waiting for the first answer through a proxy that has just been started. */
final class Startup {
  private static final Duration BOUND = Duration.ofSeconds(30);
  private static final Duration POLL = Duration.ofMillis(2);

  private Startup() {}

  /**
   * Asks until there is an answer.
   *
   * @throws IOException when there is none in time, or the process has ended
   */
  static void awaitAnswer(Endpoint endpoint, PointRead read, BooleanSupplier alive)
      throws IOException {
    long deadline = System.nanoTime() + BOUND.toNanos();
    while (true) {
      try (WireConnection connection = WireConnection.open(endpoint)) {
        connection.ask(read.frames(Mode.SIMPLE).with(1));
        return;
      } catch (IOException e) {
        if (!alive.getAsBoolean() || System.nanoTime() > deadline) {
          throw new IOException("no answer through " + endpoint + ": " + e.getMessage(), e);
        }
        LockSupport.parkNanos(POLL.toNanos());
      }
    }
  }
}
