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
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** Clients that read for a while, at a pace, and perhaps write. */
final class ReadTurn {
  private static final long MAX_NANOS = TimeUnit.SECONDS.toNanos(60);

  private final Arena arena;
  private final boolean compares;
  private final int writesInTen;

  /** Between two reads of a client: nobody is compared whose machine has no time left. */
  private final long pauseNanos;

  private final @Nullable SecondReads second;

  private volatile boolean ended;

  /**
   * @param compares which of the sidecars
   * @param writesInTen of ten statements
   * @param second runs each read on new as well; null where nobody does, or the sidecar
   */
  ReadTurn(
      Arena arena,
      boolean compares,
      int writesInTen,
      long pauseNanos,
      @Nullable SecondReads second) {
    this.arena = arena;
    this.compares = compares;
    this.writesInTen = writesInTen;
    this.pauseNanos = pauseNanos;
    this.second = second;
  }

  /** Latencies of the reads, in nanos. */
  Histogram run(int clients, long nanos) throws SQLException {
    Histogram all = new Histogram(MAX_NANOS, 3);
    List<Future<Histogram>> readers = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(clients)) {
      for (int i = 0; i < clients; i++) {
        readers.add(threads.submit(this::client));
      }
      LockSupport.parkNanos(nanos);
      ended = true;
    }
    for (Future<Histogram> reader : readers) {
      try {
        all.add(reader.get());
      } catch (ExecutionException e) {
        throw new SQLException(String.valueOf(e.getCause()), e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new SQLException("interrupted", e);
      }
    }
    return all;
  }

  private Histogram client() throws SQLException {
    Histogram nanos = new Histogram(MAX_NANOS, 3);
    ThreadLocalRandom random = ThreadLocalRandom.current();
    try (Connection connection = arena.connect(compares);
        PreparedStatement point =
            connection.prepareStatement(
                "SELECT id, full_name, email, balance_cents FROM customers WHERE id = ?");
        PreparedStatement range =
            connection.prepareStatement(
                "SELECT * FROM customers WHERE id BETWEEN ? AND ? ORDER BY id");
        PreparedStatement write =
            connection.prepareStatement("UPDATE customers SET email = ? WHERE id = ?")) {
      while (!ended) {
        long id = 1 + random.nextInt(Arena.CUSTOMERS - 20);
        if (random.nextInt(10) < writesInTen) {
          write.setString(1, "e" + random.nextInt(3));
          write.setLong(2, id);
          write.executeUpdate();
        } else {
          PreparedStatement read = random.nextInt(5) == 0 ? range : point;
          read.setLong(1, id);
          if (read == range) {
            read.setLong(2, id + 19);
          }
          long began = System.nanoTime();
          read(read);
          nanos.recordValue(Math.min(System.nanoTime() - began, MAX_NANOS));
          if (second != null && !second.add(id, read == range ? id + 19 : id)) {
            throw new SQLException("new does not keep up");
          }
        }
        if (pauseNanos > 0) {
          LockSupport.parkNanos(pauseNanos);
        }
      }
    }
    return nanos;
  }

  private static void read(PreparedStatement read) throws SQLException {
    try (ResultSet rows = read.executeQuery()) {
      if (!rows.next()) {
        throw new SQLException("a customer was not there");
      }
      while (rows.next()) {
        rows.getLong(1);
      }
    }
  }
}
