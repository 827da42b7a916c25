package dev.crossfade.mirror;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.core.migration.Side;
import dev.crossfade.testkit.postgres.EmbeddedServer;
import dev.crossfade.testkit.process.Await;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Many write at once and everything dies now and then; in the end new is the lens of old. */
class ConsistencyIT {
  private static final int CLIENTS = 8;
  private static final int CUSTOMERS = 400;
  private static final long SEED = 20;

  private final AtomicInteger committed = new AtomicInteger();
  private volatile boolean ended;

  @Test
  void newIsTheLensOfOldAfterEverythingHasDiedInTurn() throws Exception {
    try (Shop shop = Shop.start()) {
      try (Mirror first = shop.mirror();
          Mirror second = shop.mirror();
          ExecutorService clients = Executors.newFixedThreadPool(CLIENTS)) {
        List<Future<?>> running = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
          Random random = new Random(SEED + i);
          running.add(clients.submit(() -> write(shop, random)));
        }
        Random random = new Random(SEED);
        for (int round = 0; round < 6; round++) {
          int until = committed.get() + 150;
          Await.until("the clients write", Duration.ofSeconds(60), () -> committed.get() > until);
          strike(shop, round, random);
        }
        ended = true;
        for (Future<?> client : running) {
          client.get(60, TimeUnit.SECONDS);
        }
        long ticket = first.watermark().ticket();
        first.kick();
        second.kick();
        Await.until(
            "all has arrived", Duration.ofSeconds(60), () -> first.watermark().hasArrived(ticket));
      }
      assertThat(shop.found()).isEqualTo(shop.wanted());
      assertThat(shop.value(Side.OLD, "SELECT count(*) FROM crossfade.mutation")).isEqualTo("0");
      assertThat(shop.value(Side.OLD, "SELECT count(*) FROM crossfade.dead_letter")).isEqualTo("0");
    }
  }

  private static void strike(Shop shop, int round, Random random) throws SQLException {
    String mirrors =
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name ="
            + " 'crossfade-mirror'";
    switch (round) {
      case 0, 3 -> shop.old.execute(mirrors + " AND random() < 0." + (3 + random.nextInt(6)));
      case 1, 4 -> shop.next.execute(mirrors);
      case 2 -> restart(shop.next);
      default -> restart(shop.old);
    }
  }

  private static void restart(EmbeddedServer server) {
    server.kill();
    server.startAgain();
  }

  private void write(Shop shop, Random random) {
    while (!ended) {
      try (Connection connection = shop.old.connect("postgres");
          Statement statement = connection.createStatement()) {
        connection.setAutoCommit(false);
        while (!ended) {
          transaction(connection, statement, random);
        }
      } catch (SQLException e) {
        // The server was killed: whatever was under way is open, and the next connection goes on.
        Await.until("old is there again", Duration.ofSeconds(30), () -> answers(shop));
      }
    }
  }

  private static boolean answers(Shop shop) {
    try {
      return shop.value(Side.OLD, "SELECT 1").equals("1");
    } catch (SQLException e) {
      return false;
    }
  }

  private void transaction(Connection connection, Statement statement, Random random)
      throws SQLException {
    try {
      for (int i = random.nextInt(3); i >= 0; i--) {
        statement.execute(statement(random));
      }
      if (random.nextInt(10) == 0) {
        connection.rollback();
      } else {
        connection.commit();
        committed.incrementAndGet();
      }
    } catch (SQLException e) {
      if (e.getSQLState().startsWith("08") || e.getSQLState().startsWith("57")) {
        throw e;
      }
      // A duplicate key, a deadlock: part of life.
      connection.rollback();
    }
  }

  private static String statement(Random random) {
    int id = random.nextInt(CUSTOMERS);
    int other = random.nextInt(CUSTOMERS);
    int mail = random.nextInt(100);
    return switch (random.nextInt(10)) {
      case 0, 1 ->
          "INSERT INTO customers (id, full_name, email, balance_cents) VALUES (%d, 'Ann Bell%d', %s, 10000)"
                  .formatted(id, other, mail < 50 ? "'" + mail + "@x'" : "NULL")
              + " ON CONFLICT DO NOTHING";
      case 2 ->
          "INSERT INTO orders SELECT id * 10 + i, id, i * 2.50, 'n' FROM customers, generate_series(0, 3) AS i WHERE id = %d ON CONFLICT (id) DO UPDATE SET total = orders.total + 1"
              .formatted(id);
      case 3, 4 ->
          "UPDATE customers SET balance_cents = balance_cents + CASE id WHEN %d THEN -7 ELSE 7 END WHERE id IN (%d, %d)"
              .formatted(id, id, other);
      case 5 -> "UPDATE customers SET email = '%d@x' WHERE id = %d".formatted(mail, id);
      case 6 ->
          "UPDATE customers SET email = NULL WHERE id BETWEEN %d AND %d".formatted(id, id + 20);
      case 7 ->
          "UPDATE customers SET id = id + 100000 - 200000 * (id / 100000) WHERE id = %d"
              .formatted(id);
      case 8 -> "DELETE FROM customers WHERE id = %d".formatted(other);
      default ->
          random.nextInt(20) == 0
              ? "TRUNCATE orders"
              : "UPDATE orders SET note = 'm' || total WHERE customer_id = %d".formatted(id);
    };
  }
}
