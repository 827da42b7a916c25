package dev.crossfade.bench.journey;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The service: clients that read and write customers through the sidecar all the time. Each
 * customer belongs to one client, so that it knows at any time what it has to be answered.
 */
public final class Traffic implements AutoCloseable {
  /** What the faulty function on new says; a bare server would say the same. */
  static final String INJECTED = "JX001";

  private static final int CLIENTS = 4;
  private static final int FLAWS_MAX = 20;
  private static final int DELETED_FROM = 10_000;
  private static final Duration SOCKET_TIMEOUT = Duration.ofSeconds(30);
  private static final Duration END_BOUND = Duration.ofSeconds(60);

  /** Between what a client does: the machine has others to serve. */
  private static final long THINKS_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

  private final String url;
  private final List<Client> clients = new ArrayList<>();
  private final List<Thread> threads = new ArrayList<>();
  private final List<String> flaws = new CopyOnWriteArrayList<>();
  private final AtomicLong reads = new AtomicLong();
  private final AtomicLong writes = new AtomicLong();
  private final AtomicLong refused = new AtomicLong();
  private volatile boolean ended;

  /** A customer as the service knows him. */
  public record Customer(String name, @Nullable String email, long cents) {}

  private Traffic(String url) {
    this.url = url + "&socketTimeout=" + SOCKET_TIMEOUT.toSeconds();
  }

  /** The customer that there is at the beginning under this number. */
  static Customer first(long id) {
    return new Customer(
        "Given" + id + " Family" + id, id % 5 == 0 ? null : "c" + id + "@example.org", id * 17);
  }

  /**
   * @param url of the sidecar, with a user
   * @param customers that there are, from 1 on, as {@link #first} says
   */
  static Traffic start(String url, int customers) {
    Traffic traffic = new Traffic(url);
    for (int number = 0; number < CLIENTS; number++) {
      Client client = traffic.new Client(number, customers);
      traffic.clients.add(client);
      traffic.threads.add(Thread.ofPlatform().name("client " + number).start(client));
    }
    return traffic;
  }

  /** Right answers to reads. */
  public long reads() {
    return reads.get();
  }

  /** Acknowledged writes. */
  public long writes() {
    return writes.get();
  }

  /** Writes that the faulty function has refused. */
  public long refused() {
    return refused.get();
  }

  /** Errors that no bare server would give, and wrong answers. */
  public List<String> flaws() {
    return List.copyOf(flaws);
  }

  /** Every customer as it was acknowledged; when it has ended. */
  public TreeMap<Long, Customer> acknowledged() {
    TreeMap<Long, Customer> all = new TreeMap<>();
    clients.forEach(client -> all.putAll(client.mine));
    return all;
  }

  /** Ends when all have what they have asked for. */
  @Override
  public void close() {
    ended = true;
    for (Thread thread : threads) {
      try {
        if (!thread.join(END_BOUND)) {
          throw new AssertionError(thread.getName() + " still waits for an answer");
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  private void flaw(String what) {
    if (flaws.size() < FLAWS_MAX) {
      flaws.add(what);
    }
  }

  /** One of the service's connections. */
  private final class Client implements Runnable {
    private final TreeMap<Long, Customer> mine = new TreeMap<>();
    private final Random random;
    private final int customers;
    private long next;

    Client(int number, int customers) {
      this.customers = customers;
      random = new Random(number);
      next = DELETED_FROM + number;
      for (long id = number + 1; id <= customers; id += CLIENTS) {
        mine.put(id, first(id));
      }
    }

    @Override
    public void run() {
      while (!ended) {
        try (Connection connection = DriverManager.getConnection(url)) {
          while (!ended) {
            act(connection);
            LockSupport.parkNanos(THINKS_NANOS);
          }
        } catch (SQLException e) {
          // The next connection is tried by the next round: one flaw for each is told.
          flaw(e.getSQLState() + " " + e.getMessage());
          LockSupport.parkNanos(THINKS_NANOS);
        }
      }
    }

    private void act(Connection connection) throws SQLException {
      try {
        int dice = random.nextInt(100);
        if (dice < 60) {
          read(connection, some(customers));
        } else if (dice < 70) {
          read(connection, mine.lastKey());
        } else if (dice < 75) {
          readByEmail(connection, some(customers));
        } else if (dice < 92) {
          // The others stay as they are: what is read of them never has to wait for the mirror.
          update(connection, some(customers / 2));
        } else if (dice < 97) {
          insert(connection);
        } else {
          delete(connection);
        }
      } catch (SQLException e) {
        if (!INJECTED.equals(e.getSQLState())) {
          throw e;
        }
        refused.incrementAndGet();
      }
    }

    /** One of its customers up to a number. */
    private long some(int most) {
      Long id = mine.floorKey((long) CLIENTS + random.nextInt(most - CLIENTS));
      return id == null ? mine.firstKey() : id;
    }

    private void read(Connection connection, long id) throws SQLException {
      try (PreparedStatement read =
          connection.prepareStatement(
              "SELECT full_name, email, balance_cents FROM customers WHERE id = ?")) {
        read.setLong(1, id);
        try (ResultSet row = read.executeQuery()) {
          Customer found =
              row.next() ? new Customer(row.getString(1), row.getString(2), row.getLong(3)) : null;
          told(id, mine.get(id), found);
        }
      }
    }

    private void readByEmail(Connection connection, long id) throws SQLException {
      Customer wanted = mine.get(id);
      if (wanted == null || wanted.email() == null) {
        return;
      }
      try (PreparedStatement read =
          connection.prepareStatement("SELECT id FROM customers WHERE email = ?")) {
        read.setString(1, wanted.email());
        try (ResultSet row = read.executeQuery()) {
          told(id, id, row.next() ? row.getLong(1) : null);
        }
      }
    }

    private void told(long id, @Nullable Object wanted, @Nullable Object found) {
      if (wanted == null ? found == null : wanted.equals(found)) {
        reads.incrementAndGet();
      } else {
        flaw("customer " + id + " is " + wanted + " and was read as " + found);
      }
    }

    private void update(Connection connection, long id) throws SQLException {
      Customer before = mine.get(id);
      if (before == null) {
        return;
      }
      long cents = random.nextInt(1_000_000);
      try (PreparedStatement update =
          connection.prepareStatement("UPDATE customers SET balance_cents = ? WHERE id = ?")) {
        update.setLong(1, cents);
        update.setLong(2, id);
        wrote(id, update.executeUpdate());
      }
      mine.put(id, new Customer(before.name(), before.email(), cents));
    }

    private void insert(Connection connection) throws SQLException {
      long id = next;
      next += CLIENTS;
      Customer customer = first(id);
      try (PreparedStatement insert =
          connection.prepareStatement(
              "INSERT INTO customers (id, full_name, email, balance_cents) VALUES (?, ?, ?, ?)")) {
        insert.setLong(1, id);
        insert.setString(2, customer.name());
        insert.setString(3, customer.email());
        insert.setLong(4, customer.cents());
        wrote(id, insert.executeUpdate());
      }
      mine.put(id, customer);
    }

    private void delete(Connection connection) throws SQLException {
      Long id = mine.ceilingKey((long) DELETED_FROM);
      if (id == null) {
        return;
      }
      try (PreparedStatement delete =
          connection.prepareStatement("DELETE FROM customers WHERE id = ?")) {
        delete.setLong(1, id);
        wrote(id, delete.executeUpdate());
      }
      mine.remove(id);
    }

    private void wrote(long id, int rows) {
      if (rows == 1) {
        writes.incrementAndGet();
      } else {
        flaw("a write of customer " + id + " changed " + rows + " rows");
      }
    }
  }
}
