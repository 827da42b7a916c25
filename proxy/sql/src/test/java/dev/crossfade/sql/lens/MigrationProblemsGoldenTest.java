package dev.crossfade.sql.lens;

import dev.crossfade.sql.yaml.InvalidFileException;
import org.junit.jupiter.api.Test;

final class MigrationProblemsGoldenTest {
  @Test
  void namesEveryProblemAsRecorded() {
    Golden.check("problems.golden", MigrationProblemsGoldenTest::problems);
  }

  private static String problems(String yaml) {
    try {
      CompiledLens lens =
          LensCompiler.compile(MigrationFile.parse(yaml, "m.yaml"), Shop.OLD, Shop.NEW);
      return "no problem: " + lens.oldTables() + " from " + lens.newTables();
    } catch (InvalidFileException e) {
      return String.valueOf(e.getMessage());
    }
  }
}
