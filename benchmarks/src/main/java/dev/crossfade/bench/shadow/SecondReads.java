package dev.crossfade.bench.shadow;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Runs clients' reads on new once more, without a sidecar: what the machine has to do for a
 * comparison in any case. Nobody waits for it.
 */
final class SecondReads implements AutoCloseable {
  private static final int WAITING_MAX = 256;
  private static final String CUSTOMERS =
      " FROM (SELECT p.id, p.given_name || coalesce(' ' || p.family_name, '') AS full_name,"
          + " c.email, (p.balance * 100)::bigint AS balance_cents, p.created_at FROM people p LEFT"
          + " JOIN contacts c ON c.person_id = p.id) AS customers WHERE id ";

  /** The customers between two numbers. */
  private record Range(long first, long last) {
    private static final Range END = new Range(0, -1);
  }

  private final LinkedBlockingQueue<Range> waiting = new LinkedBlockingQueue<>(WAITING_MAX);
  private final ExecutorService threads;
  private final List<Future<?>> readers = new ArrayList<>();

  SecondReads(Arena arena, int connections) {
    threads = Executors.newFixedThreadPool(connections);
    for (int i = 0; i < connections; i++) {
      readers.add(
          threads.submit(
              () -> {
                read(arena);
                return null;
              }));
    }
  }

  /** Reads these soon; what finds no place is left out. */
  boolean add(long first, long last) {
    return waiting.offer(new Range(first, last));
  }

  private void read(Arena arena) throws SQLException, InterruptedException {
    try (Connection connection = arena.connectToNew();
        PreparedStatement point =
            connection.prepareStatement(
                "SELECT id, full_name, email, balance_cents" + CUSTOMERS + "= ?");
        PreparedStatement range =
            connection.prepareStatement("SELECT *" + CUSTOMERS + "BETWEEN ? AND ? ORDER BY id")) {
      for (Range next = waiting.take(); next != Range.END; next = waiting.take()) {
        PreparedStatement read = next.first() == next.last() ? point : range;
        read.setLong(1, next.first());
        if (read == range) {
          read.setLong(2, next.last());
        }
        try (ResultSet rows = read.executeQuery()) {
          while (rows.next()) {
            rows.getLong(1);
          }
        }
      }
    }
  }

  @Override
  public void close() throws SQLException {
    try {
      for (int i = 0; i < readers.size(); i++) {
        waiting.put(Range.END);
      }
      for (Future<?> reader : readers) {
        reader.get(1, TimeUnit.MINUTES);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SQLException("interrupted", e);
    } catch (ExecutionException | TimeoutException e) {
      throw new SQLException("the second reads failed: " + e.getMessage(), e);
    } finally {
      threads.shutdownNow();
    }
  }
}
