package dev.crossfade.bench.history;

import dev.crossfade.bench.process.ChildProgram;
import dev.crossfade.bench.process.Machine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;

/** The folder that a benchmark leaves its results in: pages, and its figures in the history. */
public final class Results {
  private final Path folder;

  private Results(Path folder) {
    this.folder = folder;
  }

  /** That folder, which is made if it is not there. */
  public static Results in(Path folder) throws IOException {
    Files.createDirectories(folder);
    return new Results(folder);
  }

  /** Writes a file, over the last one. */
  public Results page(String name, String text) throws IOException {
    Files.writeString(folder.resolve(name), text);
    return this;
  }

  /**
   * Adds the figures of a run to the history.
   *
   * @param figures by what they are and their unit, as in {@code p99 µs}; what is no number is left
   *     out
   */
  public Results figures(String bench, Map<String, Double> figures) throws IOException {
    String at = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
    String commit = commit();
    String machine = Machine.kind();
    List<Measured> measured =
        figures.entrySet().stream()
            .filter(figure -> Double.isFinite(figure.getValue()))
            .sorted(Map.Entry.comparingByKey())
            .map(
                figure ->
                    new Measured(at, commit, machine, bench, figure.getKey(), figure.getValue()))
            .toList();
    History.of(folder).add(measured);
    return this;
  }

  /** Of the sources; empty when they are not in a repository, or there is no Git. */
  private static String commit() {
    String home = System.getProperty("crossfade.home", ".");
    return ChildProgram.firstLine(List.of("git", "-C", home, "rev-parse", "--short=12", "HEAD"))
        .orElse("");
  }
}
