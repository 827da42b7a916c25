package dev.crossfade.sql.lens;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.crossfade.core.migration.Stage;
import dev.crossfade.sql.lens.FollowedFlag.Kill;
import dev.crossfade.sql.lens.FollowedFlag.Percentage;
import dev.crossfade.sql.yaml.InvalidFileException;
import dev.crossfade.sql.yaml.Problem;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class FollowedFlagTest {
  @Test
  void aFileWithoutOneFollowsNothing() throws InvalidFileException {
    assertThat(MigrationFile.parse(file(""), "m.yaml").flag()).isNull();
  }

  @Test
  void theNameAloneIsEnough() throws InvalidFileException {
    assertThat(MigrationFile.parse(file("flag: {unleash: reads}"), "m.yaml").flag())
        .isEqualTo(new FollowedFlag("reads", null, Map.of(), Percentage.ROLLOUT, null));
  }

  @Test
  void everythingIsRead() throws InvalidFileException {
    String flag =
        "flag: {unleash: reads, environment: production, context: {region: eu, tier: 3},"
            + " percentage: variant, kill: {flag: stop, to: SHADOW}}";
    assertThat(MigrationFile.parse(file(flag), "m.yaml").flag())
        .isEqualTo(
            new FollowedFlag(
                "reads",
                "production",
                Map.of("region", "eu", "tier", "3"),
                Percentage.VARIANT,
                new Kill("stop", Stage.SHADOW)));
    assertThat(MigrationFile.parse(file("flag: {unleash: reads, kill: stop}"), "m.yaml").flag())
        .isEqualTo(
            new FollowedFlag("reads", null, Map.of(), Percentage.ROLLOUT, new Kill("stop", null)));
  }

  @Test
  void mistakesAreToldWithTheirPlaces() {
    assertThat(problems("flag: {unleash: 'a b', kill: {to: RAMP}, percentages: 5}"))
        .contains(
            "m.yaml:6:10 spec.flag.unleash: \"a b\" is no name of a flag; up to 100 of A-Z, a-z,"
                + " 0-9, '.', '_', '~', '-'",
            "m.yaml:6:32 spec.flag.kill.flag: missing; this key is required",
            "m.yaml:6:33 spec.flag.kill.to: \"RAMP\" is not known; one of DUAL_WRITE, OFF, SHADOW"
                + " is",
            "m.yaml:6:44 spec.flag.percentages: unknown key; did you mean percentage?");
  }

  @Test
  void aFlagAndARolloutExcludeEachOther() {
    assertThat(problems("flag: {unleash: reads}\n  rollout: {}"))
        .contains(
            "m.yaml:6:3 spec.flag: flag and rollout both decide the share of reads; keep one of"
                + " them: the flag of Unleash or the steps of the rollout");
  }

  private static String[] problems(String flag) {
    InvalidFileException failure =
        catchThrowableOfType(
            InvalidFileException.class, () -> MigrationFile.parse(file(flag), "m.yaml"));
    return failure.problems().stream().map(Problem::toString).toArray(String[]::new);
  }

  private static String file(String flag) {
    return """
    apiVersion: crossfade.dev/v1
    kind: Migration
    metadata: {name: m}
    spec:
      engine: postgresql
      %s
      tables:
        - old: orders
    """
        .formatted(flag);
  }
}
