package dev.crossfade.bench.consistency;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntUnaryOperator;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;

/** Clients that write all at once until they are told to end. */
final class Crowd implements AutoCloseable {
  /**
   * How they go about it.
   *
   * @param turns of each client, by its number: after so many it connects anew
   * @param pauseNanos between two turns of a client, on the average
   */
  record Habits(IntUnaryOperator turns, long pauseNanos) {
    static final Habits RESTLESS = new Habits(client -> Integer.MAX_VALUE, 0);

    Habits withTurns(IntUnaryOperator others) {
      return new Habits(others, pauseNanos);
    }

    /**
     * @param rate turns of all clients together in a second, at most; 0 for as many as they can
     */
    static Habits ofRate(int clients, int rate) {
      long pause = rate == 0 ? 0 : TimeUnit.SECONDS.toNanos(clients) / rate;
      return new Habits(RESTLESS.turns, pause);
    }
  }

  private static final long MAX_MICROS = 60_000_000;

  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final List<Client> clients = new ArrayList<>();
  private final AtomicLong transactions = new AtomicLong();
  private final Recorder micros = new Recorder(MAX_MICROS, 2);
  private final Map<String, Integer> refusals = new TreeMap<>();
  private final int size;
  private final Habits habits;
  private volatile boolean ended;

  Crowd(Fleet fleet, int size, int customers) throws SQLException {
    this(fleet, size, customers, Habits.RESTLESS);
  }

  Crowd(Fleet fleet, int size, int customers, Habits habits) throws SQLException {
    this.size = size;
    this.habits = habits;
    fleet.begin(size);
    for (int i = 0; i < size; i++) {
      Client client = new Client(fleet, i, customers, this);
      clients.add(client);
      threads.execute(client);
    }
  }

  /** Of a rate, for people. */
  static String pace(int rate) {
    return rate == 0 ? "as fast as they can" : "at most " + rate + " turns a second in all";
  }

  int size() {
    return size;
  }

  int turns(int client) {
    return habits.turns().applyAsInt(client);
  }

  /** Between two turns of a client, on the average. */
  long pauseNanos() {
    return habits.pauseNanos();
  }

  boolean hasEnded() {
    return ended;
  }

  void committed(long nanos) {
    transactions.incrementAndGet();
    micros.recordValue(Math.min(nanos / 1_000, MAX_MICROS));
  }

  void refused(SQLException e) {
    synchronized (refusals) {
      int times = refusals.merge(String.valueOf(e.getSQLState()), 1, Integer::sum);
      if (Integer.bitCount(times) == 1) {
        Diary.write("refused %s %d times: %s".formatted(e.getSQLState(), times, e.getMessage()));
      }
    }
  }

  long transactions() {
    return transactions.get();
  }

  /** How long transactions took since the last call, in microseconds. One caller at a time. */
  Histogram takeLatencies() {
    return micros.getIntervalHistogram();
  }

  /** Statements that failed while the connection held, by SQLSTATE. */
  Map<String, Integer> refusals() {
    synchronized (refusals) {
      return Map.copyOf(refusals);
    }
  }

  /** To be asked when it is closed. */
  List<Client> clients() {
    return clients;
  }

  /** Lets each of them end its transaction. */
  @Override
  public void close() {
    ended = true;
    threads.close();
  }
}
