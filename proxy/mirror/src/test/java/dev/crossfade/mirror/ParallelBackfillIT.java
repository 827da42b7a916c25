package dev.crossfade.mirror;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import dev.crossfade.core.migration.Side;
import dev.crossfade.mirror.Backfill.Position;
import dev.crossfade.sql.image.SyncPlan;
import dev.crossfade.testkit.process.Await;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Several workers of one backfill really work at once, and nothing is lost or skipped by it. */
@Timeout(120)
class ParallelBackfillIT {
  private static final int ROWS = 2_000;
  private static final int CHUNK = 100;
  private static final Duration PATIENCE = Duration.ofSeconds(30);
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
        "INSERT INTO orders SELECT i, i, i * 1.50, 'n' FROM generate_series(1, " + ROWS + ") i",
        "TRUNCATE crossfade.mutation, crossfade.backfill, crossfade.walk");
    shop.next.execute(
        "SET crossfade.applying = on", "TRUNCATE people, contacts, purchases, employees");
  }

  /** Goes on for as long as it is wanted. */
  private static class Notes implements Backfill.Progress {
    final List<Position> positions = new ArrayList<>();
    final List<String> failures = new ArrayList<>();

    @Override
    public boolean reached(Position position) {
      positions.add(position);
      return true;
    }

    @Override
    public boolean waits(long pending) {
      return true;
    }

    @Override
    public void failed(String table, List<String> key, SQLException why) {
      failures.add(table + key + why.getSQLState());
    }
  }

  private static Backfill backfill(int workers) {
    return new Backfill(
        shop.up,
        shop.endpoint(Side.OLD),
        shop.endpoint(Side.NEW),
        new Backfill.Settings(CHUNK, 1_000_000, workers));
  }

  /** Keeps whoever writes this entity on new waiting. */
  private static Connection blocked(int id) throws SQLException {
    Connection connection = shop.next.connect("postgres");
    connection.setAutoCommit(false);
    try (Statement statement = connection.createStatement()) {
      statement.execute("SET crossfade.applying = on");
      statement.execute("INSERT INTO people VALUES (" + id + ", 'X', NULL, 0, now())");
    }
    return connection;
  }

  private static void awaitPeople(String condition, int count) {
    Await.until(
        count + " of " + condition,
        PATIENCE,
        () ->
            shop.value(Side.NEW, "SELECT count(*) FROM people WHERE " + condition)
                .equals("" + count));
  }

  private static String after() throws SQLException {
    return shop.value(
        Side.OLD, "SELECT after FROM crossfade.backfill WHERE relation = 'public.customers'");
  }

  @Test
  void workersCarryTheirChunksAtOnceAndOnlyWhatIsWholeIsNoted() throws Exception {
    Notes notes = new Notes();
    try (ExecutorService thread = Executors.newSingleThreadExecutor();
        Connection blocked = blocked(10)) {
      Future<Boolean> run = thread.submit(() -> backfill(4).run(false, notes));
      awaitPeople("id BETWEEN 101 AND 400", 300);
      assertThat(after()).isEqualTo("null");
      assertThat(shop.value(Side.NEW, "SELECT count(*) FROM people")).isEqualTo("300");
      blocked.rollback();
      assertThat(run.get(60, TimeUnit.SECONDS)).isTrue();
    }
    assertThat(notes.failures).isEmpty();
    assertThat(notes.positions.stream().filter(at -> at.table().equals("public.customers")))
        .extracting(at -> requireNonNull(at.after()).getFirst())
        .containsExactlyElementsOf(
            IntStream.rangeClosed(1, ROWS / CHUNK).mapToObj(i -> "" + i * CHUNK).toList());
    assertThat(shop.found()).isEqualTo(shop.wanted());
  }

  @Test
  void oneWorkerDoesNotWorkAhead() throws Exception {
    try (ExecutorService thread = Executors.newSingleThreadExecutor();
        Connection blocked = blocked(110)) {
      Future<Boolean> run = thread.submit(() -> backfill(1).run(false, new Notes()));
      awaitPeople("true", 100);
      Await.until("the second chunk waits", PATIENCE, () -> waiting() == 1);
      assertThat(after()).isEqualTo("{100}");
      blocked.rollback();
      assertThat(run.get(60, TimeUnit.SECONDS)).isTrue();
    }
    assertThat(shop.found()).isEqualTo(shop.wanted());
  }

  private static long waiting() throws SQLException {
    return Long.parseLong(
        shop.value(
            Side.NEW,
            "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'crossfade-mirror' AND"
                + " wait_event_type = 'Lock'"));
  }

  @Test
  void afterADeathAtMostOneChunkOfEachWorkerIsDoneTwice() throws Exception {
    try (ExecutorService thread = Executors.newSingleThreadExecutor();
        Connection blocked = blocked(110)) {
      Future<Boolean> run = thread.submit(() -> backfill(4).run(false, new Notes()));
      awaitPeople("id <= 100 OR id BETWEEN 201 AND 500", 400);
      Await.until("a chunk is noted", PATIENCE, () -> after().equals("{100}"));
      shop.old.execute(
          "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name ="
              + " 'crossfade-mirror'");
      shop.next.execute(
          "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name ="
              + " 'crossfade-mirror'");
      assertThatThrownBy(() -> run.get(60, TimeUnit.SECONDS))
          .isInstanceOf(ExecutionException.class)
          .hasCauseInstanceOf(SQLException.class);
      blocked.rollback();
    }
    assertThat(after()).isEqualTo("{100}");
    // Five chunks were handed out at most, of which one is noted.
    assertThat(shop.value(Side.NEW, "SELECT max(id) <= 500 FROM people")).isEqualTo("t");
    assertThat(backfill(3).run(false, new Notes())).isTrue();
    assertThat(shop.found()).isEqualTo(shop.wanted());
  }

  @Test
  void anErrorOfOneStopsTheOthersAndTheRestIsDoneLater() throws Exception {
    shop.next.execute(
        """
        CREATE FUNCTION public.sick() RETURNS trigger LANGUAGE plpgsql AS $$
          BEGIN RAISE EXCEPTION 'the disk is full' USING ERRCODE = '53100'; END $$
        """,
        "CREATE TRIGGER sick BEFORE INSERT ON people FOR EACH ROW WHEN (NEW.id = 950) EXECUTE"
            + " FUNCTION public.sick()");
    Notes notes = new Notes();
    try {
      assertThatThrownBy(() -> backfill(4).run(false, notes))
          .asInstanceOf(type(SQLException.class))
          .extracting(SQLException::getSQLState)
          .isEqualTo("53100");
    } finally {
      shop.next.execute("DROP TRIGGER sick ON people", "DROP FUNCTION public.sick()");
    }
    assertThat(after()).isEqualTo("{900}");
    assertThat(shop.value(Side.NEW, "SELECT max(id) <= 1300 FROM people")).isEqualTo("t");
    assertThat(notes.positions).hasSize(9);
    assertThat(backfill(4).run(false, notes)).isTrue();
    assertThat(shop.found()).isEqualTo(shop.wanted());
  }

  @Test
  void itStopsAfterTheChunksThatAreUnderWayAndToldOfThem() throws Exception {
    Notes notes =
        new Notes() {
          @Override
          public boolean reached(Position position) {
            super.reached(position);
            return positions.size() < 3;
          }
        };
    assertThat(backfill(4).run(false, notes)).isFalse();
    Position last = notes.positions.getLast();
    assertThat(last.entities()).isBetween(300L, 700L);
    assertThat(after()).isEqualTo("{" + last.entities() + "}");
    assertThat(shop.value(Side.NEW, "SELECT count(*) FROM people")).isEqualTo("" + last.entities());
  }

  /** Its log is lost, and so is the lock there; but one of its workers is still at work. */
  @Test
  void noOtherBackfillBeginsWhileAWorkerOfALostOneIsAtWork() throws Exception {
    try (ExecutorService thread = Executors.newSingleThreadExecutor();
        Connection blocked = blocked(10)) {
      Future<Boolean> lost = thread.submit(() -> backfill(2).run(false, new Notes()));
      awaitPeople("id BETWEEN 101 AND 200", 100);
      Await.until("the first chunk waits", PATIENCE, () -> waiting() == 1);
      shop.old.execute(
          "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name ="
              + " 'crossfade-mirror'");
      assertThatThrownBy(() -> backfill(2).run(false, new Notes()))
          .asInstanceOf(type(SQLException.class))
          .extracting(SQLException::getSQLState)
          .isEqualTo(BackfillLog.BUSY);
      blocked.rollback();
      assertThatThrownBy(() -> lost.get(60, TimeUnit.SECONDS))
          .hasCauseInstanceOf(SQLException.class);
    }
    assertThat(backfill(2).run(false, new Notes())).isTrue();
    assertThat(shop.found()).isEqualTo(shop.wanted());
  }

  @Test
  void whoLocksInBulkIsAtWorkWithOthersWhoDoButWithNobodyElse() throws Exception {
    SyncPlan plan = shop.up.getFirst();
    try (Connection one = shop.next.connect("postgres");
        Connection two = shop.next.connect("postgres");
        Connection alone = shop.next.connect("postgres")) {
      for (Connection connection : List.of(one, two, alone)) {
        connection.setAutoCommit(false);
        connection.createStatement().execute("SET lock_timeout = '200ms'");
        connection.commit();
      }
      lock(one, plan.bulkLock());
      lock(two, plan.bulkLock());
      assertThatThrownBy(() -> lock(alone, plan.lock())).hasMessageContaining("lock timeout");
      alone.rollback();
      assertThatThrownBy(() -> alone.createStatement().execute(plan.settle()))
          .hasMessageContaining("lock timeout");
      alone.rollback();
      one.rollback();
      two.rollback();
      lock(alone, plan.lock());
      assertThatThrownBy(() -> lock(one, plan.bulkLock())).hasMessageContaining("lock timeout");
    }
  }

  private static void lock(Connection connection, String sql) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setArray(1, connection.createArrayOf("text", new String[] {"1", "2"}));
      statement.execute();
    }
  }

  /** A value that only one row may have goes from entity to entity, all over the key ranges. */
  @Test
  void whatIsWrittenMeanwhileAndWhatWasThereBeforeComeToTheSame() throws Exception {
    AtomicBoolean ended = new AtomicBoolean();
    List<Future<?>> running = new ArrayList<>();
    try (ExecutorService writers = Executors.newFixedThreadPool(2);
        Mirror mirror = shop.mirror(Mirror.Settings.USUAL, MirrorMeters.NONE)) {
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
        for (int i = 0; i < 4; i++) {
          assertThat(backfill(4).run(true, new Notes())).isTrue();
        }
      } finally {
        ended.set(true);
      }
      for (Future<?> writer : running) {
        writer.get();
      }
      Shop.awaitArrival(mirror);
    }
    assertThat(shop.found()).isEqualTo(shop.wanted());
    assertThat(shop.value(Side.OLD, "SELECT count(*) FROM crossfade.dead_letter")).isEqualTo("0");
  }

  private static void write(Random random, AtomicBoolean ended) throws SQLException {
    try (Connection connection = shop.old.connect("postgres");
        Statement statement = connection.createStatement()) {
      while (!ended.get()) {
        int one = 1 + random.nextInt(ROWS / 2);
        int other = ROWS / 2 + 1 + random.nextInt(ROWS / 2);
        statement.execute(
            "UPDATE orders SET total = total + 1 WHERE id IN (" + one + ", " + other + ")");
        statement.execute(
            "UPDATE customers SET email = NULL WHERE id = "
                + one
                + "; UPDATE customers SET email = '"
                + one
                + "@x', balance_cents = balance_cents + 1 WHERE id = "
                + other
                + " AND NOT EXISTS (SELECT FROM customers WHERE email = '"
                + one
                + "@x')");
      }
    }
  }
}
