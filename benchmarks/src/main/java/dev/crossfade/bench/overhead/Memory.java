package dev.crossfade.bench.overhead;

import dev.crossfade.bench.overhead.Figures.Figure;
import dev.crossfade.bench.overhead.Figures.Key;
import dev.crossfade.bench.overhead.Figures.Section;
import dev.crossfade.bench.overhead.Generator.Workload;
import dev.crossfade.bench.overhead.PointRead.Mode;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** Resident memory of the proxies: just started, under load, and idle after it. */
final class Memory {
  private static final int CLIENTS = 100;
  private static final Duration REST = Duration.ofSeconds(10);
  private static final Duration SAMPLE = Duration.ofMillis(50);
  private static final Workload LOAD = new Workload(Arena.UNMAPPED, Mode.PREPARED, CLIENTS);

  private Memory() {}

  /**
   * @param load how long each is loaded
   */
  static void measure(List<Contender> hops, Duration load, Figures figures) throws IOException {
    for (Contender hop : hops) {
      add(figures, "just started", hop, Resident.mib(hop));
      Series samples = underLoad(hop, load);
      String condition = "under load with " + CLIENTS + " connections";
      add(figures, condition + ", median", hop, samples.median());
      add(figures, condition + ", most", hop, samples.most());
      Resident.pause(REST);
      add(figures, "idle, " + REST.toSeconds() + " s after the last query", hop, Resident.mib(hop));
    }
  }

  /** Samples in MiB, from the first query to the last. */
  private static Series underLoad(Contender hop, Duration load) throws IOException {
    CompletableFuture<Void> loading =
        CompletableFuture.runAsync(
            () -> {
              try {
                Generator.run(hop.endpoint(), LOAD, load);
              } catch (IOException e) {
                throw new CompletionException(e);
              }
            });
    Series samples = new Series();
    do {
      Resident.pause(SAMPLE);
      samples.add(Resident.mib(hop));
    } while (!loading.isDone());
    try {
      loading.join();
    } catch (CompletionException e) {
      throw new IOException(hop.name() + ": " + e.getCause(), e);
    }
    return samples;
  }

  private static void add(Figures figures, String condition, Contender hop, double mib) {
    figures.add(new Key(Section.MEMORY, condition, hop.name(), Figure.RESIDENT_MIB), mib);
  }
}
