package dev.crossfade.sql.lens;

import dev.crossfade.core.schema.TableName;
import dev.crossfade.sql.yaml.InvalidFileException;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class MigrationProblemsGoldenTest {
  @Test
  void namesEveryProblemAsRecorded() {
    Golden.check("problems.golden", MigrationProblemsGoldenTest::problems);
  }

  private static List<String> sorted(Set<TableName> tables) {
    return tables.stream().map(TableName::toString).sorted().toList();
  }

  private static String problems(String yaml) {
    try {
      CompiledLens lens =
          LensCompiler.compile(MigrationFile.parse(yaml, "m.yaml"), Shop.OLD, Shop.NEW);
      return "no problem: " + sorted(lens.oldTables()) + " from " + sorted(lens.newTables());
    } catch (InvalidFileException e) {
      return String.valueOf(e.getMessage());
    }
  }
}
