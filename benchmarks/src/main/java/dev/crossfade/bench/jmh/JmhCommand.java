package dev.crossfade.bench.jmh;

import dev.crossfade.bench.history.Results;
import dev.crossfade.bench.process.Machine;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.RunnerException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code crossfade bench jmh}. */
@Command(
    name = "jmh",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Measures the steps of the hot path one by one: codec, lexer, routing and hashing.",
      "",
      "JMH, one thread, a JVM of its own. What translation costs is measured by 'bench"
          + " translation'."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  crossfade bench jmh --out benchmarks/results",
      "  crossfade bench jmh --seconds 1"
    })
public final class JmhCommand implements Callable<Integer> {
  private static final int FAILED = 1;

  static final Map<String, String> WORDS =
      Map.of(
          "codecOneRow", "codec: an answer of one row, cut into frames and passed on",
          "codecHundredRows", "codec: an answer of %d rows".formatted(HotPathBenchmark.ROWS),
          "lexer", "lexer: a point read of 84 bytes",
          "routing", "routing: side and reason of a read, by its entity's bucket",
          "hashingOfABucket", "hashing: the bucket of a key",
          "hashingOfARow", "hashing: a row of 64 bytes, 128 bits");

  @Option(
      names = "--seconds",
      paramLabel = "N",
      defaultValue = "2",
      description = "How long each of five measurements takes. Default: ${DEFAULT-VALUE}")
  private int seconds = 2;

  @Option(names = "--out", paramLabel = "DIR", description = "Also write jmh.md there.")
  private @Nullable Path out;

  @Override
  public Integer call() {
    try {
      Collection<RunResult> results = JmhRun.of(HotPathBenchmark.class, seconds);
      String text = markdown(results);
      System.out.println(text);
      Path folder = out;
      if (folder != null) {
        Results.in(folder)
            .page("jmh.md", text)
            .figures(
                "jmh",
                results.stream()
                    .collect(
                        Collectors.toMap(
                            its -> words(its.getPrimaryResult()) + ", ns",
                            its -> its.getPrimaryResult().getScore())));
      }
      return 0;
    } catch (RunnerException | IOException e) {
      System.err.println("bench jmh: " + e.getMessage());
      return FAILED;
    }
  }

  private String markdown(Collection<RunResult> results) throws IOException {
    StringBuilder text = new StringBuilder();
    for (String line :
        List.of(
            "`crossfade bench jmh`, " + JmhRun.described(seconds),
            Machine.described().getFirst(),
            "Java " + Runtime.version(),
            Machine.described().getLast())) {
      text.append("- ").append(line).append('\n');
    }
    text.append("\n| step | ns | ± |\n| --- | ---: | ---: |\n");
    for (RunResult result : results) {
      Result<?> found = result.getPrimaryResult();
      text.append(
          String.format(
              Locale.ROOT,
              "| %s | %.1f | %.1f |%n",
              words(found),
              found.getScore(),
              found.getScoreError()));
    }
    return text.toString();
  }

  private static String words(Result<?> result) {
    return WORDS.getOrDefault(result.getLabel(), result.getLabel());
  }
}
