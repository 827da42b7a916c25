package dev.crossfade.mirror;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.core.migration.Side;
import dev.crossfade.testkit.process.Await;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/**
 * The authority goes to and fro while many write on whichever side takes it: each acknowledged
 * write is there once, and only once, in the end.
 */
class FlipUnderLoadIT {
  private static final int CLIENTS = 8;
  private static final int FLIPS = 20;
  private static final int CUSTOMERS = 40;
  private static final Duration BOUND = Duration.ofSeconds(60);
  private static final Duration MAX_PAUSE = Duration.ofSeconds(2);

  /** More than any client opens: each has numbers of its own. */
  private static final int CUSTOMERS_OF_A_CLIENT = 1_000_000;

  private final AtomicInteger acknowledged = new AtomicInteger();
  private volatile boolean ended;

  /**
   * What one client was told of.
   *
   * @param added by customer, in whole units
   * @param opened customers of its own
   */
  private record Account(Map<Integer, Integer> added, List<Integer> opened) {}

  @Test
  void everyAcknowledgedWriteIsThereOnce() throws Exception {
    try (Shop shop = Shop.start();
        ExecutorService threads = Executors.newFixedThreadPool(CLIENTS)) {
      shop.old.execute(
          "INSERT INTO customers SELECT i, 'Customer ' || i, NULL, 0 FROM generate_series(0, "
              + (CUSTOMERS - 1)
              + ") AS i");
      List<Future<Account>> clients = new ArrayList<>();
      List<Duration> pauses = new ArrayList<>();
      Mirror.Settings settings =
          new Mirror.Settings(64, Duration.ofMillis(20), Duration.ofSeconds(5), 10);
      try (Mirror forth = Mirror.start(shop.link(Side.OLD), settings, MirrorMeters.NONE);
          Mirror back = Mirror.start(shop.link(Side.NEW), settings, MirrorMeters.NONE)) {
        for (int i = 0; i < CLIENTS; i++) {
          Client client = new Client(shop, i);
          clients.add(threads.submit(client::run));
        }
        Side authority = Side.OLD;
        for (int flip = 0; flip < FLIPS; flip++) {
          int until = acknowledged.get() + 100;
          Await.until("the clients write", BOUND, () -> acknowledged.get() > until);
          authority = authority.other();
          pauses.add(
              new Flip(
                      shop.link(authority.other()),
                      shop.link(authority),
                      new Flip.Settings(BOUND, MAX_PAUSE),
                      step -> {})
                  .run()
                  .pause());
        }
        ended = true;
        Account all = new Account(new TreeMap<>(), new ArrayList<>());
        for (Future<Account> client : clients) {
          Account account = client.get(60, TimeUnit.SECONDS);
          account.added().forEach((id, units) -> all.added().merge(id, units, Integer::sum));
          all.opened().addAll(account.opened());
        }
        forth.kick();
        back.kick();
        Await.until("all has arrived", BOUND, () -> pending(shop) == 0);
        assertThat(shop.found()).isEqualTo(shop.wanted());
        assertThat(balances(shop)).isEqualTo(expected(all));
        assertThat(pauses).hasSize(FLIPS).allMatch(pause -> pause.compareTo(MAX_PAUSE) < 0);
      }
    }
  }

  private static long pending(Shop shop) throws SQLException {
    long pending = 0;
    for (Side side : Side.values()) {
      for (String table : List.of("mutation", "dead_letter")) {
        pending += Long.parseLong(shop.value(side, "SELECT count(*) FROM crossfade." + table));
      }
    }
    return pending;
  }

  private static Map<Integer, Integer> expected(Account all) {
    Map<Integer, Integer> expected = new TreeMap<>();
    for (int i = 0; i < CUSTOMERS; i++) {
      expected.put(i, 0);
    }
    all.opened().forEach(id -> expected.put(id, 1));
    expected.putAll(all.added());
    return expected;
  }

  private static Map<Integer, Integer> balances(Shop shop) throws SQLException {
    Map<Integer, Integer> balances = new TreeMap<>();
    try (Connection connection = shop.old.connect("postgres")) {
      for (List<String> row :
          Shop.rows(connection, "SELECT id, balance_cents / 100 FROM customers")) {
        balances.put(Integer.valueOf(row.get(0)), Integer.valueOf(row.get(1)));
      }
    }
    return balances;
  }

  /**
   * One that goes where its writes are taken, as a sidecar does for those who know nothing of it.
   */
  private final class Client {
    private final Shop shop;
    private final Random random;
    private final Account account = new Account(new TreeMap<>(), new ArrayList<>());
    private Side side = Side.OLD;
    private int next;

    Client(Shop shop, int number) {
      this.shop = shop;
      this.random = new Random(number);
      this.next = CUSTOMERS_OF_A_CLIENT * (number + 1);
    }

    Account run() throws SQLException {
      Map<Side, Connection> connections =
          Map.of(Side.OLD, shop.old.connect("postgres"), Side.NEW, shop.next.connect("postgres"));
      try {
        while (!ended) {
          switch (random.nextInt(4)) {
            case 0 -> open(connections);
            case 1 -> transfer(connections);
            default -> add(connections);
          }
          acknowledged.incrementAndGet();
        }
        return account;
      } finally {
        for (Connection connection : connections.values()) {
          connection.close();
        }
      }
    }

    private void add(Map<Side, Connection> connections) throws SQLException {
      int id = random.nextInt(CUSTOMERS);
      assertThat(write(connections, false, s -> add(s, id, 1))).containsExactly(1);
      account.added().merge(id, 1, Integer::sum);
    }

    private void transfer(Map<Side, Connection> connections) throws SQLException {
      int from = random.nextInt(CUSTOMERS - 1);
      int to = from + 1 + random.nextInt(CUSTOMERS - 1 - from);
      List<Integer> counts = write(connections, true, s -> add(s, from, -1), s -> add(s, to, 1));
      assertThat(counts).containsExactly(1, 1);
      account.added().merge(from, -1, Integer::sum);
      account.added().merge(to, 1, Integer::sum);
    }

    /** A row that is written again at once: on the other side by then, perhaps. */
    private void open(Map<Side, Connection> connections) throws SQLException {
      int id = next++;
      assertThat(write(connections, false, s -> insert(s, id))).containsExactly(1);
      assertThat(write(connections, false, s -> add(s, id, 1))).containsExactly(1);
      account.opened().add(id);
    }

    private static String add(Side side, int id, int units) {
      return side == Side.OLD
          ? "UPDATE customers SET balance_cents = balance_cents + %d WHERE id = %d"
              .formatted(100 * units, id)
          : "UPDATE people SET balance = balance + %d WHERE id = %d".formatted(units, id);
    }

    private static String insert(Side side, int id) {
      return side == Side.OLD
          ? "INSERT INTO customers VALUES (%d, 'Mr. %d', NULL, 0)".formatted(id, id)
          : "INSERT INTO people VALUES (%d, 'Mr.', '%d', 0, now())".formatted(id, id);
    }

    /** The rows that each statement has changed. */
    @SafeVarargs
    private List<Integer> write(
        Map<Side, Connection> connections,
        boolean transaction,
        Function<Side, String>... statements)
        throws SQLException {
      while (true) {
        Connection connection = Objects.requireNonNull(connections.get(side));
        try (Statement statement = connection.createStatement()) {
          connection.setAutoCommit(!transaction);
          List<Integer> counts = new ArrayList<>();
          for (Function<Side, String> text : statements) {
            counts.add(statement.executeUpdate(text.apply(side)));
          }
          if (transaction) {
            connection.commit();
          }
          return counts;
        } catch (SQLException e) {
          if (transaction) {
            connection.rollback();
          }
          switch (e.getSQLState()) {
            case "CF001" -> side = side.other();
            case "40001", "40P01" -> {}
            default -> throw e;
          }
        }
      }
    }
  }
}
