package dev.crossfade.sql.lens;

import dev.crossfade.core.schema.TableName;
import dev.crossfade.sql.lens.StatementAnalysis.Doubts;
import dev.crossfade.sql.lens.StatementAnalysis.Refused;
import dev.crossfade.sql.lens.StatementAnalysis.Translatable;
import dev.crossfade.sql.parse.Lexer;
import java.nio.charset.StandardCharsets;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

final class StatementAnalyzerGoldenTest {
  private final StatementAnalyzer analyzer = Shop.analyzer();

  @Test
  void translatesAsRecorded() {
    Golden.check("translations.golden", this::show);
  }

  @Test
  void refusesAsRecorded() {
    Golden.check("refusals.golden", this::show);
  }

  @Test
  void substitutesQueriesAsRecorded() {
    Golden.check("substitutions.golden", this::substitution);
  }

  private String substitution(String table) {
    for (CompiledLens lens : Shop.lenses()) {
      for (TableName name : lens.oldTables()) {
        if (name.toString().equals(table)) {
          return lens.readSubstitution(name) + "\nentity " + lens.entity(name);
        }
      }
    }
    return "not mapped";
  }

  private String show(String sql) {
    return switch (analyzer.analyze(sql)) {
      case Refused refused ->
          refused.reason() + " at " + refused.offset() + ": " + refused.detail();
      case Translatable translatable -> {
        Doubts doubts = translatable.doubts();
        yield apply(translatable.translation(), sql)
            + '\n'
            + new TreeSet<>(translatable.migrations())
            + (translatable.pin() == null ? "" : " " + translatable.pin())
            + (doubts.grouped() == null ? "" : "\nor " + apply(doubts.grouped(), sql))
            + (doubts.moments() == null ? "" : "\nask " + apply(doubts.moments().question(), sql));
      }
    };
  }

  private static String apply(Translation translation, String sql) {
    byte[] text = sql.getBytes(StandardCharsets.UTF_8);
    byte[] translated = translation.apply(text, new Lexer().lex(text, text.length));
    return shorten(new String(translated, StandardCharsets.UTF_8));
  }

  private static String shorten(String translated) {
    String text = translated;
    for (CompiledLens lens : Shop.lenses()) {
      for (TableName name : lens.oldTables()) {
        text = text.replace(lens.readSubstitution(name), "{" + name + "}");
      }
    }
    return text;
  }
}
