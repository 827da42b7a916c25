package dev.crossfade.bench.rollout.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PgbenchScriptTest {
  private static PgbenchScript parse(String text, boolean writes) throws WorkloadException {
    return PgbenchScript.parse("x.sql", text, Map.of("scale", 10L), writes, 1);
  }

  @Test
  void variablesBecomeParametersAndTheSameNumberIsTheSameTransaction() throws Exception {
    PgbenchScript script =
        parse(
            """
            -- a comment
            \\set aid random(1, 100 * :scale)
            BEGIN;
            SELECT abalance FROM accounts
            WHERE aid = :aid AND kind = 'a;b:c'::text;  SELECT 1;
            END;
            """,
            false);
    List<Call> calls = script.transaction(3);
    assertThat(calls)
        .extracting(Call::sql)
        .containsExactly(
            "BEGIN",
            "SELECT abalance FROM accounts\nWHERE aid = ? AND kind = 'a;b:c'::text",
            "SELECT 1",
            "END");
    assertThat(calls).extracting(Call::statement).containsExactly(-1, 0, 1, -1);
    assertThat(script.transaction(3)).isEqualTo(calls);
    assertThat(script.statements())
        .extracting(Statement::fingerprint)
        .containsExactly(
            "select abalance from accounts where aid = $1 and kind = ?s :: text", "select ?4");
    Set<Long> seen = new HashSet<>();
    for (int i = 0; i < 5_000; i++) {
      seen.add(
          Long.parseLong(String.valueOf(script.transaction(i).get(1).parameters().getFirst())));
    }
    assertThat(seen).allMatch(aid -> aid >= 1 && aid <= 1_000).hasSizeGreaterThan(950);
    assertThat(calls.get(1).inlined()).endsWith("kind = 'a;b:c'::text").contains("aid = '");
  }

  @Test
  void writesAreLetInOnlyWhenAskedFor() throws Exception {
    String update = "UPDATE accounts SET abalance = 1 WHERE aid = 2;";
    assertThatThrownBy(() -> parse("SELECT 1;\n\n" + update, false))
        .isInstanceOf(WorkloadException.class)
        .hasMessageStartingWith("x.sql, line 3: the statement may change data")
        .hasMessageContaining("--writes");
    assertThatThrownBy(() -> parse("SELECT 1 FROM a FOR UPDATE;", false))
        .hasMessageContaining("may change data");
    assertThatThrownBy(() -> parse("WITH d AS (DELETE FROM a RETURNING *) SELECT * FROM d;", false))
        .hasMessageContaining("may change data");
    assertThat(parse(update, true).writes()).isTrue();
    assertThat(parse("SELECT 1;", true).writes()).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\\sleep 10 ms|x.sql, line 1: '\\sleep' is not supported",
        "\\if 1|'\\if' is not supported",
        "\\set a random_zipfian(1, 2, 3)|line 1: the function random_zipfian() is not supported",
        "\\set a 1 +|the expression ends too early",
        "\\set a (1|a ')' is missing",
        "\\set a :b|the variable :b has no value",
        "\\set a 1 / 0|cannot be computed",
        "\\set a random(5, 1)|5 is above 1",
        "SELECT :x;|the variable :x was not set before",
        "SELECT 1|the statement does not end with a semicolon",
        "-- nothing|has no statement",
      })
  void whatIsNotSupportedIsToldWithItsLine(String text, String message) {
    String whole = text.startsWith("\\set") ? text + "\nSELECT 1;" : text;
    assertThatThrownBy(() -> parse(whole, false))
        .isInstanceOf(WorkloadException.class)
        .hasMessageContaining(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "1 + 2 * 3|7",
        "(1 + 2) * -3|-9",
        "7 / 2|3",
        "7 % 4|3",
        "7.0 / 2|3.5",
        "greatest(1, 5, 3)|5",
        "least(4, 2)|2",
        "int(7.9)|7",
        "abs(-4)|4",
        ":scale * 2|20",
        "random(6, 6)|6",
      })
  void expressionsAreThoseOfPgbench(String expression, String value) throws Exception {
    PgbenchScript script = parse("\\set a " + expression + "\nSELECT :a;", false);
    assertThat(script.transaction(0).getFirst().parameters()).containsExactly(value);
  }

  @Test
  void drawnNumbersAreSpreadAsTheirNameSays() throws Exception {
    assertThat(mean("random(1, 1000)")).isBetween(470.0, 530.0);
    assertThat(mean("random_gaussian(1, 1000, 4)")).isBetween(480.0, 520.0);
    assertThat(mean("random_exponential(1, 1000, 5)")).isBetween(170.0, 230.0);
  }

  private static double mean(String expression) throws WorkloadException {
    PgbenchScript script = parse("\\set a " + expression + "\nSELECT :a;", false);
    double sum = 0;
    for (int i = 0; i < 4_000; i++) {
      sum +=
          Long.parseLong(String.valueOf(script.transaction(i).getFirst().parameters().getFirst()));
    }
    return sum / 4_000;
  }
}
