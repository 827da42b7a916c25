package dev.crossfade.sidecar;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.api.v1.MigrationSignals;
import dev.crossfade.api.v1.QuerySignals;
import dev.crossfade.api.v1.Report;
import dev.crossfade.api.v1.VerdictCount;
import dev.crossfade.core.compare.Verdict;
import dev.crossfade.postgresql.shadow.MismatchSample;
import dev.crossfade.postgresql.shadow.Shadow;
import dev.crossfade.sidecar.signal.ComparisonSignals;
import dev.crossfade.sidecar.signal.SignalDraft;
import dev.crossfade.testkit.process.Await;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is wrong with new's answers is found, and called what it is. */
@Timeout(300)
class ReadFaultsIT {
  private static final String APPLYING = "SET crossfade.applying = 'on'; ";
  private static final String BY_ID =
      "SELECT id, full_name, email, balance_cents FROM customers WHERE id < ? ORDER BY id";
  private static MirroredPair pair;

  @BeforeAll
  static void start() throws Exception {
    pair = new MirroredPair();
    pair.sides.old.executeIn(
        "shop",
        "INSERT INTO customers SELECT i, 'More' || i, NULL, i, now() FROM generate_series(501,"
            + " 1000) i");
    pair.sides.target.executeIn(
        "shop2",
        APPLYING
            + "INSERT INTO people SELECT i, 'More' || i, NULL, i / 100.0, now() FROM"
            + " generate_series(501, 1000) i");
  }

  @AfterAll
  static void stop() throws Exception {
    pair.close();
  }

  private static Sidecar sidecar(String stage) throws Exception {
    return pair.sides.sidecar(stage, "50%", "random", ShadowProbe.ALL);
  }

  private static void onNew(String sql) throws SQLException {
    pair.sides.target.executeIn("shop2", APPLYING + sql);
  }

  private static void onOld(String sql) throws SQLException {
    pair.sides.old.executeIn("shop", APPLYING + sql);
  }

  private static MismatchSample sample(Sidecar sidecar) throws SQLException {
    try (Connection connection = Pair.connect(sidecar);
        PreparedStatement read = connection.prepareStatement(BY_ID)) {
      return ShadowProbe.awaitMismatch(
          sidecar,
          () -> {
            read.setLong(1, 5000);
            assertThat(ShadowProbe.rows(read)).isBetween(999, 1001);
          });
    }
  }

  private static void assertOnly(Sidecar sidecar, Verdict verdict) {
    for (Verdict other : Verdict.values()) {
      boolean none = other.isMismatch() && other != verdict;
      assertThat(none && ShadowProbe.verdicts(sidecar, other) > 0).as(other.name()).isFalse();
    }
    assertThat(ShadowProbe.verdicts(sidecar, verdict)).isPositive();
  }

  /** What the control plane gets of it. */
  private static void assertReported(Sidecar sidecar, String query) {
    Report.Builder report = Report.newBuilder();
    SignalDraft draft = new SignalDraft(List.of("split-customers"));
    new ComparisonSignals(Objects.requireNonNull(sidecar.shadow()).comparisons()).addTo(draft);
    draft.into(report, Reports.BYTES_MAX);
    MigrationSignals signals = report.getSignals(0);
    assertThat(signals.getMigration()).isEqualTo("split-customers");
    assertThat(signals.getVerdictsList())
        .extracting(VerdictCount::getVerdict)
        .contains(dev.crossfade.api.v1.Verdict.VERDICT_VALUE);
    assertThat(signals.getCompared().getOnOldList()).isNotEmpty();
    assertThat(signals.getCompared().getOnNewList()).isNotEmpty();
    assertThat(signals.getQueriesList()).extracting(QuerySignals::getQuery).contains(query);
  }

  @ParameterizedTest
  @CsvSource({"SHADOW", "RAMP"})
  void oneWrongValueInAThousandRows(String stage) throws Exception {
    onNew("UPDATE people SET family_name = 'Wrong' WHERE id = 33");
    try (Sidecar sidecar = sidecar(stage)) {
      MismatchSample sample = sample(sidecar);
      assertThat(sample.verdict()).isEqualTo(Verdict.VALUE);
      assertThat(sample.detail().columns()).containsExactly("full_name");
      assertThat(sample.detail().keys()).containsExactly("33");
      assertThat(sample.detail().values()).isEmpty();
      assertThat(sample.oldRows()).isEqualTo(1000);
      assertThat(sample.newRows()).isEqualTo(1000);
      assertThat(sample.query()).matches("[0-9a-f]{16}");
      assertThat(sample.text()).contains("from customers where id < $1");
      assertReported(sidecar, sample.query());
      assertOnly(sidecar, Verdict.VALUE);
    } finally {
      onNew("UPDATE people SET family_name = 'Family33' WHERE id = 33");
    }
  }

  /** Differences come faster than they can be confirmed: what is counted is a fair sample. */
  @Test
  void halfOfAllReadsIsWrongAndIsCountedAsHalf() throws Exception {
    onNew("UPDATE people SET family_name = 'Wrong' WHERE id <= 500 AND id % 7 > 0");
    try (Sidecar sidecar = sidecar("SHADOW");
        ExecutorService threads = Executors.newFixedThreadPool(4)) {
      AtomicBoolean over = new AtomicBoolean();
      List<Future<?>> readers = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        readers.add(
            threads.submit(
                () -> {
                  readBoth(sidecar, over);
                  return null;
                }));
      }
      try {
        Await.until(
            "mismatches are confirmed",
            Duration.ofSeconds(90),
            () -> ShadowProbe.verdicts(sidecar, Verdict.VALUE) >= 80);
      } finally {
        over.set(true);
      }
      for (Future<?> reader : readers) {
        reader.get(60, TimeUnit.SECONDS);
      }
      Shadow shadow = Objects.requireNonNull(sidecar.shadow());
      Await.until(
          "what waits is decided",
          Duration.ofSeconds(60),
          () -> shadow.waiting() == 0 && shadow.confirming() == 0);
      double decided = 0;
      for (Verdict verdict : Verdict.values()) {
        decided += verdict.isDecided() ? ShadowProbe.verdicts(sidecar, verdict) : 0;
      }
      assertThat(ShadowProbe.mismatches(sidecar) / decided).isBetween(0.3, 0.7);
      assertThat(Pair.metric(sidecar, "crossfade_shadow_shed_total", "reason=\"CONFIRMATION\""))
          .isPositive();
    } finally {
      onNew("UPDATE people SET family_name = 'Family' || id WHERE id <= 500 AND id % 7 > 0");
    }
  }

  private static void readBoth(Sidecar sidecar, AtomicBoolean over) throws SQLException {
    try (Connection connection = Pair.connect(sidecar, "socketTimeout", "30");
        PreparedStatement wrong =
            connection.prepareStatement("SELECT id, full_name FROM customers WHERE id = ?");
        PreparedStatement right =
            connection.prepareStatement("SELECT id, email FROM customers WHERE id = ?")) {
      while (!over.get()) {
        for (PreparedStatement read : new PreparedStatement[] {wrong, right}) {
          read.setLong(1, 36);
          assertThat(ShadowProbe.rows(read)).isEqualTo(1);
        }
      }
    }
  }

  /** The row is the last of the answer: which one that is, the limit leaves no doubt. */
  @Test
  void aWrongValueBehindALimit() throws Exception {
    onNew("UPDATE people SET family_name = 'Wrong' WHERE id = 33");
    try (Sidecar sidecar = sidecar("SHADOW");
        Connection connection = Pair.connect(sidecar);
        Statement statement = connection.createStatement()) {
      for (String sql :
          new String[] {
            "SELECT id, full_name FROM customers WHERE id = 33 LIMIT 1",
            "SELECT id, full_name FROM customers WHERE id > 30 ORDER BY id LIMIT 3"
          }) {
        MismatchSample sample =
            ShadowProbe.awaitMismatch(sidecar, () -> ShadowProbe.rows(statement, sql));
        assertThat(sample.verdict()).isEqualTo(Verdict.VALUE);
        assertThat(sample.detail().keys()).containsExactly("33");
      }
      assertOnly(sidecar, Verdict.VALUE);
    } finally {
      onNew("UPDATE people SET family_name = 'Family33' WHERE id = 33");
    }
  }

  @ParameterizedTest
  @CsvSource({"SHADOW", "RAMP"})
  void aRowThatIsMissing(String stage) throws Exception {
    onNew("DELETE FROM people WHERE id = 700");
    try (Sidecar sidecar = sidecar(stage)) {
      MismatchSample sample = sample(sidecar);
      assertThat(sample.verdict()).isEqualTo(Verdict.MISSING_ROWS);
      assertThat(sample.detail().keys()).containsExactly("700");
      assertThat(sample.newRows()).isEqualTo(999);
      assertOnly(sidecar, Verdict.MISSING_ROWS);
    } finally {
      onNew("INSERT INTO people SELECT 700, 'More700', NULL, 7.00, now()");
    }
  }

  @Test
  void aRowTooMany() throws Exception {
    onNew("INSERT INTO people SELECT 4000, 'More700', NULL, 7.00, now()");
    try (Sidecar sidecar = sidecar("SHADOW")) {
      MismatchSample sample = sample(sidecar);
      assertThat(sample.verdict()).isEqualTo(Verdict.EXTRA_ROWS);
      assertThat(sample.detail().keys()).containsExactly("4000");
      assertOnly(sidecar, Verdict.EXTRA_ROWS);
    } finally {
      onNew("DELETE FROM people WHERE id = 4000");
    }
  }

  @ParameterizedTest
  @CsvSource({"SHADOW", "RAMP"})
  void newFails(String stage) throws Exception {
    try (Sidecar sidecar = sidecar(stage);
        Connection connection = Pair.connect(sidecar);
        PreparedStatement read =
            connection.prepareStatement("SELECT email FROM customers WHERE id = ?")) {
      ShadowProbe.Read once =
          () -> {
            read.setLong(1, 4);
            assertThat(ShadowProbe.rows(read)).isEqualTo(1);
          };
      ShadowProbe.awaitMatches(sidecar, 1, once);
      onNew("ALTER TABLE contacts RENAME TO hidden");
      MismatchSample sample = ShadowProbe.awaitMismatch(sidecar, once);
      assertThat(sample.verdict()).isEqualTo(Verdict.ERROR_ONLY_NEW);
      assertThat(sample.sqlState()).isEqualTo("42P01");
      assertOnly(sidecar, Verdict.ERROR_ONLY_NEW);
    } finally {
      onNew("ALTER TABLE hidden RENAME TO contacts");
    }
  }

  @Test
  void onlyOldFails() throws Exception {
    onOld("UPDATE customers SET balance_cents = 0 WHERE id = 44");
    try (Sidecar sidecar = sidecar("SHADOW");
        Connection connection = Pair.connect(sidecar);
        Statement statement = connection.createStatement()) {
      MismatchSample sample =
          ShadowProbe.awaitMismatch(
              sidecar,
              () -> {
                try {
                  ShadowProbe.rows(
                      statement, "SELECT 100 / balance_cents FROM customers WHERE id = 44");
                } catch (SQLException e) {
                  assertThat(e.getSQLState()).isEqualTo("22012");
                }
              });
      assertThat(sample.verdict()).isEqualTo(Verdict.ERROR_ONLY_OLD);
      assertThat(sample.sqlState()).isEqualTo("22012");
      assertOnly(sidecar, Verdict.ERROR_ONLY_OLD);
    } finally {
      onOld("UPDATE customers SET balance_cents = 44 * 17 WHERE id = 44");
    }
  }

  @Test
  void newIsSlow() throws Exception {
    try (Sidecar sidecar = sidecar("SHADOW");
        Connection connection = Pair.connect(sidecar);
        Statement statement = connection.createStatement()) {
      ShadowProbe.awaitMatches(
          sidecar,
          40,
          () -> ShadowProbe.rows(statement, "SELECT email FROM customers WHERE id = 4"));
      onNew(
          "ALTER TABLE people RENAME TO hidden; CREATE VIEW people AS SELECT h.* FROM hidden h,"
              + " LATERAL (SELECT h.id, pg_sleep(0.02)) s; GRANT SELECT ON people TO app");
      try {
        MismatchSample sample =
            ShadowProbe.awaitSlow(
                sidecar,
                () ->
                    ShadowProbe.rows(
                        statement, "SELECT balance_cents FROM customers WHERE id = 4"));
        assertThat(sample.verdict()).isEqualTo(Verdict.SLOW);
        assertThat(sample.oldPlan()).contains("Scan").contains("customers");
        assertThat(sample.newPlan()).contains("hidden").contains("(id = ?");
        assertThat(ShadowProbe.mismatches(sidecar)).isZero();
      } finally {
        onNew("DROP VIEW people; ALTER TABLE hidden RENAME TO people");
      }
    }
  }

  /** The columns are ordered by other rules; nobody here knows what has arrived. */
  @Test
  void newOrdersOtherwise() throws Exception {
    try (Pair sides = new Pair()) {
      sides.old.executeIn(
          "shop", "ALTER TABLE customers ALTER full_name TYPE varchar(80) COLLATE \"en-x-icu\"");
      sides.old.executeIn("shop", "UPDATE customers SET full_name = 'alpha' WHERE id = 3");
      sides.target.executeIn(
          "shop2",
          "UPDATE people SET given_name = 'alpha', family_name = NULL WHERE id = 3",
          "ALTER TABLE people ALTER given_name TYPE text COLLATE \"C\", ALTER family_name TYPE"
              + " text COLLATE \"C\"");
      try (Sidecar sidecar =
              sides.sidecar("SHADOW", "0%", "session", "shadow: {perSecond: 100000}");
          Connection connection = Pair.connect(sidecar);
          Statement statement = connection.createStatement()) {
        MismatchSample sample =
            ShadowProbe.awaitMismatch(
                sidecar,
                () ->
                    ShadowProbe.rows(
                        statement, "SELECT id, full_name FROM customers ORDER BY full_name"));
        assertThat(sample.verdict()).isEqualTo(Verdict.ORDER);
        assertOnly(sidecar, Verdict.ORDER);
        ShadowProbe.awaitMatches(
            sidecar,
            3,
            () -> ShadowProbe.rows(statement, "SELECT id, full_name FROM customers ORDER BY id"));
      }
    }
  }

  /** Who differs from himself is no measure for others. */
  @Test
  void oldDiffersFromItself() throws Exception {
    try (Pair sides = new Pair();
        Sidecar sidecar = sides.sidecar("SHADOW", "0%", "session", "shadow: {perSecond: 100000}");
        Connection connection = Pair.connect(sidecar);
        PreparedStatement read =
            connection.prepareStatement(
                "SELECT id, balance_cents, email FROM customers WHERE id = ?")) {
      ShadowProbe.Read once =
          () -> {
            read.setLong(1, 4);
            assertThat(ShadowProbe.rows(read)).isEqualTo(1);
          };
      ShadowProbe.awaitMatches(sidecar, 1, once);
      sides.old.executeIn(
          "shop",
          "ALTER TABLE customers RENAME TO hidden",
          "CREATE VIEW customers AS SELECT id, full_name, email, (random() * 1000000)::bigint AS"
              + " balance_cents, created_at FROM hidden",
          "GRANT SELECT ON customers TO app");
      Await.until(
          "noise is known",
          Duration.ofSeconds(60),
          () -> {
            once.run();
            return ShadowProbe.verdicts(sidecar, Verdict.NOISE) > 0;
          });
      // All but the noisy column is compared.
      ShadowProbe.awaitMatches(sidecar, 5, once);
      assertThat(ShadowProbe.mismatches(sidecar)).isZero();
    }
  }
}
