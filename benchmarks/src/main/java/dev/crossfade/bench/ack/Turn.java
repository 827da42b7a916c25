package dev.crossfade.bench.ack;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;

/**
 * Clients that write by one way for a while: by turns an INSERT, an UPDATE, and a transaction with
 * an UPDATE, of one row each and none of another client's.
 */
final class Turn {
  private static final long MAX_NANOS = TimeUnit.SECONDS.toNanos(60);
  private static final long WARM_UP_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Site site;
  private final int customers;
  private final AtomicLong numbers;
  private final Way way;
  private final int clients;
  private volatile boolean counts;
  private volatile boolean ended;

  /**
   * What came of it.
   *
   * @param commits in a second
   * @param p50 of a commit, from its first statement, in microseconds
   * @param p99 of the same
   */
  record Figures(double commits, double p50, double p99) {}

  /**
   * @param numbers of the ledger, which nobody else has
   */
  Turn(Site site, int customers, AtomicLong numbers, Way way, int clients) {
    this.site = site;
    this.customers = customers;
    this.numbers = numbers;
    this.way = way;
    this.clients = clients;
  }

  Figures run(int seconds) throws SQLException {
    Histogram all = new Histogram(MAX_NANOS, 3);
    List<Future<Histogram>> writers = new ArrayList<>();
    double took;
    try (ExecutorService threads = Executors.newFixedThreadPool(clients)) {
      for (int i = 0; i < clients; i++) {
        int client = i;
        writers.add(threads.submit(() -> write(client)));
      }
      LockSupport.parkNanos(WARM_UP_NANOS);
      long began = System.nanoTime();
      counts = true;
      LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(seconds));
      counts = false;
      took = (System.nanoTime() - began) / 1e9;
      ended = true;
    }
    for (Future<Histogram> writer : writers) {
      all.add(result(writer));
    }
    if (all.getTotalCount() == 0) {
      throw new SQLException("nothing was committed " + way.label());
    }
    return new Figures(
        all.getTotalCount() / took,
        all.getValueAtPercentile(50) / 1e3,
        all.getValueAtPercentile(99) / 1e3);
  }

  private Histogram result(Future<Histogram> writer) throws SQLException {
    try {
      return writer.get();
    } catch (ExecutionException e) {
      throw new SQLException(way.label() + ": " + e.getCause(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SQLException("interrupted", e);
    }
  }

  private Histogram write(int client) throws SQLException {
    Histogram nanos = new Histogram(MAX_NANOS, 3);
    try (Connection connection = site.connect(way);
        PreparedStatement insert =
            connection.prepareStatement("INSERT INTO ledger (n, client) VALUES (?, ?)");
        PreparedStatement update =
            connection.prepareStatement(
                "UPDATE customers SET balance_cents = balance_cents + ? WHERE id = ?")) {
      for (int i = 0; !ended; i++) {
        long began = System.nanoTime();
        switch (i % 3) {
          case 0 -> insert(insert, client);
          case 1 -> update(update, client);
          default -> {
            connection.setAutoCommit(false);
            update(update, client);
            connection.commit();
            connection.setAutoCommit(true);
          }
        }
        if (counts) {
          nanos.recordValue(Math.min(System.nanoTime() - began, MAX_NANOS));
        }
      }
    }
    return nanos;
  }

  private void insert(PreparedStatement insert, int client) throws SQLException {
    insert.setLong(1, numbers.incrementAndGet());
    insert.setInt(2, client);
    insert.executeUpdate();
  }

  private void update(PreparedStatement update, int client) throws SQLException {
    update.setLong(1, 1);
    int own = customers / clients;
    update.setLong(2, 1 + client * (long) own + ThreadLocalRandom.current().nextInt(own));
    if (update.executeUpdate() != 1) {
      throw new SQLException("a customer was not there");
    }
  }
}
