package dev.crossfade.bench.consistency;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * A client that writes while the authority moves: single statements, or transactions that it does
 * again when it is told to.
 */
final class FlipClient implements Runnable {
  private static final String AGAIN = "40001";
  private static final String DEADLOCK = "40P01";
  private static final long BLOCK = 10_000_000L;

  /** Between what it does: without it the mirror has no processor left. */
  private static final long THINKS_NANOS = 3_000_000;

  private final Fleet fleet;
  private final int number;
  private final int customers;
  private final BooleanSupplier ended;
  private final Lock turn;
  private final Waits waits;
  private final List<Long> acknowledged = new ArrayList<>();
  private final Map<String, Integer> failures = new TreeMap<>();
  private long next;
  private long added;
  private long again;

  /** How clients are kept together. */
  record Crowd(BooleanSupplier ended, Lock turn, Waits waits) {}

  FlipClient(Fleet fleet, int number, int customers, Crowd crowd) {
    this.fleet = fleet;
    this.number = number;
    this.customers = customers;
    this.ended = crowd.ended();
    this.turn = crowd.turn();
    this.waits = crowd.waits();
    this.next = number * BLOCK;
  }

  @Override
  public void run() {
    try (Connection connection = fleet.connect(number);
        PreparedStatement move =
            connection.prepareStatement(
                "UPDATE customers SET balance_cents = balance_cents + ? WHERE id = ?");
        PreparedStatement note =
            connection.prepareStatement("INSERT INTO ledger (n, client) VALUES (?, ?)")) {
      while (!ended.getAsBoolean()) {
        turn.lock();
        try {
          long began = System.nanoTime();
          boolean alone = number % 2 == 0;
          if (alone) {
            alone(move, note);
          } else {
            transaction(connection, move, note);
          }
          waits.took(new Waits.Wait(number, alone, began, System.nanoTime()));
        } finally {
          turn.unlock();
        }
        LockSupport.parkNanos(THINKS_NANOS);
      }
    } catch (SQLException e) {
      failed(e);
    }
  }

  private void alone(PreparedStatement move, PreparedStatement note) {
    try {
      if (ThreadLocalRandom.current().nextBoolean()) {
        add(move, 1, 1 + number);
        added++;
      } else {
        note(note);
        acknowledged.add(next++);
      }
    } catch (SQLException e) {
      next++;
      failed(e);
    }
  }

  private void transaction(Connection connection, PreparedStatement move, PreparedStatement note)
      throws SQLException {
    connection.setAutoCommit(false);
    try {
      int from = 100 + ThreadLocalRandom.current().nextInt(customers - 100);
      int to = 100 + ThreadLocalRandom.current().nextInt(customers - 100);
      add(move, -7, Math.min(from, to));
      add(move, 7, Math.max(from, to));
      note(note);
      connection.commit();
      acknowledged.add(next++);
    } catch (SQLException e) {
      next++;
      connection.rollback();
      if (AGAIN.equals(e.getSQLState()) || DEADLOCK.equals(e.getSQLState())) {
        again++;
      } else {
        failed(e);
      }
    }
  }

  private static void add(PreparedStatement move, long cents, long id) throws SQLException {
    move.setLong(1, cents);
    move.setLong(2, id);
    if (move.executeUpdate() != 1) {
      throw new SQLException("customer " + id + " was not there", "P0002");
    }
  }

  private void note(PreparedStatement note) throws SQLException {
    note.setLong(1, next);
    note.setInt(2, number);
    note.executeUpdate();
  }

  private void failed(SQLException e) {
    failures.merge(e.getSQLState() + ": " + e.getMessage(), 1, Integer::sum);
  }

  /** Numbers of the ledger that are there for sure. When it has ended, as the following. */
  List<Long> acknowledged() {
    return acknowledged;
  }

  /** What its single statements have added to the money. */
  long added() {
    return added;
  }

  /** Transactions that it was told to do again. */
  long again() {
    return again;
  }

  /** What should not have failed. */
  Map<String, Integer> failures() {
    return failures;
  }
}
