package dev.crossfade.mirror;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.core.migration.Side;
import dev.crossfade.sql.image.EntityCondition;
import dev.crossfade.sql.image.SyncPlan;
import dev.crossfade.testkit.process.Await;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Every entity that differs is found and no other, also while everybody writes. */
class VerifyIT {
  private static final int ROWS = 3_000;
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
  void fill() throws Exception {
    shop.old.execute(
        "TRUNCATE customers CASCADE",
        "INSERT INTO customers SELECT i, 'A' || i || ' B', i || '@x', i, now() FROM"
            + " generate_series(1, "
            + ROWS
            + ") i",
        "INSERT INTO orders SELECT i, i, i * 1.50, 'n' FROM generate_series(1, " + ROWS + ") i");
    try (Mirror mirror = shop.mirror()) {
      long ticket = mirror.watermark().ticket();
      Await.until(
          "all has arrived", Duration.ofSeconds(90), () -> mirror.watermark().hasArrived(ticket));
    }
  }

  /** What was found, by group and key. */
  private static final class Notes implements Verify.Findings {
    final Set<String> drifted = new ConcurrentSkipListSet<>();
    final List<String> restless = new ArrayList<>();
    final List<List<String>> customers = new ArrayList<>();
    Verify.Position position = Verify.Position.START;
    int chunks = Integer.MAX_VALUE;
    long rows;

    @Override
    public void compared(String group, long compared) {
      rows += compared;
    }

    @Override
    public void drift(SyncPlan plan, List<String> key) {
      drifted.add(plan.group() + key);
      if (plan.group().equals("public.customers")) {
        customers.add(key);
      }
    }

    @Override
    public void restless(SyncPlan plan, List<String> key) {
      restless.add(plan.group() + key);
    }

    @Override
    public boolean reached(SyncPlan plan, Verify.Position reached) {
      position = reached;
      return --chunks > 0;
    }
  }

  private static Notes verified() throws SQLException {
    Notes notes = found();
    assertThat(notes.restless).isEmpty();
    return notes;
  }

  private static Notes found() throws SQLException {
    Notes notes = new Notes();
    verify(500, 3).run(notes);
    return notes;
  }

  private static Verify verify(int chunk, int workers) {
    return new Verify(
        shop.up,
        shop.endpoint(Side.OLD),
        shop.endpoint(Side.NEW),
        new Verify.Settings(chunk, workers));
  }

  private static void spoil(String... statements) throws SQLException {
    String[] all = new String[statements.length + 1];
    all[0] = "SET crossfade.applying = on";
    System.arraycopy(statements, 0, all, 1, statements.length);
    shop.next.execute(all);
  }

  @Test
  void equalSidesHaveNoDrift() throws Exception {
    Notes notes = verified();
    assertThat(notes.drifted).isEmpty();
    assertThat(notes.rows).isEqualTo(3 * ROWS);
  }

  private static final String WORKERS =
      "FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%ranks%' AND"
          + " application_name = 'crossfade-mirror'";

  /** While what images are made of besides their entities is out of reach. */
  private static Notes compared(int workers, String meanwhile) throws Exception {
    shop.old.execute("INSERT INTO staff SELECT i, NULL, i, 1 FROM generate_series(1, 300) i");
    Notes notes = new Notes();
    try (ExecutorService thread = Executors.newSingleThreadExecutor();
        Mirror mirror = shop.mirror();
        Connection blocking = shop.old.connect("postgres")) {
      Shop.awaitArrival(mirror);
      blocking.setAutoCommit(false);
      blocking.createStatement().execute("LOCK TABLE ranks");
      Future<Boolean> run =
          thread.submit(() -> verify(50, workers).run(Verify.Position.START, notes));
      Await.until(
          "all workers wait at once",
          () -> shop.value(Side.OLD, "SELECT count(*) " + WORKERS).equals("" + workers));
      shop.old.execute(meanwhile);
      blocking.rollback();
      run.get(60, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      assertThat(e).hasCauseInstanceOf(SQLException.class);
    } finally {
      shop.old.execute("DELETE FROM staff");
    }
    return notes;
  }

  @Test
  void workersCompareTheirChunksAtOnce() throws Exception {
    Notes notes = compared(4, "SELECT 1");
    assertThat(notes.drifted).isEmpty();
    assertThat(notes.restless).isEmpty();
    assertThat(notes.rows).isEqualTo(3 * ROWS + 300);
  }

  @Test
  void anErrorOfOneWorkerEndsItWhereAllIsCompared() throws Exception {
    Notes notes =
        compared(
            3,
            "SELECT pg_terminate_backend(pid) " + WORKERS + " AND query LIKE '% > (CAST(''100''%'");
    assertThat(notes.position).isEqualTo(new Verify.Position("public.staff", 0, List.of("100")));
    assertThat(notes.drifted).isEmpty();
  }

  @Test
  void whatIsStoppedGoesOnWhereItStood() throws Exception {
    spoil(
        "UPDATE people SET family_name = 'Z' WHERE id IN (1, 700, 1400)",
        "INSERT INTO people VALUES (999999, 'High', NULL, 0, now())",
        "UPDATE purchases SET total = total + 1 WHERE id = " + ROWS);
    Notes notes = new Notes();
    Verify verify = verify(500, 2);
    int runs = 0;
    do {
      assertThat(++runs).isLessThan(100);
      notes.chunks = 2;
    } while (!verify.run(notes.position, notes));
    assertThat(runs).isGreaterThan(3);
    assertThat(notes.rows).isEqualTo(3 * ROWS);
    assertThat(notes.drifted)
        .containsExactlyInAnyOrder(
            "public.customers[1]",
            "public.customers[700]",
            "public.customers[1400]",
            "public.customers[999999]",
            "public.orders[" + ROWS + "]");
  }

  @Test
  void everyKindOfDifferenceIsFoundAndRepaired() throws Exception {
    spoil(
        "UPDATE people SET family_name = 'Z' WHERE id = 17",
        "UPDATE people SET balance = NULLIF(balance, 0) + 0.01 WHERE id = 18",
        "DELETE FROM contacts WHERE person_id = 19",
        "DELETE FROM contacts WHERE person_id = 20",
        "DELETE FROM people WHERE id = 20",
        "INSERT INTO people VALUES (0, 'Low', NULL, 0, now()), (999999, 'High', NULL, 0, now())",
        "UPDATE contacts SET email = 'swap' WHERE person_id = 21",
        "UPDATE contacts SET email = '21@x' WHERE person_id = 22",
        "UPDATE contacts SET email = '22@x' WHERE person_id = 21",
        "UPDATE purchases SET total = total + 1 WHERE id = " + ROWS);
    Notes notes = verified();
    assertThat(notes.drifted)
        .containsExactlyInAnyOrder(
            "public.customers[0]",
            "public.customers[17]",
            "public.customers[18]",
            "public.customers[19]",
            "public.customers[20]",
            "public.customers[21]",
            "public.customers[22]",
            "public.customers[999999]",
            "public.orders[" + ROWS + "]");
    assertThat(
            new Repair(shop.endpoint(Side.OLD), shop.endpoint(Side.NEW))
                .run(customers(), notes.customers))
        .isEmpty();
    assertThat(verified().drifted).containsExactly("public.orders[" + ROWS + "]");
  }

  /** The memory that a comparison takes must not depend on how much one side has too much. */
  @Test
  void noRangeHoldsMoreOfEitherSideThanWasAskedFor() throws Exception {
    spoil(
        "INSERT INTO people SELECT i, 'New', NULL, 0, now() FROM generate_series(-700, 0) i",
        "INSERT INTO people SELECT i, 'New', NULL, 0, now() FROM generate_series(900000, 901299) i",
        "DELETE FROM contacts WHERE person_id BETWEEN 1000 AND 1999",
        "DELETE FROM people WHERE id BETWEEN 1000 AND 1999");
    SyncPlan customers = customers();
    long customersSeen = 0;
    long peopleSeen = 0;
    try (Connection here = shop.old.connect("postgres");
        Connection there = shop.next.connect("postgres")) {
      Ranges ranges = new Ranges(customers, new Chunks.Keys(here, there, 500), null);
      for (EntityCondition range = ranges.next(); range != null; range = ranges.next()) {
        String within = " WHERE " + range.on(List.of("id"));
        long old = count(Side.OLD, "customers" + within);
        long next = count(Side.NEW, "people" + within);
        assertThat(old).isLessThanOrEqualTo(500);
        assertThat(next).isLessThanOrEqualTo(500);
        customersSeen += old;
        peopleSeen += next;
      }
    }
    assertThat(customersSeen).isEqualTo(ROWS);
    assertThat(peopleSeen).isEqualTo(701 + 1_300 + ROWS - 1_000);
    Notes notes = verified();
    assertThat(notes.drifted).hasSize(701 + 1_300 + 1_000);
    assertThat(
            new Repair(shop.endpoint(Side.OLD), shop.endpoint(Side.NEW))
                .run(customers, notes.customers))
        .isEmpty();
    assertThat(verified().drifted).isEmpty();
  }

  private static long count(Side side, String from) throws SQLException {
    return Long.parseLong(shop.value(side, "SELECT count(*) FROM " + from));
  }

  private static SyncPlan customers() {
    return shop.up.stream()
        .filter(plan -> plan.group().equals("public.customers"))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void whatIsOnItsWayIsNoDrift() throws Exception {
    spoil("UPDATE people SET family_name = 'Z' WHERE id = 99");
    try (Mirror mirror = shop.mirror();
        ExecutorService writers = Executors.newFixedThreadPool(2)) {
      AtomicBoolean ended = new AtomicBoolean();
      List<Future<?>> running = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        Random random = new Random(i);
        running.add(
            writers.submit(
                () -> {
                  write(random, ended);
                  return null;
                }));
      }
      try {
        for (int i = 0; i < 3; i++) {
          assertThat(found().drifted).containsExactly("public.customers[99]");
        }
      } finally {
        ended.set(true);
      }
      for (Future<?> writer : running) {
        writer.get();
      }
      mirror.kick();
    }
  }

  private static void write(Random random, AtomicBoolean ended) throws SQLException {
    try (Connection connection = shop.old.connect("postgres");
        Statement statement = connection.createStatement()) {
      while (!ended.get()) {
        int id = 100 + random.nextInt(ROWS - 100);
        statement.execute(
            "UPDATE customers SET balance_cents = balance_cents + 1 WHERE id = " + id);
        statement.execute("UPDATE orders SET total = total + 1 WHERE id = " + id);
      }
    }
  }
}
