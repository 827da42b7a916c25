package dev.crossfade.postgresql.parity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.postgresql.parity.Judgement.Difference;
import dev.crossfade.postgresql.parity.Outcome.Done;
import dev.crossfade.postgresql.parity.Outcome.Refused;
import dev.crossfade.sql.parse.Fingerprint;
import dev.crossfade.sql.parse.Lexer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FindingsTest {
  private static final Refused OLD = new Refused("23505", "customers_email");
  private static final Done DONE = new Done("INSERT", 1, new long[0]);

  private long now;
  private final Findings findings = new Findings(() -> now);

  private static Fingerprint statement(String sql) {
    byte[] text = sql.getBytes(StandardCharsets.UTF_8);
    return Fingerprint.of(text, new Lexer().lex(text, text.length));
  }

  private Optional<Finding> accepted(int number, boolean ofOthers) {
    return findings.different(
        "m",
        statement("INSERT INTO t" + number + " VALUES ('a secret')"),
        Difference.ACCEPTED,
        new Findings.Compared(OLD, DONE, ofOthers));
  }

  @Test
  void aDifferenceIsConfirmedOnce() {
    assertThat(accepted(1, false)).isEmpty();
    assertThat(accepted(1, false)).isEmpty();
    assertThat(accepted(2, false)).isEmpty();
    assertThat(findings.confirmed()).isEmpty();
    Finding found = accepted(1, false).orElseThrow();
    assertThat(found.message())
        .startsWith("new accepts what old refuses with 23505 (customers_email): insert into t1")
        .doesNotContain("secret");
    assertThat(accepted(1, false)).isEmpty();
    assertThat(findings.confirmed()).containsExactly(found);
    assertThat(findings.of(statement("INSERT INTO t1 VALUES ('other')"))).contains(found);
  }

  @Test
  void whereOthersTakePartItTakesMore() {
    for (int i = 1; i < Findings.ENOUGH_OF_OTHERS; i++) {
      assertThat(accepted(1, true)).isEmpty();
    }
    assertThat(accepted(1, true)).isPresent();
  }

  @Test
  void whatNewWasSeenToEnforceIsNotMissing() {
    for (int i = 0; i < Findings.ENOUGH; i++) {
      accepted(1, false);
    }
    assertThat(findings.confirmed()).hasSize(1);
    findings.equal(statement("INSERT INTO t1 VALUES ('x')"), OLD);
    assertThat(findings.confirmed()).isEmpty();
    for (int i = 0; i < 2 * Findings.ENOUGH; i++) {
      assertThat(accepted(1, false)).isEmpty();
    }
    now += Duration.ofMinutes(61).toNanos();
    for (int i = 1; i < Findings.ENOUGH; i++) {
      assertThat(accepted(1, false)).isEmpty();
    }
    assertThat(accepted(1, false)).isPresent();
  }

  @Test
  void aRefusalGoesWhenNewTakesTheSameAndNotBecauseItTakesOthers() {
    Fingerprint insert = statement("INSERT INTO t1 VALUES ('x')");
    Findings.Compared compared = new Findings.Compared(DONE, OLD, false);
    for (int i = 1; i < Findings.ENOUGH; i++) {
      assertThat(findings.different("m", insert, Difference.REFUSED, compared)).isEmpty();
    }
    Finding found = findings.different("m", insert, Difference.REFUSED, compared).orElseThrow();
    findings.equal(insert, DONE);
    assertThat(findings.holds(found)).isTrue();
    findings.disproved(found);
    assertThat(findings.holds(found)).isFalse();
    assertThat(findings.confirmed()).isEmpty();
  }

  @Test
  void whatIsNotSeenAgainIsForgotten() {
    for (int i = 0; i < Findings.ENOUGH; i++) {
      accepted(1, false);
    }
    now += Duration.ofMinutes(61).toNanos();
    assertThat(findings.confirmed()).isEmpty();
    assertThat(findings.of(statement("INSERT INTO t1 VALUES ('x')"))).isEmpty();
  }

  @Test
  void itIsBounded() {
    for (int number = 0; number < 3 * Findings.MOST; number++) {
      for (int i = 0; i < Findings.ENOUGH; i++) {
        accepted(number, false);
      }
    }
    assertThat(findings.confirmed()).hasSize(Findings.MOST);
  }
}
