package dev.crossfade.sidecar;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.api.v1.Stage;
import dev.crossfade.core.compare.Verdict;
import dev.crossfade.core.migration.Side;
import dev.crossfade.postgresql.shadow.MismatchSample;
import dev.crossfade.postgresql.shadow.Shadow;
import dev.crossfade.testkit.process.Await;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where new has the authority, its answers are compared with those of old, which is kept up. */
@Timeout(300)
class ReadShadowLiveIT {
  private static final Duration BOUND = Duration.ofSeconds(90);
  private static final String APPLYING = "SET crossfade.applying = 'on'; ";
  private static final String BY_ID =
      "SELECT id, full_name, email, balance_cents FROM customers WHERE id < ? ORDER BY id";
  private static MirroredPair pair;
  private static @Nullable SteeredSidecar steered;
  private static Sidecar sidecar;

  @BeforeAll
  static void start() throws Exception {
    pair = new MirroredPair();
    assertThat(pair.flip(Side.NEW).fence().authority()).isEqualTo(Side.NEW);
    SteeredSidecar started = SteeredSidecar.start(pair.sides, ShadowProbe.ALL);
    steered = started;
    sidecar = started.sidecar;
    started.use(Stage.STAGE_LIVE);
  }

  @AfterAll
  static void stop() throws Exception {
    if (steered != null) {
      steered.close();
    }
    pair.close();
  }

  private static ShadowProbe.Read reading(PreparedStatement read, int below) {
    return () -> {
      read.setLong(1, below);
      assertThat(ShadowProbe.rows(read)).isPositive();
    };
  }

  @ParameterizedTest
  @CsvSource({
    "preferQueryMode,simple",
    "prepareThreshold,0",
    "prepareThreshold,1",
    "prepareThreshold,-1"
  })
  void equalAnswersMatch(String option, String value) throws Exception {
    long before = ShadowProbe.mismatches(sidecar);
    try (Connection connection = Pair.connect(sidecar, option, value, "socketTimeout", "60");
        PreparedStatement read = connection.prepareStatement(BY_ID)) {
      ShadowProbe.awaitMatches(sidecar, 5, reading(read, 50));
      connection.setAutoCommit(false);
      ShadowProbe.awaitMatches(sidecar, 5, reading(read, 60));
      connection.rollback();
    }
    assertThat(ShadowProbe.mismatches(sidecar)).isEqualTo(before);
  }

  /** What clients have written has not arrived on old when the same clients read it. */
  @Test
  void whatIsOnItsWayBackIsNoMismatch() throws Exception {
    long before = ShadowProbe.mismatches(sidecar);
    long races = ShadowProbe.verdicts(sidecar, Verdict.RACE);
    try (Connection connection = Pair.connect(sidecar, "socketTimeout", "60");
        Statement statement = connection.createStatement();
        Connection held = pair.sides.old.connect("shop");
        Statement lock = held.createStatement()) {
      // While the table is locked nobody can be asked what an UPDATE of it means.
      statement.executeUpdate("UPDATE customers SET email = 'here@example.org' WHERE id = 21");
      held.setAutoCommit(false);
      lock.execute("LOCK TABLE customers IN EXCLUSIVE MODE");
      statement.executeUpdate("UPDATE customers SET email = 'moved@example.org' WHERE id = 21");
      for (int i = 0; i < 10; i++) {
        ShadowProbe.rows(statement, "SELECT id, email FROM customers WHERE id = 21");
      }
      Shadow shadow = Objects.requireNonNull(sidecar.shadow());
      Await.until("differences wait", BOUND, () -> shadow.confirming() > 0);
      assertThat(ShadowProbe.verdicts(sidecar, Verdict.RACE)).isEqualTo(races);
      held.rollback();
      Await.until("they are explained", BOUND, () -> shadow.confirming() == 0);
    }
    assertThat(ShadowProbe.verdicts(sidecar, Verdict.RACE)).isGreaterThan(races);
    assertThat(ShadowProbe.mismatches(sidecar)).isEqualTo(before);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "VALUE        | UPDATE customers SET full_name = 'Wrong' WHERE id = 33"
            + " | UPDATE customers SET full_name = 'Given33 Family33' WHERE id = 33",
        "EXTRA_ROWS   | UPDATE customers SET id = 9033 WHERE id = 33"
            + " | UPDATE customers SET id = 33 WHERE id = 9033",
        "MISSING_ROWS | INSERT INTO customers SELECT -33, full_name, email, balance_cents,"
            + " created_at FROM customers WHERE id = 33 | DELETE FROM customers WHERE id = -33"
      })
  void whatIsWrongIsNamed(Verdict verdict, String fault, String mended) throws Exception {
    long before = ShadowProbe.verdicts(sidecar, verdict);
    onOld(fault);
    try (Connection connection = Pair.connect(sidecar, "socketTimeout", "60");
        PreparedStatement read = connection.prepareStatement(BY_ID)) {
      MismatchSample sample = ShadowProbe.awaitMismatch(sidecar, reading(read, 300));
      assertThat(sample.verdict()).isEqualTo(verdict);
      assertThat(sample.detail().keys()).hasSize(1);
      assertThat(sample.detail().keys().getFirst()).endsWith("33");
    } finally {
      onOld(mended);
    }
    Shadow shadow = Objects.requireNonNull(sidecar.shadow());
    Await.until("nothing is left of it", BOUND, () -> shadow.confirming() == 0);
    shadow.comparisons().takeSamples(100);
    assertThat(ShadowProbe.verdicts(sidecar, verdict)).isGreaterThan(before);
  }

  private static void onOld(String sql) throws SQLException {
    pair.sides.old.executeIn("shop", APPLYING + sql);
  }
}
