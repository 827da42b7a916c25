package dev.crossfade.mirror;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.core.migration.Side;
import dev.crossfade.sql.image.SyncPlan;
import dev.crossfade.testkit.process.Await;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A row of the log that stands for any entity makes all of them equal, whoever dies meanwhile. */
class MarkerIT {
  private static final int ROWS = 700;
  private static final int BATCH = 32;
  private static Shop shop;
  private static Connection old;

  @BeforeAll
  static void start() throws Exception {
    shop = Shop.start();
    old = shop.old.connect("postgres");
  }

  @AfterAll
  static void stop() throws SQLException {
    old.close();
    shop.close();
  }

  /** Nothing of what old has is on new, where there is something else. */
  @BeforeEach
  void differ() throws Exception {
    shop.next.execute(
        "SET crossfade.applying = on",
        "TRUNCATE people, contacts, purchases, employees",
        "INSERT INTO people SELECT i, 'Gone', NULL, 0, now() FROM generate_series(600, 1000) i");
    shop.old.execute(
        "TRUNCATE customers CASCADE",
        "TRUNCATE staff, ranks",
        "INSERT INTO customers SELECT i, 'A' || i || ' B', i || '@x', CASE i WHEN 77 THEN"
            + " -1000000000 ELSE i END, now() FROM generate_series(1, "
            + ROWS
            + ") i",
        "TRUNCATE crossfade.mutation, crossfade.dead_letter, crossfade.backfill");
  }

  private static void mark() throws SQLException {
    shop.old.execute(
        "INSERT INTO crossfade.mutation (entity_group, key) SELECT number, NULL FROM"
            + " crossfade.entity_group WHERE name = 'public.customers'");
  }

  private static SyncPlan customers() {
    return shop.up.stream()
        .filter(plan -> plan.group().equals("public.customers"))
        .findFirst()
        .orElseThrow();
  }

  private static Drain drain(MirrorConnections connections) throws SQLException {
    SyncPlan customers = customers();
    MutationLog log = requireNonNull(MutationLog.open(connections.log(), customers));
    return new Drain(
        List.of(Drain.Group.of(log, new Sync(customers, connections), MirrorMeters.NONE)),
        1,
        MirrorMeters.NONE);
  }

  private static MirrorConnections connections() throws SQLException {
    return MirrorConnections.open(shop.endpoint(Side.OLD), shop.endpoint(Side.NEW));
  }

  private static String value(String sql) throws SQLException {
    return String.valueOf(Shop.rows(old, sql).getFirst().getFirst());
  }

  private static long count(String condition) throws SQLException {
    return Long.parseLong(value("SELECT count(*) FROM crossfade.mutation WHERE " + condition));
  }

  private static String position() throws SQLException {
    return value("SELECT max(part || ' ' || coalesce(after::text, '-')) FROM crossfade.walk");
  }

  /** Until nothing is left; fails when the marker goes before what it stands for has arrived. */
  private static void carryAll(Drain drain) throws SQLException {
    for (int steps = 0; count("true") > 0; steps++) {
      assertThat(steps).isLessThan(1_000);
      drain.step(BATCH, Drain.Arrival.UNHEARD);
      assertThat(count("key IS NULL") > 0 || count("true") == 0).isTrue();
    }
  }

  private static void assertAllButOneHaveArrived() throws SQLException {
    shop.old.execute("UPDATE customers SET balance_cents = 0 WHERE id = 77");
    assertThat(count("true")).isEqualTo(1);
    assertThat(value("SELECT string_agg(key::text, '') FROM crossfade.dead_letter"))
        .isEqualTo("{77}");
    try (MirrorConnections connections = connections()) {
      assertThat(drain(connections).step(BATCH, Drain.Arrival.UNHEARD)).isEqualTo(1);
    }
    assertThat(shop.found()).isEqualTo(shop.wanted());
  }

  @Test
  void everyEntityOfEitherSideIsMadeEqualAndOneThatCanNotBeStandsForItself() throws Exception {
    mark();
    try (MirrorConnections connections = connections()) {
      carryAll(drain(connections));
    }
    assertAllButOneHaveArrived();
    assertThat(position()).isEqualTo("null");
  }

  @Test
  void anotherOneGoesOnWhereTheFirstHasDied() throws Exception {
    mark();
    try (MirrorConnections connections = connections()) {
      Drain drain = drain(connections);
      for (int steps = 0; !position().startsWith("0 {"); steps++) {
        assertThat(steps).isLessThan(100);
        drain.step(BATCH, Drain.Arrival.UNHEARD);
      }
    }
    String reached = position();
    assertThat(count("key IS NOT NULL")).isLessThanOrEqualTo(4 * BATCH);
    try (MirrorConnections connections = connections()) {
      Drain drain = drain(connections);
      drain.step(BATCH, Drain.Arrival.UNHEARD);
      assertThat(Integer.parseInt(position().replaceAll("0 .(\\d+).", "$1")))
          .isGreaterThan(Integer.parseInt(reached.replaceAll("0 .(\\d+).", "$1")));
      carryAll(drain);
    }
    assertAllButOneHaveArrived();
  }

  @Test
  void thoseThatHavePiledUpAreOneWalkAndThoseThatComeLaterAnother() throws Exception {
    for (int i = 0; i < 30; i++) {
      mark();
    }
    try (MirrorConnections connections = connections()) {
      Drain drain = drain(connections);
      drain.step(BATCH, Drain.Arrival.UNHEARD);
      assertThat(count("key IS NULL")).isEqualTo(1);
      mark();
      assertThat(count("key IS NULL")).isEqualTo(2);
      long first = ids();
      carryAll(drain);
      // Customers, people and contacts, for the first and for the second.
      assertThat(ids() - first).isLessThan(6 * (ROWS + 400));
    }
    assertAllButOneHaveArrived();
  }

  private static long ids() throws SQLException {
    return Long.parseLong(value("SELECT last_value FROM crossfade.mutation_id_seq"));
  }

  /** Nothing else tells that the titles of all of them have changed. */
  @Test
  void whatATableThatIsNotMappedGivesToImagesArrives() throws Exception {
    shop.old.execute(
        "INSERT INTO ranks VALUES (1, 'clerk')",
        "INSERT INTO staff SELECT i, NULL, i, 1 FROM generate_series(1, 300) i");
    try (Mirror mirror = shop.mirror()) {
      Shop.awaitArrival(mirror);
      shop.old.execute("UPDATE ranks SET title = 'chief'");
      Shop.awaitArrival(mirror);
    }
    assertThat(shop.value(Side.NEW, "SELECT count(*) FROM employees WHERE title = 'chief'"))
        .isEqualTo("300");
    assertThat(shop.found().get("public.employees"))
        .isEqualTo(shop.wanted().get("public.employees"));
  }

  /** What he inserts is in no list of keys: old has it no more, and new has it not yet. */
  @Test
  void whoHasReadBeforeTheMarkerAndWritesAfterItIsWaitedFor() throws Exception {
    // No entity that happens to have the same lock.
    shop.old.execute("DELETE FROM customers", "TRUNCATE crossfade.mutation");
    try (Connection slow = shop.next.connect("postgres");
        ExecutorService threads = Executors.newSingleThreadExecutor()) {
      slow.setAutoCommit(false);
      slow.createStatement().execute("SET LOCAL crossfade.applying = on");
      try (PreparedStatement lock = slow.prepareStatement(customers().lock())) {
        lock.setArray(1, slow.createArrayOf("text", new String[] {"5000"}));
        lock.execute();
      }
      slow.createStatement().execute("INSERT INTO people VALUES (5000, 'Late', NULL, 0, now())");
      mark();
      Future<?> carrying =
          threads.submit(
              () -> {
                try (MirrorConnections connections = connections()) {
                  carryAll(drain(connections));
                }
                return null;
              });
      Await.until(
          "it waits for the lock",
          () ->
              shop.value(
                      Side.NEW,
                      "SELECT count(*) FROM pg_stat_activity WHERE application_name ="
                          + " 'crossfade-mirror' AND wait_event_type = 'Lock'")
                  .equals("1"));
      slow.commit();
      carrying.get(60, TimeUnit.SECONDS);
    }
    assertThat(shop.found()).isEqualTo(shop.wanted());
  }

  private static final String BEGUN =
      "INSERT INTO crossfade.backfill VALUES ('shop', 'public.customers', '{9}', '{9}', 9, 0)";

  private static String trigger() throws SQLException {
    return value(
        "SELECT tgname FROM pg_trigger WHERE tgrelid = 'customers'::regclass AND tgname LIKE"
            + " 'crossfade_capture%_u'");
  }

  @Test
  void whatWasWrittenWhileATriggerWasOffArrivesWhenItIsBackThoughNobodyInstalls() throws Exception {
    shop.old.execute(BEGUN, "UPDATE customers SET balance_cents = 0 WHERE id = 77");
    String trigger = trigger();
    try (Mirror mirror = shop.mirror()) {
      Await.until("it works", () -> mirror.watermark().isKnown());
      shop.old.execute("ALTER TABLE customers DISABLE TRIGGER " + trigger);
      Await.until("it is noticed", () -> !mirror.watermark().isKnown());
    }
    shop.old.execute(
        "UPDATE customers SET full_name = 'Not Logged'",
        "ALTER TABLE customers ENABLE ALWAYS TRIGGER " + trigger);
    try (Mirror mirror = shop.mirror()) {
      Await.until("another one works", () -> mirror.watermark().isKnown());
      Shop.awaitArrival(mirror);
    }
    assertThat(value("SELECT count(*) FROM crossfade.gap")).isEqualTo("0");
    assertThat(shop.found()).isEqualTo(shop.wanted());
  }

  @Test
  void whatWasWrittenWhileATriggerWasGoneArrivesWhenItIsInstalled() throws Exception {
    shop.old.execute(BEGUN, "UPDATE customers SET balance_cents = 0 WHERE id = 77");
    shop.old.execute(
        "DROP TRIGGER " + trigger() + " ON customers",
        "UPDATE customers SET full_name = 'Not Logged'");
    shop.install();
    assertThat(count("key IS NULL")).isEqualTo(1);
    try (MirrorConnections connections = connections()) {
      carryAll(drain(connections));
    }
    assertThat(shop.found()).isEqualTo(shop.wanted());
  }

  @Test
  void beforeABackfillHasBegunThereIsNoGap() throws Exception {
    shop.old.execute("DROP TRIGGER " + trigger() + " ON customers");
    shop.install();
    assertThat(count("true")).isEqualTo(0);
  }
}
