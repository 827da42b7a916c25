package dev.crossfade.mirror;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.crossfade.core.migration.Side;
import dev.crossfade.core.mirror.Watermark;
import dev.crossfade.sql.capture.CaptureScript;
import dev.crossfade.testkit.process.Await;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is committed on old arrives on new, whatever kind of statement it was. */
class MirrorIT {
  private static Shop shop;

  @BeforeAll
  static void start() throws Exception {
    shop = Shop.start();
  }

  @AfterAll
  static void stop() {
    shop.close();
  }

  @BeforeEach
  void empty() throws Exception {
    shop.old.execute("TRUNCATE customers CASCADE", "TRUNCATE staff, ranks");
    settle();
    shop.old.execute("DELETE FROM crossfade.dead_letter");
  }

  private static void settle() throws Exception {
    try (Mirror mirror = shop.mirror()) {
      long ticket = mirror.watermark().ticket();
      mirror.kick();
      Await.until(
          "all has arrived", Duration.ofSeconds(30), () -> mirror.watermark().hasArrived(ticket));
    }
    assertThat(shop.value(Side.OLD, "SELECT count(*) FROM crossfade.mutation")).isEqualTo("0");
  }

  private static void carried(String... statements) throws Exception {
    shop.old.execute(statements);
    settle();
    assertThat(shop.found()).isEqualTo(shop.wanted());
  }

  @Test
  void insertsUpdatesAndDeletesArrive() throws Exception {
    carried(
        "INSERT INTO customers SELECT i, 'A' || i || ' B', i || '@x', i, now() FROM"
            + " generate_series(1, 1000) i",
        "INSERT INTO orders SELECT i, i, i * 1.50, 'n' FROM generate_series(1, 1000) i");
    carried("UPDATE customers SET full_name = 'Cher', email = NULL WHERE id <= 10");
    carried(
        "UPDATE orders SET total = 1.0 WHERE id = 1",
        "UPDATE orders SET total = 1.00 WHERE id = 1");
    carried("DELETE FROM orders WHERE id % 2 = 0", "DELETE FROM customers WHERE id % 3 = 0");
    assertThat(shop.found().get("public.people")).hasSize(667);
  }

  @Test
  void fewChangesOfSeveralGroupsArriveInOneTransaction() throws Exception {
    carried(
        "BEGIN; INSERT INTO customers VALUES (1, 'A B', 'a@x'), (2, 'C', NULL);"
            + " INSERT INTO orders VALUES (1, 1, 5, 'x'); INSERT INTO staff VALUES (1, NULL, 'a',"
            + " 1); COMMIT");
    assertThat(
            shop.value(
                Side.NEW,
                "SELECT count(DISTINCT x) FROM (SELECT xmin::text FROM people UNION ALL SELECT"
                    + " xmin::text FROM contacts UNION ALL SELECT xmin::text FROM purchases UNION"
                    + " ALL SELECT xmin::text FROM employees) AS r (x)"))
        .isEqualTo("1");
    carried("BEGIN; DELETE FROM customers WHERE id = 1; UPDATE staff SET login = 'b'; COMMIT");
    assertThat(shop.value(Side.NEW, "SELECT count(*) FROM contacts")).isEqualTo("0");
  }

  @Test
  void whatCanNotBeCarriedKeepsNoOtherGroupBack() throws Exception {
    shop.old.execute(
        "BEGIN; INSERT INTO customers VALUES (1, 'A B', 'a@x'); INSERT INTO staff VALUES (1, NULL,"
            + " 'muchtoolong', 1), (2, NULL, 'b', 1); COMMIT");
    settle();
    assertThat(shop.value(Side.NEW, "SELECT string_agg(id::text, ' ') FROM employees"))
        .isEqualTo("2");
    assertThat(shop.value(Side.NEW, "SELECT count(*) FROM people")).isEqualTo("1");
    assertThat(shop.value(Side.OLD, "SELECT key::text FROM crossfade.dead_letter"))
        .isEqualTo("{1}");
  }

  @Test
  void bothKeysOfAKeyChangeArriveAndSoDoCascades() throws Exception {
    carried(
        "INSERT INTO customers VALUES (1, 'A B', 'a@x'), (2, 'C D', 'c@x')",
        "INSERT INTO orders VALUES (1, 1, 5, 'x'), (2, 2, 6, NULL)");
    carried("UPDATE customers SET id = 100 WHERE id = 1");
    assertThat(shop.value(Side.NEW, "SELECT buyer_id FROM purchases WHERE id = 1"))
        .isEqualTo("100");
    carried("DELETE FROM customers WHERE id = 100");
    assertThat(shop.value(Side.NEW, "SELECT count(*) FROM purchases")).isEqualTo("1");
  }

  @Test
  void truncateArrives() throws Exception {
    carried(
        "INSERT INTO customers SELECT i, 'A' || i || ' B', NULL, i FROM generate_series(1, 700) i");
    carried("TRUNCATE customers CASCADE", "INSERT INTO customers VALUES (7, 'X', 'x@x')");
    assertThat(shop.found().get("public.people")).hasSize(1);
  }

  @Test
  void aUniqueValueThatMovesBetweenEntitiesArrives() throws Exception {
    carried("INSERT INTO customers VALUES (1, 'A B', 'a@x'), (2, 'C D', 'c@x'), (3, 'E F', 'e@x')");
    carried(
        """
        BEGIN; UPDATE customers SET email = NULL WHERE id = 1; UPDATE customers SET email = 'a@x' WHERE id = 2;
        UPDATE customers SET email = 'c@x' WHERE id = 1; COMMIT
        """);
    carried(
        """
        BEGIN; UPDATE customers SET email = 'tmp' WHERE id = 3; UPDATE customers SET email = 'e@x' WHERE id = 1;
        UPDATE customers SET email = 'c@x' WHERE id = 3; COMMIT
        """);
  }

  /** Employee 2 would lose her boss if the boss were deleted and inserted again. */
  @Test
  void rowsThatOthersReferToAreNotReplaced() throws Exception {
    carried("INSERT INTO staff VALUES (1, NULL, 'a', 1), (2, 1, 'b', 1), (3, NULL, 'c', 1)");
    shop.old.execute(
        """
        BEGIN; UPDATE staff SET login = NULL WHERE id = 1; UPDATE staff SET login = 'a' WHERE id = 3;
        UPDATE staff SET login = 'c' WHERE id = 1; COMMIT
        """);
    settle();
    assertThat(
            shop.value(
                Side.NEW,
                "SELECT string_agg(id || account || coalesce(boss_id, 0), ' ' ORDER BY id) FROM"
                    + " employees"))
        .isEqualTo("1a0 2b1 3c0");
    assertThat(
            shop.value(
                Side.OLD,
                "SELECT string_agg(key[1] || ' ' || sqlstate, ',' ORDER BY key) FROM"
                    + " crossfade.dead_letter"))
        .isEqualTo("1 23505,3 23505");
  }

  @Test
  void whoWritesNeedsNoRightsMoreThanOfTheTable() throws Exception {
    shop.old.execute("CREATE ROLE plain LOGIN", "GRANT INSERT, SELECT ON customers TO plain");
    try (Connection connection = shop.old.connect("postgres", "plain", "")) {
      connection.createStatement().execute("SET search_path = nowhere");
      connection.createStatement().execute("INSERT INTO public.customers VALUES (1, 'A B', 'a@x')");
    } finally {
      shop.old.execute("DROP OWNED BY plain", "DROP ROLE plain");
    }
    settle();
    assertThat(shop.found()).isEqualTo(shop.wanted());
    assertThat(shop.found().get("public.people")).hasSize(1);
  }

  @Test
  void whatIsRolledBackIsNotLogged() throws Exception {
    shop.old.execute("BEGIN; INSERT INTO customers VALUES (1, 'A', NULL); ROLLBACK");
    assertThat(shop.value(Side.OLD, "SELECT count(*) FROM crossfade.mutation")).isEqualTo("0");
  }

  @Test
  void newTakesWritesOfTheMirrorOnlyAndDoesNotLogThem() throws Exception {
    carried("INSERT INTO customers VALUES (1, 'A B', 'a@x')");
    assertThat(shop.value(Side.NEW, "SELECT count(*) FROM crossfade.mutation")).isEqualTo("0");
    for (String write :
        new String[] {
          "INSERT INTO people VALUES (9, 'x', 'y', 0, now())",
          "UPDATE contacts SET email = 'z'",
          "DELETE FROM purchases",
          "TRUNCATE purchases",
          "BEGIN ISOLATION LEVEL REPEATABLE READ; DELETE FROM purchases; COMMIT"
        }) {
      assertThatThrownBy(() -> shop.next.execute(write))
          .isInstanceOfSatisfying(
              SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("CF001"));
    }
  }

  @Test
  void aMirrorThatTakesTheWrongSideForTheAuthorityWritesNothing() throws Exception {
    carried("INSERT INTO customers VALUES (1, 'A B', 'a@x')");
    Mirror.Link wrong =
        new Mirror.Link(
            shop.down,
            CaptureScript.install(shop.down, Side.OLD),
            shop.endpoint(Side.NEW),
            shop.endpoint(Side.OLD));
    shop.next.execute(
        "INSERT INTO crossfade.mutation (entity_group, key) SELECT number, '{1}' FROM"
            + " crossfade.entity_group");
    try (Interrupts interrupts = new Interrupts();
        Mirror mirror = Mirror.start(wrong, Mirror.Settings.USUAL, interrupts)) {
      mirror.kick();
      Await.until(
          "it was refused", Duration.ofSeconds(10), () -> "CF001".equals(interrupts.state()));
    } finally {
      shop.next.execute("TRUNCATE crossfade.mutation");
    }
  }

  @Test
  void anEntityThatNewCanNotHoldBecomesADeadLetterAndTheOthersArrive() throws Exception {
    shop.old.execute(
        "INSERT INTO customers SELECT i, 'A' || i, NULL, CASE i WHEN 5 THEN -1000000000 ELSE i END"
            + " FROM generate_series(1, 100) i");
    settle();
    assertThat(shop.found().get("public.people")).hasSize(99);
    assertThat(
            shop.value(
                Side.OLD,
                "SELECT string_agg(key[1] || ' ' || sqlstate || ' ' || attempts, ',') FROM"
                    + " crossfade.dead_letter"))
        .isEqualTo("5 23514 3");
    carried("UPDATE customers SET balance_cents = 5 WHERE id IN (5, 6)");
    assertThat(shop.value(Side.OLD, "SELECT count(*) FROM crossfade.dead_letter")).isEqualTo("0");
  }

  @Test
  void aTextThatIsTooLongForNewIsNotCut() throws Exception {
    shop.old.execute("INSERT INTO staff VALUES (1, NULL, 'longer than eight', 1)");
    settle();
    assertThat(shop.value(Side.NEW, "SELECT count(*) FROM employees")).isEqualTo("0");
    assertThat(shop.value(Side.OLD, "SELECT key[1] || ' ' || sqlstate FROM crossfade.dead_letter"))
        .isEqualTo("1 22001");
    carried("UPDATE staff SET login = 'eight' || repeat(' ', 20), rank = 2");
    assertThat(shop.found().get("public.employees")).hasSize(1);
    shop.old.execute("UPDATE staff SET login = 'eight and more'");
    settle();
    assertThat(shop.value(Side.NEW, "SELECT account || '|' || rank FROM employees"))
        .isEqualTo("eight   |2");
  }

  @Test
  void imagesThatDoNotFitTogetherAreCarriedInSmallerBatches() throws Exception {
    shop.old.execute(
        "INSERT INTO customers SELECT i, 'A', NULL FROM generate_series(1, 60) i",
        "INSERT INTO orders SELECT i, i, 1, repeat('x', CASE i WHEN 33 THEN 13000000 ELSE 1000000"
            + " END) FROM generate_series(1, 60) i");
    settle();
    assertThat(shop.value(Side.NEW, "SELECT count(*) || ' ' || sum(length(remark)) FROM purchases"))
        .isEqualTo("59 59000000");
    assertThat(shop.value(Side.OLD, "SELECT key[1] || ' ' || error FROM crossfade.dead_letter"))
        .startsWith("33 Result set exceeded");
  }

  @Test
  void arrivesOnlyAfterItWasCarried() throws Exception {
    try (Connection blocking = shop.next.connect("postgres");
        Mirror mirror = shop.mirror()) {
      blocking.setAutoCommit(false);
      blocking.createStatement().execute("LOCK TABLE people IN ACCESS EXCLUSIVE MODE");
      shop.old.execute("INSERT INTO customers VALUES (1, 'A B', 'a@x')");
      long ticket = mirror.watermark().ticket();
      mirror.kick();
      Await.until(
          "the mirror waits for the lock",
          Duration.ofSeconds(10),
          () ->
              shop.value(
                      Side.NEW,
                      "SELECT count(*) FROM pg_stat_activity WHERE application_name ="
                          + " 'crossfade-mirror' AND wait_event_type = 'Lock'")
                  .equals("1"));
      assertThat(mirror.watermark().hasArrived(ticket)).isFalse();
      blocking.rollback();
      Await.until(
          "it has arrived", Duration.ofSeconds(10), () -> mirror.watermark().hasArrived(ticket));
    }
    assertThat(shop.found()).isEqualTo(shop.wanted());
  }

  /**
   * A round costs as much for one change as for ten, so it waits for more unless somebody waits.
   */
  @Test
  void roundsThatNobodyWaitsForAreFarBetween() throws Exception {
    try (Mirror mirror = shop.mirror()) {
      Watermark watermark = mirror.watermark();
      Await.until("it works", watermark::isKnown);
      long start = System.nanoTime();
      long begun = watermark.ticket();
      long end = start + 40 * Mirror.PACE.toNanos();
      while (System.nanoTime() - end < 0) {
        mirror.kick();
        Thread.onSpinWait();
      }
      long rounds = watermark.ticket() - begun;
      long paces = (System.nanoTime() - start) / Mirror.PACE.toNanos();
      assertThat(rounds).isBetween(1L, paces + 2);
      AtomicReference<Duration> waited = new AtomicReference<>(Duration.ofDays(1));
      for (int i = 0; i < 50; i++) {
        CountDownLatch arrived = new CountDownLatch(1);
        long asked = System.nanoTime();
        watermark.whenArrived(watermark.ticket(), arrived::countDown);
        watermark.hurry();
        assertThat(arrived.await(10, TimeUnit.SECONDS)).isTrue();
        Duration took = Duration.ofNanos(System.nanoTime() - asked);
        waited.accumulateAndGet(took, (a, b) -> a.compareTo(b) < 0 ? a : b);
      }
      assertThat(waited.get()).isLessThan(Mirror.PACE);
    }
  }

  @Test
  void nothingCountsAsArrivedWhileATriggerIsSwitchedOff() throws Exception {
    try (Mirror mirror = shop.mirror()) {
      Await.until("it works", Duration.ofSeconds(10), () -> mirror.watermark().isKnown());
      String trigger =
          shop.value(
              Side.OLD,
              "SELECT tgname FROM pg_trigger WHERE tgname LIKE 'crossfade_capture%_u' LIMIT 1");
      String table =
          shop.value(
              Side.OLD,
              "SELECT tgrelid::regclass FROM pg_trigger WHERE tgname = '" + trigger + "'");
      shop.old.execute("ALTER TABLE " + table + " DISABLE TRIGGER " + trigger);
      Await.until("it is noticed", Duration.ofSeconds(10), () -> !mirror.watermark().isKnown());
      shop.old.execute("ALTER TABLE " + table + " ENABLE ALWAYS TRIGGER " + trigger);
      Await.until("it works again", Duration.ofSeconds(10), () -> mirror.watermark().isKnown());
    }
  }

  @Test
  void installingAgainChangesNothing() throws Exception {
    String before =
        shop.value(Side.OLD, "SELECT string_agg(oid::text, ',' ORDER BY oid) FROM pg_trigger");
    shop.install();
    assertThat(
            shop.value(Side.OLD, "SELECT string_agg(oid::text, ',' ORDER BY oid) FROM pg_trigger"))
        .isEqualTo(before);
  }
}
