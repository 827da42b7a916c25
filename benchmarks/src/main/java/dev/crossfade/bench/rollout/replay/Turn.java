package dev.crossfade.bench.rollout.replay;

import dev.crossfade.bench.rollout.workload.Call;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/** What a way answered while it was measured. Of one thread, until it is added to another. */
public final class Turn {
  private static final long LONGEST_MICROS = TimeUnit.MINUTES.toMicros(10);
  private static final int MESSAGES_MAX = 20;

  private final Histogram transactions = new Histogram(LONGEST_MICROS, 3);
  private final List<Samples> statements = new ArrayList<>();
  private final Map<Integer, Long> errors = new HashMap<>();
  private final Map<Integer, String> messages = new HashMap<>();
  private long failed;
  private long abandoned;
  private double seconds;

  Turn(int statementCount) {
    for (int i = 0; i < statementCount; i++) {
      statements.add(new Samples());
    }
  }

  /** Nothing yet. */
  public static Turn empty(int statementCount) {
    return new Turn(statementCount);
  }

  void transaction(long micros) {
    transactions.recordValue(Math.min(LONGEST_MICROS, Math.max(0, micros)));
  }

  void statement(int statement, double micros) {
    if (statement != Call.CONTROL) {
      statements.get(statement).accept(micros);
    }
  }

  void error(int statement, String message) {
    failed++;
    errors.merge(statement, 1L, Long::sum);
    if (messages.size() < MESSAGES_MAX) {
      messages.putIfAbsent(statement, message);
    }
  }

  void abandon(long count) {
    abandoned += count;
  }

  void lasted(double wall) {
    seconds += wall;
  }

  /** Takes over what another has. */
  public void add(Turn other) {
    transactions.add(other.transactions);
    for (int i = 0; i < statements.size(); i++) {
      statements.get(i).addAll(other.statements.get(i));
    }
    other.errors.forEach((statement, count) -> errors.merge(statement, count, Long::sum));
    other.messages.forEach(messages::putIfAbsent);
    failed += other.failed;
    abandoned += other.abandoned;
    seconds += other.seconds;
  }

  /** From when they were due to their end, in microseconds; without those that failed. */
  public Histogram transactions() {
    return transactions;
  }

  /** From the sending to the end of the answer. */
  public Samples statement(int statement) {
    return statements.get(statement);
  }

  /** Failed executions of a statement. */
  public long errors(int statement) {
    return errors.getOrDefault(statement, 0L);
  }

  /** What the database said of the first one that failed; empty when none did. */
  public String message(int statement) {
    return messages.getOrDefault(statement, "");
  }

  /** Transactions that failed. */
  public long failed() {
    return failed;
  }

  /** Transactions that were due and never begun, for the way was hopelessly behind. */
  public long abandoned() {
    return abandoned;
  }

  /** Transactions that were answered, in a second. */
  public double achieved() {
    return seconds == 0 ? 0 : transactions.getTotalCount() / seconds;
  }
}
