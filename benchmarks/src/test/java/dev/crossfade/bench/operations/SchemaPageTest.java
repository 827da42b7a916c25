package dev.crossfade.bench.operations;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;

/** The page of a migration file's keys is made from the schema that judges these files. */
class SchemaPageTest {
  private static final String SCHEMA =
      "proxy/sql/src/main/resources/dev/crossfade/sql/lens/migration.schema.json";
  private static final String PAGE = "docs/migration-file-keys.md";

  @Test
  void thePageIsThatOfTheSchema() throws IOException {
    String made = SchemaPage.of(Repository.read(SCHEMA));
    assertThat(made.lines().filter(line -> line.startsWith("| "))).hasSizeGreaterThan(80);
    if (System.getProperty("docs", "").equals("update")) {
      Files.writeString(Repository.path(PAGE), made);
    }
    assertThat(Repository.read(PAGE))
        .as(
            "%s is not what %s says: write it anew with mvn -pl benchmarks -am test"
                + " -Dtest=SchemaPageTest -Dsurefire.failIfNoSpecifiedTests=false -Ddocs=update",
            PAGE, SCHEMA)
        .isEqualTo(made);
  }
}
