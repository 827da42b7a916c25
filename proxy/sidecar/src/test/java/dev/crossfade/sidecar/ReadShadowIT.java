package dev.crossfade.sidecar;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.core.compare.Verdict;
import dev.crossfade.postgresql.shadow.MismatchSample;
import dev.crossfade.postgresql.shadow.Shadow;
import dev.crossfade.testkit.process.Await;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What differs between the two sides' answers to reads is found, and called what it is. */
@Timeout(300)
class ReadShadowIT {
  static final String ALL = MirroredPair.MIRROR + "\nshadow: {perSecond: 100000}";
  private static final Duration BOUND = Duration.ofSeconds(60);
  private static final String BY_ID =
      "SELECT id, full_name, email, balance_cents, created_at FROM customers WHERE id < ?"
          + " ORDER BY id";
  private static MirroredPair pair;

  @BeforeAll
  static void start() throws Exception {
    pair = new MirroredPair();
  }

  @AfterAll
  static void stop() throws Exception {
    pair.close();
  }

  private interface Read {
    void run() throws SQLException;
  }

  static long verdicts(Sidecar sidecar, Verdict verdict) {
    return Pair.metric(
        sidecar, "crossfade_shadow_reads_total", "verdict=\"" + verdict.name() + '"');
  }

  private static Sidecar sidecar(String stage) throws Exception {
    Sidecar sidecar = pair.sides.sidecar(stage, "50%", "random", ALL);
    try (Connection connection = Pair.connect(sidecar);
        Statement statement = connection.createStatement()) {
      Await.until(
          "reads are compared",
          BOUND,
          () -> {
            rows(statement, "SELECT email FROM customers WHERE id = 4");
            return verdicts(sidecar, Verdict.MATCH) > 0;
          });
    }
    return sidecar;
  }

  private static int rows(Statement statement, String sql) throws SQLException {
    int count = 0;
    try (ResultSet rows = statement.executeQuery(sql)) {
      while (rows.next()) {
        count++;
      }
    }
    return count;
  }

  private static int rows(PreparedStatement statement) throws SQLException {
    int count = 0;
    try (ResultSet rows = statement.executeQuery()) {
      while (rows.next()) {
        count++;
      }
    }
    return count;
  }

  /** Confirmed differences that are told while a read is repeated. */
  private static MismatchSample awaitSample(Sidecar sidecar, Read read) {
    Shadow shadow = Objects.requireNonNull(sidecar.shadow());
    List<MismatchSample> found = new ArrayList<>();
    Await.until(
        "a difference is confirmed",
        BOUND,
        () -> {
          read.run();
          found.addAll(shadow.comparisons().takeSamples(20));
          return !found.isEmpty();
        });
    return found.getFirst();
  }

  @ParameterizedTest
  @ValueSource(strings = {"SHADOW", "RAMP"})
  void equalAnswersMatchInBothProtocolsAndAllFormats(String stage) throws Exception {
    try (Sidecar sidecar = sidecar(stage)) {
      for (String[] options :
          new String[][] {
            {"preferQueryMode", "simple"},
            {"prepareThreshold", "0"},
            {"prepareThreshold", "1"},
            {"prepareThreshold", "-1"}
          }) {
        try (Connection connection = Pair.connect(sidecar, options);
            PreparedStatement read = connection.prepareStatement(BY_ID)) {
          long before = verdicts(sidecar, Verdict.MATCH);
          Await.until(
              "it is compared with " + String.join("=", options),
              BOUND,
              () -> {
                read.setLong(1, 50);
                assertThat(rows(read)).isEqualTo(49);
                return verdicts(sidecar, Verdict.MATCH) >= before + 20;
              });
        }
      }
      for (Verdict verdict : Verdict.values()) {
        assertThat(verdict.isMismatch() && verdicts(sidecar, verdict) > 0)
            .as(verdict + " in " + Pair.scrape(sidecar))
            .isFalse();
      }
    }
  }

  @Test
  void oneWrongValueIsFoundAndNamed() throws Exception {
    pair.sides.target.executeIn(
        "shop2",
        "SET crossfade.applying = 'on'; UPDATE people SET family_name = 'Wrong' WHERE id = 33");
    try (Sidecar sidecar = sidecar("SHADOW");
        Connection connection = Pair.connect(sidecar);
        PreparedStatement read = connection.prepareStatement(BY_ID)) {
      MismatchSample sample =
          awaitSample(
              sidecar,
              () -> {
                read.setLong(1, 400);
                assertThat(rows(read)).isEqualTo(399);
              });
      assertThat(sample.verdict()).isEqualTo(Verdict.VALUE);
      assertThat(sample.detail().columns()).containsExactly("full_name");
      assertThat(sample.detail().keys()).containsExactly("33");
      assertThat(sample.detail().values()).isEmpty();
      assertThat(sample.query()).matches("[0-9a-f]{16}");
      assertThat(sample.text()).contains("from customers where id < $1");
      assertThat(verdicts(sidecar, Verdict.VALUE)).isPositive();
    } finally {
      pair.sides.target.executeIn(
          "shop2",
          "SET crossfade.applying = 'on'; UPDATE people SET family_name = 'Family33' WHERE id ="
              + " 33");
    }
  }
}
