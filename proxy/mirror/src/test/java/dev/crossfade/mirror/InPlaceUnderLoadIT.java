package dev.crossfade.mirror;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.core.migration.Side;
import dev.crossfade.sql.image.SyncPlan;
import dev.crossfade.testkit.process.Await;
import java.io.IOException;
import java.io.StringReader;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;

/**
 * Many write in every way, on whichever side takes it, at every level of isolation, while entities
 * are carried and the authority goes to and fro: at no moment does anybody see the sides differ.
 */
class InPlaceUnderLoadIT {
  private static final int CLIENTS = 8;
  private static final int CUSTOMERS = 60;
  private static final int BASKETS = 12;
  private static final Duration BOUND = Duration.ofSeconds(180);
  private static final String FENCED = "CF001";

  /**
   * What a writer has to expect of others: the same key or value, a row that is gone, a deadlock.
   */
  private static final Set<String> EXPECTED = Set.of("23505", "23503", "40001", "40P01", FENCED);

  private final AtomicInteger written = new AtomicInteger();
  private final AtomicInteger refused = new AtomicInteger();
  private final AtomicLong ids = new AtomicLong(1_000_000);
  private volatile boolean ended;

  @Test
  void nobodyEverSeesADifference() throws Exception {
    long seed = System.nanoTime();
    try (Store store = Store.start();
        ExecutorService threads = Executors.newFixedThreadPool(CLIENTS + 1);
        Connection looking = store.connect()) {
      store.server.execute(
          "INSERT INTO customers SELECT i, 'Customer ' || i, i || '@x', 1000 FROM"
              + " generate_series(1, "
              + CUSTOMERS
              + ") AS i",
          "ALTER TABLE customers ALTER id RESTART WITH 5000",
          "INSERT INTO baskets SELECT i, 'o' || i FROM generate_series(1, " + BASKETS + ") AS i");
      List<Future<?>> clients = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        Random random = new Random(seed + i);
        clients.add(threads.submit(() -> write(store, random)));
      }
      Future<Integer> carrying = threads.submit(() -> carry(store));
      Side authority = Side.OLD;
      int looked = 0;
      int moved = 0;
      long end = System.nanoTime() + BOUND.toNanos();
      while ((written.get() < 1_500 || moved < 3) && System.nanoTime() < end) {
        assertThat(Store.value(looking, store.differences(Side.OLD)))
            .as("seed %d, after %d", seed, written.get())
            .isEqualTo("0");
        assertThat(Store.value(looking, store.differences(Side.NEW)))
            .as("seed %d, after %d", seed, written.get())
            .isEqualTo("0");
        looked++;
        if (looked % 15 == 0) {
          boolean flipped = flipped(store, authority);
          authority = flipped ? authority.other() : authority;
          moved += flipped ? 1 : 0;
        }
      }
      ended = true;
      for (Future<?> client : clients) {
        client.get(60, TimeUnit.SECONDS);
      }
      assertThat(carrying.get(60, TimeUnit.SECONDS)).as("backfills").isPositive();
      assertThat(written.get()).as("written, %d refused", refused.get()).isGreaterThan(1_000);
      assertThat(moved).as("flips").isGreaterThan(2);
      assertThat(Store.value(looking, store.differences(Side.OLD))).isEqualTo("0");
      assertThat(Store.value(looking, "SELECT count(*) FROM crossfade.mutation")).isEqualTo("0");
      assertThat(verified(store, authority)).isZero();
    }
  }

  /** It may be in vain, for a backfill runs. */
  private static boolean flipped(Store store, Side authority) throws FlipException {
    try {
      new Flip(
              store.link(authority),
              store.link(authority.other()),
              new Flip.Settings(Duration.ofSeconds(20), Duration.ofSeconds(10)),
              step -> {})
          .run();
      return true;
    } catch (FlipException e) {
      assertThat(e.kind()).isIn(FlipException.Kind.REFUSED, FlipException.Kind.UNDONE);
      return false;
    }
  }

  private static long verified(Store store, Side authority) throws SQLException {
    long[] drifted = new long[1];
    new Verify(
            store.plans(authority), store.endpoint(), store.endpoint(), new Verify.Settings(100, 1))
        .run(
            new Verify.Findings() {
              @Override
              public void compared(String group, long rows) {}

              @Override
              public void drift(SyncPlan plan, List<String> key) {
                drifted[0]++;
              }

              @Override
              public void restless(SyncPlan plan, List<String> key) {
                drifted[0]++;
              }
            });
    return drifted[0];
  }

  /** Over and over, as long as old has the authority. */
  private int carry(Store store) throws SQLException {
    int done = 0;
    while (!ended) {
      try {
        if (new Backfill(
                store.up, store.endpoint(), store.endpoint(), new Backfill.Settings(20, 5_000, 2))
            .run(true, new Quiet())) {
          done++;
        }
      } catch (SQLException e) {
        assertThat(e.getSQLState()).isIn(FENCED, "55P03", "40P01", "CF003");
      }
      int until = written.get() + 200;
      Await.until("others write", BOUND, () -> ended || written.get() > until);
    }
    return done;
  }

  record Quiet() implements Backfill.Progress {
    @Override
    public boolean reached(Backfill.Position position) {
      return true;
    }

    @Override
    public boolean waits(long pending) {
      return true;
    }

    @Override
    public void failed(String table, List<String> key, SQLException why) {
      throw new AssertionError(table + key, why);
    }
  }

  private void write(Store store, Random random) {
    try (Connection connection = store.connect();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      while (!ended) {
        try {
          String isolation =
              List.of("READ COMMITTED", "READ COMMITTED", "REPEATABLE READ", "SERIALIZABLE")
                  .get(random.nextInt(4));
          statement.execute("SET TRANSACTION ISOLATION LEVEL " + isolation);
          String authority = Store.value(connection, "SELECT authority FROM crossfade.fence");
          for (int i = 0; i <= random.nextInt(3); i++) {
            if (authority.equals("OLD")) {
              writeOld(connection, statement, random);
            } else {
              writeNew(statement, random);
            }
          }
          if (random.nextInt(8) == 0) {
            connection.rollback();
          } else {
            connection.commit();
            written.incrementAndGet();
          }
        } catch (SQLException e) {
          connection.rollback();
          refused.incrementAndGet();
          assertThat(e.getSQLState()).as(e.getMessage()).isIn(EXPECTED);
        }
      }
    } catch (SQLException | IOException e) {
      throw new AssertionError(e);
    }
  }

  private void writeOld(Connection connection, Statement statement, Random random)
      throws SQLException, IOException {
    int one = 1 + random.nextInt(CUSTOMERS);
    int other = 1 + random.nextInt(CUSTOMERS);
    int basket = 1 + random.nextInt(BASKETS);
    long id = ids.incrementAndGet();
    switch (random.nextInt(12)) {
      case 0 ->
          statement.execute(
              "UPDATE customers SET balance_cents = balance_cents + CASE id WHEN %d THEN 5 ELSE -5 END WHERE id IN (%d, %d)"
                  .formatted(one, one, other));
      case 1 ->
          statement.execute(
              "UPDATE customers SET id = %d WHERE id = %d; UPDATE customers SET id = %d WHERE id = %d"
                  .formatted(id, one, one, id));
      case 2 ->
          connection
              .unwrap(PGConnection.class)
              .getCopyAPI()
              .copyIn(
                  "COPY customers (id, full_name) FROM STDIN",
                  new StringReader(id + "\tNew One\n" + ids.incrementAndGet() + "\tNew\n"));
      case 3 ->
          statement.execute(
              "SAVEPOINT s; UPDATE customers SET full_name = 'Gone %d'; ROLLBACK TO s; RELEASE s"
                  .formatted(one));
      case 4 ->
          statement.execute(
              "SAVEPOINT s; UPDATE customers SET email = NULL, full_name = 'Kept %d' WHERE id = %d; RELEASE s"
                  .formatted(other, one));
      case 5, 6, 7 ->
          statement.execute(
              "INSERT INTO items VALUES (%d, %d, 'n%d', %d)".formatted(id, basket, id, one));
      case 8 ->
          statement.execute(
              "UPDATE items SET pieces = pieces + 1 WHERE basket_id = %d AND id %% 2 = %d"
                  .formatted(basket, random.nextInt(2)));
      case 9 ->
          statement.execute(
              "DELETE FROM items WHERE basket_id = %d AND id %% 3 = %d"
                  .formatted(basket, random.nextInt(3)));
      case 10 ->
          statement.execute(
              "DELETE FROM baskets WHERE id = %1$d; INSERT INTO baskets VALUES (%1$d, 'again')"
                  .formatted(basket));
      case 11 ->
          statement.execute(
              "INSERT INTO customers VALUES (%d, 'Up Sert') ON CONFLICT (id) DO UPDATE SET balance_cents = customers.balance_cents + 1"
                  .formatted(one));
      default -> throw new IllegalStateException();
    }
  }

  private void writeNew(Statement statement, Random random) throws SQLException {
    int one = 1 + random.nextInt(CUSTOMERS);
    int basket = 1 + random.nextInt(BASKETS);
    long id = ids.incrementAndGet();
    switch (random.nextInt(5)) {
      case 0 ->
          statement.execute(
              "UPDATE people SET balance = balance + 1, family_name = 'F' WHERE id = " + one);
      case 1 ->
          statement.execute(
              "INSERT INTO people (given_name, family_name, balance) VALUES ('G', 'H', 1)");
      case 2 ->
          statement.execute(
              "INSERT INTO contacts VALUES (%d, '%d@y') ON CONFLICT (person_id) DO UPDATE SET email = excluded.email"
                  .formatted(one, id));
      case 3 ->
          statement.execute(
              "INSERT INTO positions VALUES (%d, %d, 'n%d', 1); UPDATE carts SET pieces = pieces + 1 WHERE id = %d"
                  .formatted(id, basket, id, basket));
      case 4 ->
          statement.execute(
              "WITH gone AS (DELETE FROM positions WHERE cart_id = %1$d AND id %% 3 = 0 RETURNING pieces) UPDATE carts SET pieces = pieces - (SELECT coalesce(sum(pieces), 0) FROM gone) WHERE id = %1$d"
                  .formatted(basket));
      default -> throw new IllegalStateException();
    }
  }
}
