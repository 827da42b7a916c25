package dev.crossfade.bench.overhead;

import dev.crossfade.bench.overhead.PointRead.Frames;
import dev.crossfade.bench.overhead.PointRead.Mode;
import dev.crossfade.bench.overhead.WireConnection.Endpoint;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import org.HdrHistogram.Histogram;

/** Asks point reads in a closed loop over a number of connections. */
final class Generator {
  private static final long MAX_NANOS = 60_000_000_000L;
  private static final int DIGITS = 3;

  /** What to ask, how, and how many at once. */
  record Workload(PointRead read, Mode mode, int connections) {}

  /** Latencies in nanoseconds, and the time in which they were taken. */
  record Result(Histogram latencies, Duration took) {
    double perSecond() {
      return latencies.getTotalCount() / (took.toNanos() / 1e9);
    }
  }

  private Generator() {}

  /**
   * Runs for this long.
   *
   * @throws IOException when any query failed, or did not give exactly one row
   */
  static Result run(Endpoint endpoint, Workload workload, Duration duration) throws IOException {
    List<WireConnection> connections = new ArrayList<>();
    try {
      for (int i = 0; i < workload.connections(); i++) {
        connections.add(opened(endpoint, workload));
      }
      return measure(connections, workload, duration);
    } finally {
      for (WireConnection connection : connections) {
        connection.close();
      }
    }
  }

  private static WireConnection opened(Endpoint endpoint, Workload workload) throws IOException {
    WireConnection connection = null;
    try {
      connection = WireConnection.open(endpoint);
      byte[] preparation = workload.read().preparation(workload.mode());
      if (preparation.length > 0) {
        connection.ask(ByteBuffer.wrap(preparation));
      }
      return connection;
    } catch (IOException e) {
      String what = connection == null ? "a login" : "a preparation";
      if (connection != null) {
        connection.close();
      }
      throw new IOException(what + " at " + endpoint + " failed: " + e, e);
    }
  }

  private static Result measure(
      List<WireConnection> connections, Workload workload, Duration duration) throws IOException {
    Histogram all = new Histogram(MAX_NANOS, DIGITS);
    Queue<IOException> failures = new ConcurrentLinkedQueue<>();
    CountDownLatch go = new CountDownLatch(1);
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < connections.size(); i++) {
      WireConnection connection = connections.get(i);
      SplittableRandom random = new SplittableRandom(i);
      threads.add(
          Thread.ofPlatform()
              .daemon()
              .name("asking " + i)
              .start(
                  () -> {
                    try {
                      go.await();
                      Histogram own =
                          loop(
                              connection, workload, random, System.nanoTime() + duration.toNanos());
                      synchronized (all) {
                        all.add(own);
                      }
                    } catch (IOException e) {
                      failures.add(e);
                    } catch (InterruptedException e) {
                      Thread.currentThread().interrupt();
                    }
                  }));
    }
    long start = System.nanoTime();
    go.countDown();
    try {
      for (Thread thread : threads) {
        thread.join();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
    IOException failure = failures.peek();
    if (failure != null) {
      throw new IOException(workload + " failed: " + failure, failure);
    }
    return new Result(all, Duration.ofNanos(System.nanoTime() - start));
  }

  private static Histogram loop(
      WireConnection connection, Workload workload, SplittableRandom random, long end)
      throws IOException {
    Histogram latencies = new Histogram(MAX_NANOS, DIGITS);
    Frames frames = workload.read().frames(workload.mode());
    long before = System.nanoTime();
    while (before < end) {
      int rows = connection.ask(frames.with(1 + random.nextInt(workload.read().keys())));
      long after = System.nanoTime();
      if (rows != 1) {
        throw new IOException("one row was expected, " + rows + " came");
      }
      latencies.recordValue(Math.min(after - before, MAX_NANOS));
      before = after;
    }
    return latencies;
  }
}
