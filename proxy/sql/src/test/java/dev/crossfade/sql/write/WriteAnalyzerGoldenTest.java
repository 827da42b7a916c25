package dev.crossfade.sql.write;

import dev.crossfade.core.schema.TableName;
import dev.crossfade.sql.lens.CompiledLens;
import dev.crossfade.sql.lens.Depot;
import dev.crossfade.sql.lens.Golden;
import dev.crossfade.sql.lens.Shop;
import dev.crossfade.sql.parse.Lexer;
import dev.crossfade.sql.write.WriteTranslation.Step;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

final class WriteAnalyzerGoldenTest {
  private final WriteAnalyzer analyzer =
      new WriteAnalyzer(
          Shop.lenses().stream().map(Shapes::oldOnNew).toList(), Shop.analyzer(), Shop.OLD);

  private final WriteAnalyzer depot =
      new WriteAnalyzer(
          Depot.lenses().stream().map(Shapes::oldOnNew).toList(), Depot.analyzer(), Depot.OLD);

  @Test
  void translatesAsRecorded() {
    Golden.check("write", "writes.golden", this::show);
  }

  @Test
  void translatesKeysOfAnotherTypeAsRecorded() {
    Golden.check("write", "keys.golden", this::showDepot);
  }

  @Test
  void translatesWhatIsOnlyRenamedAsRecorded() {
    Golden.check("write", "direct.golden", this::showDepot);
  }

  @Test
  void keepsForeignKeysAsRecorded() {
    Golden.check("write", "references.golden", this::showDepot);
  }

  @Test
  void refusesAsRecorded() {
    Golden.check("write", "refusals.golden", this::show);
  }

  private String show(String sql) {
    return show(sql, analyzer, Shop.lenses());
  }

  private String showDepot(String sql) {
    return show(sql, depot, Depot.lenses());
  }

  private static String show(String sql, WriteAnalyzer by, List<CompiledLens> lenses) {
    return switch (by.analyze(sql)) {
      case WriteAnalysis.Refused(var why) ->
          why.reason() + " at " + why.offset() + ": " + why.detail();
      case WriteAnalysis.Written(var migrations, WriteTranslation translation) -> {
        byte[] text = sql.getBytes(StandardCharsets.UTF_8);
        StringBuilder shown = new StringBuilder();
        for (Step step : translation.steps()) {
          byte[] made = step.sql().apply(text, new Lexer().lex(text, text.length));
          shown.append(step instanceof Step.Receive ? "receive " : "run ");
          shown.append(lines(new String(made, StandardCharsets.UTF_8), lenses)).append('\n');
        }
        yield shown.toString() + translation.answer() + " " + new TreeSet<>(migrations);
      }
    };
  }

  /** One query of a WITH on each line, and the lens left out. */
  private static String lines(String sql, List<CompiledLens> lenses) {
    String text = sql;
    for (CompiledLens lens : lenses) {
      for (TableName name : lens.oldTables()) {
        text = text.replace(lens.readSubstitution(name), "{" + name + "}");
      }
    }
    return text.replace("), crossfade_", "),\n  crossfade_").replace(") SELECT ", ")\n  SELECT ");
  }
}
