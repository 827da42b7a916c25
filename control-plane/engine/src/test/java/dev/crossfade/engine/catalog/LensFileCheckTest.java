package dev.crossfade.engine.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LensFileCheckTest {
  private static final String SOUND =
      """
      apiVersion: crossfade.dev/v1
      kind: Migration
      metadata: {name: split-customers, owner: accounts, rationale: "one table per concern", risk: medium}
      spec:
        engine: postgresql
        entity: {key: [id bigint]}
        old:
          customers:
            entity: [id]
            down: SELECT id, name AS full_name FROM people
        new:
          people:
            entity: [id]
            up: SELECT id, full_name AS name FROM customers
      """;

  @Test
  void aSoundFileGivesItsName() {
    assertThat(check(SOUND)).isEqualTo(new MigrationFileCheck.Sound("split-customers"));
  }

  @Test
  void aBrokenFileIsToldWithSourceAndPlace() {
    MigrationFileCheck.Result result = check(SOUND.replace("down:", "dwon:"));
    assertThat(result).isInstanceOf(MigrationFileCheck.Broken.class);
    assertThat(((MigrationFileCheck.Broken) result).message())
        .startsWith("split.yaml:")
        .contains("dwon");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "SELECT id, name AS full_name FROM people|SELECT id, name AS full_name FORM people|10:42",
        "SELECT id, name AS full_name FROM people|SELECT name AS full_name FROM people|10:7",
        "SELECT id, full_name AS name FROM customers|DELETE FROM customers|14:11"
      })
  void aLensThatDoesNotCompileIsToldWithItsPlace(String sound, String broken, String place) {
    MigrationFileCheck.Result result = check(SOUND.replace(sound, broken));
    assertThat(result).isInstanceOf(MigrationFileCheck.Broken.class);
    assertThat(((MigrationFileCheck.Broken) result).message())
        .startsWith("split.yaml:" + place + " spec.");
  }

  @Test
  void manyProblemsAreBounded() {
    StringBuilder yaml = new StringBuilder(SOUND);
    for (int i = 0; i < 500; i++) {
      yaml.append("unknown-key-number-").append(i).append(": 1\n");
    }
    MigrationFileCheck.Result result = check(yaml.toString());
    assertThat(result).isInstanceOf(MigrationFileCheck.Broken.class);
    String message = ((MigrationFileCheck.Broken) result).message();
    assertThat(message.length()).isLessThan(4_100);
    assertThat(message.lines().count()).isLessThanOrEqualTo(11);
  }

  private static MigrationFileCheck.Result check(String yaml) {
    return new LensFileCheck().check(new MigrationText(yaml, "split.yaml"));
  }
}
