package dev.crossfade.sidecar;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.core.compare.Verdict;
import dev.crossfade.postgresql.shadow.MismatchSample;
import dev.crossfade.postgresql.shadow.Shadow;
import dev.crossfade.postgresql.shadow.ShadowMeters.Unfit;
import dev.crossfade.testkit.process.Await;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Reads in transactions are compared where they see what is committed, and only there. */
@Timeout(300)
class ReadShadowTransactionIT {
  private static final Duration BOUND = Duration.ofSeconds(90);
  private static final String BY_ID =
      "SELECT id, full_name, email, balance_cents FROM customers WHERE id < ? ORDER BY id";
  private static final String ONE = "SELECT id, email FROM customers WHERE id = 4";
  private static MirroredPair pair;
  private static Sidecar shadowing;
  private static Sidecar ramping;

  @BeforeAll
  static void start() throws Exception {
    pair = new MirroredPair();
    shadowing = pair.sides.sidecar("SHADOW", "0%", "random", ShadowProbe.ALL);
    ramping = pair.sides.sidecar("RAMP", "50%", "random", ShadowProbe.ALL);
  }

  @AfterAll
  static void stop() throws Exception {
    shadowing.close();
    ramping.close();
    pair.close();
  }

  @AfterEach
  void nobodyCriesWolf() {
    for (Sidecar sidecar : new Sidecar[] {shadowing, ramping}) {
      Shadow shadow = Objects.requireNonNull(sidecar.shadow());
      Await.until("all is decided", BOUND, () -> shadow.waiting() == 0 && shadow.confirming() == 0);
    }
  }

  private static long unfit(Sidecar sidecar, Unfit why) {
    return Pair.metric(sidecar, "crossfade_shadow_unfit_total", "reason=\"" + why + '"');
  }

  private static Sidecar of(String stage) {
    return stage.equals("SHADOW") ? shadowing : ramping;
  }

  /** The driver sends BEGIN READ ONLY with the first read, or tells the session once for all. */
  @ParameterizedTest
  @CsvSource({
    "SHADOW, transaction, extended",
    "SHADOW, always, extended",
    "SHADOW, transaction, simple",
    "SHADOW, transaction, extendedForPrepared",
    "RAMP, transaction, extended",
    "RAMP, always, extendedForPrepared"
  })
  void readOnlyConnectionsOfJdbc(String stage, String mode, String protocol) throws Exception {
    Sidecar sidecar = of(stage);
    long before = ShadowProbe.mismatches(sidecar);
    try (Connection connection =
            Pair.connect(
                sidecar, "readOnlyMode", mode, "preferQueryMode", protocol, "socketTimeout", "60");
        PreparedStatement read = connection.prepareStatement(BY_ID)) {
      connection.setReadOnly(true);
      ShadowProbe.Read alone =
          () -> {
            read.setLong(1, 9);
            assertThat(ShadowProbe.rows(read)).isEqualTo(8);
          };
      ShadowProbe.awaitMatches(sidecar, 3, alone);
      connection.setAutoCommit(false);
      ShadowProbe.awaitMatches(
          sidecar,
          6,
          () -> {
            alone.run();
            connection.commit();
          });
      ShadowProbe.awaitMatches(sidecar, 6, alone);
      connection.commit();
    }
    assertThat(ShadowProbe.mismatches(sidecar)).isEqualTo(before);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "BEGIN READ ONLY",
        "BEGIN",
        "BEGIN; SET TRANSACTION READ ONLY",
        "SET default_transaction_read_only = on; BEGIN",
        "SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY; START TRANSACTION"
      })
  void transactionsThatHaveWrittenNothing(String begin) throws Exception {
    try (Connection connection = Pair.connect(shadowing, "socketTimeout", "60");
        Statement statement = connection.createStatement()) {
      for (String one : begin.split(";")) {
        statement.execute(one);
      }
      long unfit = unfit(shadowing, Unfit.TRANSACTION);
      ShadowProbe.awaitMatches(shadowing, 5, () -> ShadowProbe.rows(statement, ONE));
      assertThat(unfit(shadowing, Unfit.TRANSACTION)).isEqualTo(unfit);
      statement.execute("COMMIT");
    }
  }

  /** Nobody else sees what it has not committed. */
  @Test
  void aTransactionThatHasWrittenIsLeftAlone() throws Exception {
    long before = compared(shadowing);
    long unfit = unfit(shadowing, Unfit.TRANSACTION);
    try (Connection connection = Pair.connect(shadowing, "socketTimeout", "60");
        Statement statement = connection.createStatement()) {
      statement.execute("BEGIN");
      statement.executeUpdate("UPDATE customers SET email = 'mine' WHERE id = 4");
      for (int i = 0; i < 20; i++) {
        assertThat(ShadowProbe.rows(statement, ONE)).isEqualTo(1);
      }
      statement.execute("SET TRANSACTION READ ONLY");
      assertThat(ShadowProbe.rows(statement, ONE)).isEqualTo(1);
      statement.execute("ROLLBACK");
      assertThat(unfit(shadowing, Unfit.TRANSACTION)).isEqualTo(unfit + 21);
      assertThat(compared(shadowing)).isEqualTo(before);
      ShadowProbe.awaitMatches(shadowing, 2, () -> ShadowProbe.rows(statement, ONE));
    }
  }

  private static long compared(Sidecar sidecar) {
    return Pair.metric(sidecar, "crossfade_shadow_reads_total");
  }

  /** Its first statement takes the snapshot, and what comes later is older than the other side. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
        "BEGIN; SET TRANSACTION ISOLATION LEVEL SERIALIZABLE"
      })
  void ofOneSnapshotOnlyTheFirstReadIsCompared(String begin) throws Exception {
    try (Connection connection = Pair.connect(shadowing, "socketTimeout", "60");
        Statement statement = connection.createStatement()) {
      long unfit = unfit(shadowing, Unfit.SNAPSHOT);
      ShadowProbe.awaitMatches(
          shadowing,
          3,
          () -> {
            for (String one : begin.split(";")) {
              statement.execute(one);
            }
            ShadowProbe.rows(statement, ONE);
            statement.execute("COMMIT");
          });
      assertThat(unfit(shadowing, Unfit.SNAPSHOT)).isEqualTo(unfit);
      for (String one : begin.split(";")) {
        statement.execute(one);
      }
      ShadowProbe.rows(statement, ONE);
      for (int i = 0; i < 5; i++) {
        ShadowProbe.rows(statement, ONE);
      }
      statement.execute("COMMIT");
      assertThat(unfit(shadowing, Unfit.SNAPSHOT)).isEqualTo(unfit + 5);
    }
  }

  /** Whether the rows that were fetched are all is known when they are there. */
  @Test
  void rowsThatAreFetchedInParts() throws Exception {
    try (Connection connection =
            Pair.connect(shadowing, "defaultRowFetchSize", "20", "socketTimeout", "60");
        PreparedStatement read = connection.prepareStatement(BY_ID)) {
      connection.setAutoCommit(false);
      long unfit = unfit(shadowing, Unfit.PART);
      ShadowProbe.awaitMatches(
          shadowing,
          5,
          () -> {
            read.setLong(1, 10);
            assertThat(ShadowProbe.rows(read)).isEqualTo(9);
          });
      assertThat(unfit(shadowing, Unfit.PART)).isEqualTo(unfit);
      read.setLong(1, 100);
      assertThat(ShadowProbe.rows(read)).isEqualTo(99);
      assertThat(unfit(shadowing, Unfit.PART)).isEqualTo(unfit + 1);
      connection.commit();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"SHADOW", "RAMP"})
  void whatIsWrongIsNamed(String stage) throws Exception {
    Sidecar sidecar = of(stage);
    onNew("UPDATE people SET family_name = 'Wrong' WHERE id = 33");
    try (Connection connection = Pair.connect(sidecar, "socketTimeout", "60");
        PreparedStatement read = connection.prepareStatement(BY_ID)) {
      connection.setReadOnly(true);
      connection.setAutoCommit(false);
      MismatchSample sample =
          ShadowProbe.awaitMismatch(
              sidecar,
              () -> {
                read.setLong(1, 60);
                assertThat(ShadowProbe.rows(read)).isEqualTo(59);
                connection.commit();
              });
      assertThat(sample.verdict()).isEqualTo(Verdict.VALUE);
      assertThat(sample.detail().keys()).containsExactly("33");
    } finally {
      onNew("UPDATE people SET family_name = 'Family33' WHERE id = 33");
    }
    assertThat(ShadowProbe.verdicts(sidecar, Verdict.VALUE)).isPositive();
  }

  private static void onNew(String sql) throws SQLException {
    pair.sides.target.executeIn("shop2", "SET crossfade.applying = 'on'; " + sql);
  }
}
