package dev.crossfade.bench.writes;

import dev.crossfade.sql.parse.Lexer;
import dev.crossfade.sql.parse.Tokens;
import dev.crossfade.sql.write.HiddenFailure;
import dev.crossfade.sql.write.WriteAnalysis;
import dev.crossfade.sql.write.WriteAnalyzer;
import dev.crossfade.sql.write.WriteTranslation;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Carries statements in the old shape out on new. One thread's own. */
final class Translated {
  private final WriteAnalyzer analyzer;
  private final Link target;

  Translated(WriteAnalyzer analyzer, Link target) {
    this.analyzer = analyzer;
    this.target = target;
  }

  /**
   * In the transaction that is open on new.
   *
   * @param copied what the client sends when it is asked for rows
   */
  Executed run(String sql, String copied) throws IOException {
    return switch (analyzer.analyze(sql)) {
      case WriteAnalysis.Refused refused ->
          new Executed.Refused(refused.why().reason().name(), refused.why().detail());
      case WriteAnalysis.Written written -> run(sql, copied, written.translation());
    };
  }

  private Executed run(String sql, String copied, WriteTranslation translation) throws IOException {
    byte[] text = sql.getBytes(StandardCharsets.UTF_8);
    Tokens tokens = new Lexer().lex(text, text.length);
    List<String> shown = new ArrayList<>();
    long start = System.nanoTime();
    Outcome outcome = new Outcome.Failed("", "nothing ran");
    for (WriteTranslation.Step step : translation.steps()) {
      String statement = new String(step.sql().apply(text, tokens), StandardCharsets.UTF_8);
      shown.add(statement);
      outcome =
          switch (step) {
            case WriteTranslation.Step.Run ignored -> target.ask(statement);
            case WriteTranslation.Step.Receive ignored -> target.copyIn(statement, copied);
          };
      if (outcome instanceof Outcome.Failed) {
        break;
      }
    }
    long nanos = System.nanoTime() - start;
    return new Executed.Answered(
        asToldToTheClient(outcome, translation.answer()), String.join(";\n\n", shown), nanos);
  }

  private static Outcome asToldToTheClient(Outcome outcome, WriteTranslation.Answer answer) {
    return switch (outcome) {
      case Outcome.Done done -> asToldToTheClient(done, answer);
      case Outcome.Failed failed ->
          HiddenFailure.of(failed.sqlState(), failed.message())
              .map(hidden -> new Outcome.Failed(hidden.sqlState(), hidden.message()))
              .orElse(failed);
    };
  }

  private static Outcome asToldToTheClient(Outcome.Done done, WriteTranslation.Answer answer) {
    return switch (answer) {
      case WriteTranslation.Answer.AsItIs() -> done;
      case WriteTranslation.Answer.Rows(String tag) -> {
        int count = done.rows().values().stream().mapToInt(Integer::intValue).sum();
        yield new Outcome.Done(tag + " " + count, done.columns(), done.rows());
      }
      case WriteTranslation.Answer.Count(String tag) -> {
        String count = String.valueOf(done.rows().keySet().iterator().next().getFirst());
        yield new Outcome.Done(tag + " " + count, List.of(), Map.of());
      }
    };
  }
}
