package dev.crossfade.bench.consistency;

import java.io.IOException;
import java.io.StringReader;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.postgresql.PGConnection;

/**
 * Writes through a sidecar and remembers what it was told: every transaction leaves a number in the
 * ledger. Or only looks at what the others leave there.
 */
final class Client implements Runnable {
  private static final long PAUSE_NANOS = 100_000_000L;
  private static final long NUMBERS = 1_000_000_000L;

  /** Above whatever customers there are otherwise. */
  private static final long FIRST_COPIED = 100_000_000_000L;

  private static final int ROWS = 3;

  /** The authority has moved, or two stood in each other's way. */
  private static final Set<String> ROLLED_BACK = Set.of("40001", "40P01");

  /** Every fourth only looks, with pauses: who always writes is never sent to new. */
  private static final int READER = 4;

  private static final long LOOK_NANOS = 60_000_000L;

  /** Of each client; all are counted. */
  private static final int MOST_TOLD = 5;

  private final Fleet fleet;
  private final int client;
  private final int customers;
  private final Crowd crowd;
  private final Random random;
  private final Set<Long> acknowledged = new HashSet<>();
  private final Set<Long> unknown = new HashSet<>();
  private long next;
  private long lookedBack;
  private long interruptions;
  private long copied;
  private long removed;

  Client(Fleet fleet, int client, int customers, Crowd crowd) {
    this.fleet = fleet;
    this.client = client;
    this.customers = customers;
    this.crowd = crowd;
    this.random = new Random(client);
    this.next = client * NUMBERS;
    this.copied = FIRST_COPIED + client * NUMBERS;
    this.removed = copied;
  }

  /** Numbers of transactions whose commit was acknowledged. */
  Set<Long> acknowledged() {
    return acknowledged;
  }

  /** Numbers of transactions whose connection broke while they committed. */
  Set<Long> unknown() {
    return unknown;
  }

  /** How often it did not see what it had written, or had seen before. */
  long lookedBack() {
    return lookedBack;
  }

  /** How often its connection broke. */
  long interruptions() {
    return interruptions;
  }

  @Override
  public void run() {
    while (!crowd.hasEnded()) {
      try (Connection connection = fleet.connect(client);
          Statement statement = connection.createStatement()) {
        long last = -1;
        Map<Integer, Long> seen = new HashMap<>();
        for (int turn = 0; turn < crowd.turns(client) && !crowd.hasEnded(); turn++) {
          if (client % READER == READER - 1) {
            LockSupport.parkNanos(random.nextLong(LOOK_NANOS));
          } else {
            last = transaction(connection, statement, last);
            look(statement, last);
          }
          lookAtAnother(statement, seen);
          if (crowd.pauseNanos() > 0) {
            LockSupport.parkNanos(random.nextLong(2 * crowd.pauseNanos()));
          }
        }
      } catch (SQLException e) {
        interruptions++;
        if (interruptions <= MOST_TOLD) {
          Diary.write(
              "client %d was interrupted: %s %s %s"
                  .formatted(client, e.getSQLState(), e.getMessage(), e.getCause()));
        }
        LockSupport.parkNanos(PAUSE_NANOS);
      }
    }
  }

  /** The number of the newest that is certainly committed. */
  private long transaction(Connection connection, Statement statement, long last)
      throws SQLException {
    long number = next++;
    long begun = System.nanoTime();
    connection.setAutoCommit(false);
    try {
      change(connection, statement);
      statement.execute("INSERT INTO ledger (n, client) VALUES (" + number + ", " + client + ")");
      statement.execute("UPDATE progress SET n = " + number + " WHERE client = " + client);
    } catch (SQLException e) {
      if (isBroken(e)) {
        throw e;
      }
      // A duplicate key, a deadlock: nothing of it remains.
      crowd.refused(e);
      connection.rollback();
      connection.setAutoCommit(true);
      return last;
    }
    unknown.add(number);
    if (!commit(connection)) {
      unknown.remove(number);
      connection.setAutoCommit(true);
      return last;
    }
    unknown.remove(number);
    acknowledged.add(number);
    crowd.committed(System.nanoTime() - begun);
    connection.setAutoCommit(true);
    return number;
  }

  /** False when the server said that nothing of it remains. */
  private boolean commit(Connection connection) throws SQLException {
    try {
      connection.commit();
      return true;
    } catch (SQLException e) {
      if (!ROLLED_BACK.contains(String.valueOf(e.getSQLState()))) {
        throw e;
      }
      crowd.refused(e);
      connection.rollback();
      return false;
    }
  }

  private static boolean isBroken(SQLException e) {
    String state = String.valueOf(e.getSQLState());
    return state.startsWith("08") || state.startsWith("57") || state.equals("XX000");
  }

  private void look(Statement statement, long last) throws SQLException {
    long found = last < 0 ? last : progress(statement, client);
    if (found < last) {
      lookedBack(client, last, found);
    }
  }

  private void lookedBack(int whose, long before, long now) {
    lookedBack++;
    if (lookedBack <= MOST_TOLD) {
      Diary.write(
          "client %d, which had seen %d of client %d, saw %d"
              .formatted(client, before % NUMBERS, whose, now % NUMBERS));
    }
  }

  /** For no session time may run backwards: what it has seen of somebody stays. */
  private void lookAtAnother(Statement statement, Map<Integer, Long> seen) throws SQLException {
    int other = random.nextInt(crowd.size());
    long newest = progress(statement, other);
    Long before = seen.put(other, newest);
    if (before != null && newest < before) {
      lookedBack(other, before, newest);
    }
  }

  private static long progress(Statement statement, int whose) throws SQLException {
    try (ResultSet result =
        statement.executeQuery("SELECT n FROM progress WHERE client = " + whose)) {
      result.next();
      return result.getLong(1);
    }
  }

  private void change(Connection connection, Statement statement) throws SQLException {
    int id = 1 + random.nextInt(customers);
    int other = 1 + random.nextInt(customers);
    switch (random.nextInt(10)) {
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
      case 7 -> copy(connection, statement);
      case 8 -> cascade(statement);
      default -> statement.execute("DELETE FROM ledger WHERE client = -1");
    }
  }

  /** Customers of its own, and an order of each. */
  private void copy(Connection connection, Statement statement) throws SQLException {
    long first = copied;
    copied += ROWS;
    StringBuilder rows = new StringBuilder();
    for (long id = first; id < copied; id++) {
      rows.append(id).append("\tEve Fox\t\\N\t0\t2026-01-01 00:00:00Z\n");
    }
    try {
      connection
          .unwrap(PGConnection.class)
          .getCopyAPI()
          .copyIn("COPY customers FROM STDIN", new StringReader(rows.toString()));
    } catch (IOException e) {
      throw new SQLException("the rows can not be read", "XX000", e);
    }
    statement.execute(
        "INSERT INTO orders SELECT id, 5, id FROM customers WHERE id >= "
            + first
            + " AND id < "
            + copied);
  }

  /** What was copied is given other keys or taken away, and the orders with it. */
  private void cascade(Statement statement) throws SQLException {
    if (removed == copied) {
      return;
    }
    long id = removed++;
    statement.execute(
        id % 2 == 0
            ? "DELETE FROM customers WHERE id = " + id
            : "UPDATE customers SET id = -id WHERE id = " + id);
  }
}
