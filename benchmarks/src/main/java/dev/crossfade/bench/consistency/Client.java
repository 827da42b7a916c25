package dev.crossfade.bench.consistency;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Writes through a sidecar and remembers what it was told: every transaction leaves a number in the
 * ledger.
 */
final class Client implements Runnable {
  private static final long PAUSE_NANOS = 100_000_000L;
  private static final long NUMBERS = 1_000_000_000L;

  private final Fleet fleet;
  private final int client;
  private final int customers;
  private final AtomicBoolean ended;
  private final Random random;
  private final Set<Long> acknowledged = new HashSet<>();
  private final Set<Long> unknown = new HashSet<>();
  private final AtomicLong transactions;
  private long next;
  private long lookedBack;
  private long interruptions;

  /**
   * @param transactions counts those of all clients
   */
  Client(Fleet fleet, int client, int customers, AtomicBoolean ended, AtomicLong transactions) {
    this.fleet = fleet;
    this.client = client;
    this.customers = customers;
    this.ended = ended;
    this.transactions = transactions;
    this.random = new Random(client);
    this.next = client * NUMBERS;
  }

  /** Numbers of transactions whose commit was acknowledged. */
  Set<Long> acknowledged() {
    return acknowledged;
  }

  /** Numbers of transactions whose connection broke while they committed. */
  Set<Long> unknown() {
    return unknown;
  }

  /** How often it did not see what it had written. */
  long lookedBack() {
    return lookedBack;
  }

  /** How often its connection broke. */
  long interruptions() {
    return interruptions;
  }

  @Override
  public void run() {
    while (!ended.get()) {
      try (Connection connection = fleet.connect(client);
          Statement statement = connection.createStatement()) {
        long last = -1;
        while (!ended.get()) {
          last = transaction(connection, statement, last);
          look(statement, last);
        }
      } catch (SQLException e) {
        interruptions++;
        LockSupport.parkNanos(PAUSE_NANOS);
      }
    }
  }

  /** The number of the newest that is certainly committed. */
  private long transaction(Connection connection, Statement statement, long last)
      throws SQLException {
    long number = next++;
    connection.setAutoCommit(false);
    try {
      change(statement);
      statement.execute("INSERT INTO ledger (n, client) VALUES (" + number + ", " + client + ")");
    } catch (SQLException e) {
      if (isBroken(e)) {
        throw e;
      }
      // A duplicate key, a deadlock: nothing of it remains.
      connection.rollback();
      connection.setAutoCommit(true);
      return last;
    }
    unknown.add(number);
    connection.commit();
    unknown.remove(number);
    acknowledged.add(number);
    transactions.incrementAndGet();
    connection.setAutoCommit(true);
    return number;
  }

  private static boolean isBroken(SQLException e) {
    String state = String.valueOf(e.getSQLState());
    return state.startsWith("08") || state.startsWith("57") || state.equals("XX000");
  }

  private void look(Statement statement, long last) throws SQLException {
    if (last < 0) {
      return;
    }
    try (ResultSet result =
        statement.executeQuery("SELECT max(n) FROM ledger WHERE client = " + client)) {
      result.next();
      if (result.getLong(1) < last) {
        lookedBack++;
      }
    }
  }

  private void change(Statement statement) throws SQLException {
    int id = 1 + random.nextInt(customers);
    int other = 1 + random.nextInt(customers);
    switch (random.nextInt(8)) {
      case 0, 1, 2 -> {
        int low = Math.min(id, other);
        int high = Math.max(id, other);
        statement.execute(
            "UPDATE customers SET balance_cents = balance_cents - 7 WHERE id = " + low);
        statement.execute(
            "UPDATE customers SET balance_cents = balance_cents + 7 WHERE id = " + high);
      }
      case 3 ->
          statement.execute(
              "INSERT INTO customers VALUES ("
                  + (customers + id)
                  + ", 'Ann Bell', NULL, 0, now()) ON CONFLICT (id) DO UPDATE SET full_name = 'Cid"
                  + " Day' || excluded.id");
      case 4 ->
          statement.execute(
              "UPDATE customers SET email = CASE WHEN email IS NULL THEN 'm' || id || '@x' END"
                  + " WHERE id BETWEEN "
                  + id
                  + " AND "
                  + (id + 5));
      case 5 ->
          statement.execute(
              "UPDATE customers SET id = id + 1000000 WHERE balance_cents = 0 AND id = "
                  + (customers + other));
      case 6 ->
          statement.execute(
              "DELETE FROM customers WHERE balance_cents = 0 AND id > " + (customers + id * 2L));
      default -> statement.execute("DELETE FROM ledger WHERE client = -1");
    }
  }
}
