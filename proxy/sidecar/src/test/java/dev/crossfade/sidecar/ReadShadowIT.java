package dev.crossfade.sidecar;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.core.compare.Verdict;
import dev.crossfade.postgresql.shadow.Shadow;
import dev.crossfade.testkit.process.Await;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Reads that both sides answer in the same way are compared, and nobody cries wolf. */
@Timeout(300)
class ReadShadowIT {
  private static final Duration BOUND = Duration.ofSeconds(60);
  private static final String BY_ID =
      "SELECT id, full_name, email, balance_cents, created_at FROM customers WHERE id < ?"
          + " ORDER BY id";
  private static final Duration LOAD =
      Duration.ofSeconds(Long.getLong("crossfade.shadow.load", 15));
  private static final long PACE_NANOS = TimeUnit.MILLISECONDS.toNanos(4);
  private static MirroredPair pair;

  @BeforeAll
  static void start() throws Exception {
    pair = new MirroredPair();
  }

  @AfterAll
  static void stop() throws Exception {
    pair.close();
  }

  private static Sidecar sidecar(String stage) throws Exception {
    Sidecar sidecar = pair.sides.sidecar(stage, "50%", "random", ShadowProbe.ALL);
    try (Connection connection = Pair.connect(sidecar);
        Statement statement = connection.createStatement()) {
      Await.until(
          "reads are compared",
          BOUND,
          () -> {
            ShadowProbe.rows(statement, "SELECT email FROM customers WHERE id = 4");
            return ShadowProbe.verdicts(sidecar, Verdict.MATCH) > 0;
          });
    }
    return sidecar;
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
          long before = ShadowProbe.verdicts(sidecar, Verdict.MATCH);
          Await.until(
              "it is compared with " + String.join("=", options),
              BOUND,
              () -> {
                read.setLong(1, 50);
                assertThat(ShadowProbe.rows(read)).isEqualTo(49);
                return ShadowProbe.verdicts(sidecar, Verdict.MATCH) >= before + 20;
              });
        }
      }
      for (Verdict verdict : Verdict.values()) {
        assertThat(verdict.isMismatch() && ShadowProbe.verdicts(sidecar, verdict) > 0)
            .as(verdict + " in " + Pair.scrape(sidecar))
            .isFalse();
      }
    }
  }

  /** The mirror stands still most of the time, so new is seconds behind; nothing is wrong. */
  @Test
  void aMirrorThatIsBehindIsNoMismatch() throws Exception {
    try (Sidecar sidecar = sidecar("SHADOW");
        ExecutorService threads = Executors.newFixedThreadPool(5)) {
      long end = System.nanoTime() + LOAD.toNanos();
      List<Future<?>> all = new ArrayList<>();
      all.add(
          threads.submit(
              () -> {
                holdUp(end);
                return null;
              }));
      for (int i = 0; i < 4; i++) {
        Random random = new Random(i);
        all.add(
            threads.submit(
                () -> {
                  load(sidecar, random, end);
                  return null;
                }));
      }
      for (Future<?> one : all) {
        one.get(LOAD.toSeconds() + 60, TimeUnit.SECONDS);
      }
      Shadow shadow = Objects.requireNonNull(sidecar.shadow());
      Await.until(
          "what waits is decided",
          Duration.ofSeconds(90),
          () -> shadow.waiting() == 0 && shadow.confirming() == 0);
      assertThat(ShadowProbe.verdicts(sidecar, Verdict.RACE)).isPositive();
      // Differences wait for the mirror, and that must not keep the rest from being counted.
      assertThat(
              ShadowProbe.verdicts(sidecar, Verdict.MATCH)
                  + ShadowProbe.verdicts(sidecar, Verdict.RACE))
          .as(Pair.scrape(sidecar))
          .isGreaterThan(
              ShadowProbe.verdicts(sidecar, Verdict.UNDECIDED)
                  + ShadowProbe.verdicts(sidecar, Verdict.UNCONFIRMED));
      assertThat(shadow.comparisons().takeSamples(100))
          .noneMatch(sample -> sample.verdict().isMismatch());
      assertThat(ShadowProbe.mismatches(sidecar)).isZero();
    }
  }

  private static void holdUp(long end) throws SQLException, InterruptedException {
    while (System.nanoTime() < end) {
      try (Connection held = pair.holdUp()) {
        assertThat(new CountDownLatch(1).await(2, TimeUnit.SECONDS)).isFalse();
        held.rollback();
        // What waits behind that is carried, and no more is late than what came meanwhile.
        assertThat(new CountDownLatch(1).await(300, TimeUnit.MILLISECONDS)).isFalse();
      }
    }
  }

  /** A fifth of it writes; rows that come and go, values that go there and back. */
  private static void load(Sidecar sidecar, Random random, long end) throws SQLException {
    try (Connection connection = Pair.connect(sidecar, "socketTimeout", "30");
        Statement statement = connection.createStatement();
        PreparedStatement point =
            connection.prepareStatement("SELECT * FROM customers WHERE id = ?");
        PreparedStatement range =
            connection.prepareStatement(
                "SELECT id, email FROM customers WHERE id BETWEEN ? AND ? ORDER BY email, id")) {
      while (System.nanoTime() < end) {
        LockSupport.parkNanos(PACE_NANOS);
        int id = 1 + random.nextInt(60);
        switch (random.nextInt(10)) {
          case 0 ->
              statement.executeUpdate(
                  "UPDATE customers SET email = 'e" + random.nextInt(2) + "' WHERE id = " + id);
          case 1 ->
              statement.executeUpdate(
                  random.nextBoolean()
                      ? "DELETE FROM customers WHERE id = " + (900 + id % 5)
                      : "INSERT INTO customers VALUES ("
                          + (900 + id % 5)
                          + ", 'A B', 'e', 5, now()) ON CONFLICT DO NOTHING");
          case 2 -> {
            range.setLong(1, id);
            range.setLong(2, id + 20);
            ShadowProbe.rows(range);
          }
          case 3 ->
              ShadowProbe.rows(
                  statement,
                  "SELECT count(*), sum(balance_cents) FROM customers WHERE id > "
                      + 100 * (id % 9));
          case 4 ->
              ShadowProbe.rows(
                  statement, "SELECT id FROM customers WHERE email = 'e1' ORDER BY id LIMIT 3");
          default -> {
            point.setLong(1, id);
            ShadowProbe.rows(point);
          }
        }
      }
    }
  }
}
