package dev.crossfade.bench.translation;

import dev.crossfade.bench.history.Results;
import dev.crossfade.bench.jmh.JmhRun;
import dev.crossfade.bench.process.Machine;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.RunnerException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code crossfade bench translation}. */
@Command(
    name = "translation",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Measures what translating one statement costs.",
      "",
      "With its plan in the cache: lexing, fingerprint, look-up and splicing. Without: parsing and"
          + " analysis too.",
      "JMH, one thread, a JVM of its own. Ends with 1 when a bar is missed."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  crossfade bench translation --out benchmarks/results",
      "  crossfade bench translation --seconds 1"
    })
public final class TranslationCommand implements Callable<Integer> {
  private static final int FAILED = 1;

  @Option(
      names = "--seconds",
      paramLabel = "N",
      defaultValue = "2",
      description = "How long each of five measurements takes. Default: ${DEFAULT-VALUE}")
  private int seconds = 2;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Also write translation.md and translation.json there.")
  private @Nullable Path out;

  @Override
  public Integer call() {
    try {
      List<Cost> costs = measure();
      List<String> conditions =
          List.of(
              "`crossfade bench translation`, " + JmhRun.described(seconds),
              Machine.described().getFirst(),
              "Java " + Runtime.version(),
              Machine.described().getLast());
      System.out.println(Cost.markdown(costs, conditions));
      Path folder = out;
      if (folder != null) {
        Results.in(folder)
            .page("translation.md", Cost.markdown(costs, conditions))
            .page("translation.json", Cost.json(costs))
            .figures("translation", Cost.history(costs));
      }
      return costs.stream().allMatch(Cost::isMet) ? 0 : FAILED;
    } catch (RunnerException | IOException e) {
      System.err.println("bench translation: " + e.getMessage());
      return FAILED;
    }
  }

  private List<Cost> measure() throws RunnerException {
    List<Cost> costs = new ArrayList<>();
    for (RunResult result : JmhRun.of(TranslationBenchmark.class, seconds)) {
      String name = result.getPrimaryResult().getLabel().toLowerCase(Locale.ROOT);
      costs.add(
          Cost.of(
              name,
              result.getPrimaryResult().getScore(),
              result.getPrimaryResult().getScoreError()));
    }
    return costs;
  }
}
