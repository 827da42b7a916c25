package dev.crossfade.sidecar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.crossfade.postgresql.parity.Finding;
import dev.crossfade.postgresql.parity.Judgement.Difference;
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
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A target that would answer a write otherwise is found before it has the authority. */
class WriteParityIT {
  private static final String ALL =
      MirroredPair.MIRROR + "\nparity: {share: \"100%\", perSecond: 1000}";
  private static final Duration LOAD =
      Duration.ofSeconds(Long.getLong("crossfade.parity.load", 15));
  private static final Duration BOUND = Duration.ofSeconds(90);
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
    Sidecar sidecar = pair.sides.sidecar(stage, "0%", "session", ALL);
    try (Connection connection = Pair.connect(sidecar);
        Statement statement = connection.createStatement()) {
      Await.until(
          "writes are compared",
          BOUND,
          () -> {
            assertThat(statement.executeUpdate("UPDATE customers SET email = 'a' WHERE id = 1"))
                .isEqualTo(1);
            return equal(sidecar) > 0;
          });
    }
    return sidecar;
  }

  private static long equal(Sidecar sidecar) {
    return Pair.metric(sidecar, "crossfade_parity_writes_total", "result=\"EQUAL\"");
  }

  private static List<Finding> found(Sidecar sidecar) {
    return Objects.requireNonNull(sidecar.parity()).findings().confirmed();
  }

  private static void refused(Statement statement, String sql, String sqlState) {
    assertThatThrownBy(() -> statement.executeUpdate(sql))
        .isInstanceOfSatisfying(
            SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo(sqlState));
  }

  private static Finding awaitFinding(Sidecar sidecar, Runnable once) {
    Await.until(
        "a difference is confirmed",
        BOUND,
        () -> {
          once.run();
          return !found(sidecar).isEmpty();
        });
    assertThat(found(sidecar)).hasSize(1);
    assertThat(Pair.metric(sidecar, "crossfade_parity_confirmed")).isEqualTo(1);
    return found(sidecar).getFirst();
  }

  @Test
  void aUniqueConstraintThatNewLacksIsFound() throws Exception {
    pair.sides.old.executeIn(
        "shop",
        "UPDATE customers SET email = 'c' || id || '@example.org'",
        "ALTER TABLE customers ADD CONSTRAINT customers_email UNIQUE (email)");
    try (Sidecar sidecar = sidecar("SHADOW");
        Connection connection = Pair.connect(sidecar);
        Statement statement = connection.createStatement()) {
      String insert = "INSERT INTO customers VALUES (9001, 'A Secret', 'c2@example.org', 0, now())";
      Finding finding = awaitFinding(sidecar, () -> refused(statement, insert, "23505"));
      assertThat(finding.kind()).isEqualTo(Difference.ACCEPTED);
      assertThat(finding.message())
          .startsWith("new accepts what old refuses with 23505 (customers_email): insert into")
          .doesNotContain("Secret")
          .doesNotContain("9001");
      assertThat(onNew("SELECT count(*) FROM people WHERE id = 9001")).isZero();
    } finally {
      pair.sides.old.executeIn("shop", "ALTER TABLE customers DROP CONSTRAINT customers_email");
    }
  }

  /** The translation holds the values against those that it knows: not against these. */
  @Test
  void constraintsThatOldGotLaterAreFound() throws Exception {
    pair.sides.old.executeIn("shop", "CREATE TABLE allowed (id bigint PRIMARY KEY)");
    try (Sidecar sidecar = sidecar("DUAL_WRITE");
        Connection connection = Pair.connect(sidecar);
        PreparedStatement update =
            connection.prepareStatement("UPDATE customers SET balance_cents = ? WHERE id = ?")) {
      pair.sides.old.executeIn(
          "shop", "ALTER TABLE customers ADD CONSTRAINT never_negative CHECK (balance_cents >= 0)");
      Finding finding =
          awaitFinding(
              sidecar,
              () ->
                  assertThatThrownBy(
                          () -> {
                            update.setLong(1, -4711);
                            update.setLong(2, 7);
                            update.executeUpdate();
                          })
                      .hasMessageContaining("never_negative"));
      assertThat(finding.what())
          .isEqualTo("new accepts what old refuses with 23514 (never_negative)");
      assertThat(finding.statement()).contains("balance_cents = $1");
    } finally {
      pair.sides.old.executeIn("shop", "ALTER TABLE customers DROP CONSTRAINT never_negative");
    }
    try (Sidecar sidecar = sidecar("SHADOW");
        Connection connection = Pair.connect(sidecar);
        Statement statement = connection.createStatement()) {
      pair.sides.old.executeIn(
          "shop",
          "ALTER TABLE customers ADD CONSTRAINT only_allowed FOREIGN KEY (id) REFERENCES allowed"
              + " NOT VALID");
      String insert = "INSERT INTO customers VALUES (9002, 'B', NULL, 0, now())";
      Finding finding = awaitFinding(sidecar, () -> refused(statement, insert, "23503"));
      assertThat(finding.old()).isEqualTo("23503 (only_allowed)");
    } finally {
      pair.sides.old.executeIn("shop", "ALTER TABLE customers DROP CONSTRAINT only_allowed");
    }
    try (Sidecar sidecar = sidecar("SHADOW");
        Connection connection = Pair.connect(sidecar);
        Statement statement = connection.createStatement()) {
      pair.sides.old.executeIn(
          "shop",
          "UPDATE customers SET balance_cents = 1 WHERE balance_cents IS NULL",
          "ALTER TABLE customers ALTER balance_cents SET NOT NULL");
      String update = "UPDATE customers SET balance_cents = NULL WHERE id = 8";
      Finding finding = awaitFinding(sidecar, () -> refused(statement, update, "23502"));
      assertThat(finding.old()).isEqualTo("23502 (balance_cents)");
    } finally {
      pair.sides.old.executeIn("shop", "ALTER TABLE customers ALTER balance_cents DROP NOT NULL");
    }
  }

  @Test
  void aConstraintThatOnlyNewHasIsFound() throws Exception {
    pair.sides.target.executeIn(
        "shop2",
        "ALTER TABLE people ADD CONSTRAINT short_names CHECK (length(given_name) < 60) NOT VALID");
    try (Sidecar sidecar = sidecar("SHADOW");
        Connection connection = Pair.connect(sidecar);
        Statement statement = connection.createStatement()) {
      String update = "UPDATE customers SET full_name = '" + "x".repeat(70) + "' WHERE id = 9";
      Finding finding =
          awaitFinding(
              sidecar,
              () -> {
                try {
                  assertThat(statement.executeUpdate(update)).isEqualTo(1);
                } catch (SQLException e) {
                  throw new AssertionError(e);
                }
              });
      assertThat(finding.kind()).isEqualTo(Difference.REFUSED);
      assertThat(finding.what()).isEqualTo("new refuses with 23514 (short_names) what old accepts");
      // Other values were never refused, so that they are not says nothing.
      assertThat(statement.executeUpdate("UPDATE customers SET full_name = 'Short' WHERE id = 9"))
          .isEqualTo(1);
      Await.until(
          "what waits is compared", BOUND, () -> Objects.requireNonNull(sidecar.parity()).isIdle());
      assertThat(found(sidecar)).containsExactly(finding);
      pair.sides.target.executeIn("shop2", "ALTER TABLE people DROP CONSTRAINT short_names");
      Await.until("it was mended", BOUND, () -> found(sidecar).isEmpty());
    } finally {
      pair.sides.target.executeIn(
          "shop2", "ALTER TABLE people DROP CONSTRAINT IF EXISTS short_names");
      pair.sides.old.executeIn("shop", "UPDATE customers SET full_name = 'Nine' WHERE id = 9");
    }
  }

  @Test
  void whatIsReturnedIsCompared() throws Exception {
    pair.sides.old.executeIn(
        "shop",
        "CREATE FUNCTION shout() RETURNS trigger LANGUAGE plpgsql AS"
            + " 'BEGIN NEW.full_name := upper(NEW.full_name); RETURN NEW; END'",
        "CREATE TRIGGER shouts BEFORE UPDATE ON customers FOR EACH ROW EXECUTE FUNCTION shout()");
    try (Sidecar sidecar = sidecar("RAMP");
        Connection connection = Pair.connect(sidecar);
        PreparedStatement update =
            connection.prepareStatement(
                "UPDATE customers SET full_name = ? WHERE id = 10 RETURNING id, full_name")) {
      Finding finding =
          awaitFinding(
              sidecar,
              () -> {
                try {
                  update.setString(1, "quiet one");
                  try (ResultSet rows = update.executeQuery()) {
                    assertThat(rows.next()).isTrue();
                    assertThat(rows.getString(2)).isEqualTo("QUIET ONE");
                  }
                } catch (SQLException e) {
                  throw new AssertionError(e);
                }
              });
      assertThat(finding.kind()).isEqualTo(Difference.ROWS);
      assertThat(finding.message()).doesNotContainIgnoringCase("quiet");
    } finally {
      pair.sides.old.executeIn("shop", "DROP FUNCTION shout() CASCADE");
    }
  }

  /** The one that matters most: who cries wolf is not believed. */
  @Test
  void nothingIsFoundWhereBothSidesAreRightHoweverTheyAreWrittenTo() throws Exception {
    try (Sidecar sidecar = sidecar("RAMP");
        ExecutorService threads = Executors.newFixedThreadPool(4)) {
      List<Future<?>> clients = new ArrayList<>();
      long end = System.nanoTime() + LOAD.toNanos();
      for (int i = 0; i < 4; i++) {
        int seed = i;
        clients.add(
            threads.submit(
                () -> {
                  load(sidecar, new Random(seed), end);
                  return null;
                }));
      }
      for (Future<?> client : clients) {
        client.get(LOAD.toSeconds() + 60, TimeUnit.SECONDS);
      }
      Await.until(
          "what waits is compared", BOUND, () -> Objects.requireNonNull(sidecar.parity()).isIdle());
      assertThat(equal(sidecar)).isGreaterThan(20);
      assertThat(found(sidecar)).isEmpty();
    }
  }

  private static void load(Sidecar sidecar, Random random, long end) throws SQLException {
    try (Connection connection = Pair.connect(sidecar);
        Statement statement = connection.createStatement()) {
      while (System.nanoTime() < end) {
        // Few rows, so that everybody meets everybody.
        int id = 100 + random.nextInt(6);
        int fresh = 5000 + random.nextInt(8);
        String write =
            switch (random.nextInt(12)) {
              case 0 -> "UPDATE customers SET balance_cents = balance_cents + 1 WHERE id = " + id;
              case 1 ->
                  "UPDATE customers SET email = 'n" + random.nextInt(9) + "' WHERE id = " + id;
              case 2 ->
                  "UPDATE customers SET email = NULL WHERE id = " + id + " RETURNING email, id";
              case 3, 4 ->
                  "INSERT INTO customers VALUES (" + fresh + ", 'A B', 'e', 5, now()) RETURNING *";
              case 5 -> "DELETE FROM customers WHERE id = " + fresh;
              case 6 ->
                  "INSERT INTO customers (id, full_name, created_at) VALUES ("
                      + fresh
                      + ", 'C D', now()) ON CONFLICT (id) DO NOTHING";
              case 7 ->
                  "UPDATE customers SET full_name = 'E F' WHERE balance_cents < "
                      + random.nextInt(40)
                      + " RETURNING full_name, balance_cents";
              case 8 -> "UPDATE customers SET full_name = NULL WHERE id = " + fresh;
              case 9 -> "DELETE FROM customers WHERE email = 'e' AND id > 5004 RETURNING id";
              case 10 ->
                  "UPDATE customers SET balance_cents = 2147483647 * 4294967296 * balance_cents"
                      + " WHERE id = "
                      + fresh;
              default ->
                  "INSERT INTO customers (id, full_name, created_at, balance_cents) VALUES ("
                      + fresh
                      + ", NULL, now(), 4) RETURNING id, created_at";
            };
        try {
          statement.execute(write);
        } catch (SQLException e) {
          assertThat(e.getSQLState()).isIn("23505", "23502", "22003", "40P01");
        }
      }
    }
  }

  @Test
  void aBusyTargetIsNoConcernOfItsClients() throws Exception {
    try (Sidecar sidecar = sidecar("DUAL_WRITE");
        Connection held = pair.holdUp();
        Connection connection = Pair.connect(sidecar);
        PreparedStatement update =
            connection.prepareStatement("UPDATE customers SET balance_cents = ? WHERE id = 11")) {
      long began = System.nanoTime();
      for (int i = 0; i < 300; i++) {
        update.setLong(1, i);
        assertThat(update.executeUpdate()).isEqualTo(1);
      }
      assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(10));
      assertThat(Pair.metric(sidecar, "crossfade_parity_shed_total")).isPositive();
      Await.until(
          "it is counted",
          () ->
              Pair.metric(
                      sidecar, "crossfade_parity_inconclusive_total", "reason=\"NEW_UNAVAILABLE\"")
                  > 0);
      held.rollback();
      assertThat(found(sidecar)).isEmpty();
    }
  }

  @Test
  void offIsOff() throws Exception {
    try (Sidecar sidecar =
            pair.sides.sidecar(
                "SHADOW", "0%", "session", MirroredPair.MIRROR + "\nparity: {share: \"0%\"}");
        Connection connection = Pair.connect(sidecar);
        Statement statement = connection.createStatement()) {
      for (int i = 0; i < 50; i++) {
        assertThat(
                statement.executeUpdate(
                    "UPDATE customers SET balance_cents = " + i + " WHERE id = 12"))
            .isEqualTo(1);
      }
      assertThat(sidecar.parity()).isNull();
      assertThat(
              onNew("SELECT count(*) FROM pg_stat_activity WHERE application_name LIKE '%parity'"))
          .isZero();
    }
  }

  private static long onNew(String query) throws SQLException {
    try (Connection connection = pair.sides.target.connect("shop2");
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(query)) {
      assertThat(result.next()).isTrue();
      return result.getLong(1);
    }
  }
}
