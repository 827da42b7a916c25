package dev.crossfade.bench.writes;

import dev.crossfade.sql.parse.Lexer;
import dev.crossfade.sql.parse.Tokens;
import dev.crossfade.sql.write.Template;
import dev.crossfade.sql.write.WriteAnalysis;
import dev.crossfade.sql.write.WriteAnalyzer;
import dev.crossfade.sql.write.WriteTranslation;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Carries statements in the old shape out on new. One thread's own. */
final class Translated {
  private final WriteAnalyzer analyzer;
  private final Link target;

  Translated(WriteAnalyzer analyzer, Link target) {
    this.analyzer = analyzer;
    this.target = target;
  }

  /** In the transaction that is open on new. */
  Executed run(String sql) throws IOException {
    return switch (analyzer.analyze(sql)) {
      case WriteAnalysis.Refused refused ->
          new Executed.Refused(refused.why().reason().name(), refused.why().detail());
      case WriteAnalysis.Written written -> run(sql, written.translation());
    };
  }

  private Executed run(String sql, WriteTranslation translation) throws IOException {
    byte[] text = sql.getBytes(StandardCharsets.UTF_8);
    Tokens tokens = new Lexer().lex(text, text.length);
    List<String> statements = new ArrayList<>();
    for (Template template : translation.statements()) {
      statements.add(new String(template.apply(text, tokens), StandardCharsets.UTF_8));
    }
    String shown = String.join(";\n\n", statements);
    long start = System.nanoTime();
    Outcome outcome = new Outcome.Failed("", "nothing ran");
    for (String statement : statements) {
      outcome = target.ask(statement);
      if (outcome instanceof Outcome.Failed) {
        break;
      }
    }
    long nanos = System.nanoTime() - start;
    return new Executed.Answered(asToldToTheClient(outcome, translation.answer()), shown, nanos);
  }

  private static Outcome asToldToTheClient(Outcome outcome, WriteTranslation.Answer answer) {
    if (!(outcome instanceof Outcome.Done done)) {
      return outcome;
    }
    if (answer.rows()) {
      int count = done.rows().values().stream().mapToInt(Integer::intValue).sum();
      return new Outcome.Done(answer.tag() + " " + count, done.columns(), done.rows());
    }
    String count = String.valueOf(done.rows().keySet().iterator().next().getFirst());
    return new Outcome.Done(answer.tag() + " " + count, List.of(), java.util.Map.of());
  }
}
