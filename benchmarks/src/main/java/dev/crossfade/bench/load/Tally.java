package dev.crossfade.bench.load;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;

/** What all clients together have done. Written by the clients, read by anybody. */
public final class Tally {
  private static final int KEPT_MESSAGES = 5;
  private static final long MAX_MICROS = 60_000_000;

  private final LongAdder reads = new LongAdder();
  private final LongAdder writes = new LongAdder();
  private final LongAdder wrong = new LongAdder();
  private final LongAdder errors = new LongAdder();
  private final List<String> messages = new ArrayList<>();
  private final Recorder latencies = new Recorder(MAX_MICROS, 2);

  /** Totals since the start. */
  public record Counts(long reads, long writes, long wrong, long errors) {
    public Counts minus(Counts earlier) {
      return new Counts(
          reads - earlier.reads,
          writes - earlier.writes,
          wrong - earlier.wrong,
          errors - earlier.errors);
    }

    public boolean flawless() {
      return wrong == 0 && errors == 0;
    }
  }

  public Counts counts() {
    return new Counts(reads.sum(), writes.sum(), wrong.sum(), errors.sum());
  }

  /**
   * Read times in microseconds as the clients felt them, since the last call. One caller at a time.
   */
  public Histogram takeLatencies() {
    return latencies.getIntervalHistogram();
  }

  /** The first wrong answers and errors in words; whoever has seen one counted finds it here. */
  public List<String> messages() {
    synchronized (messages) {
      return List.copyOf(messages);
    }
  }

  void read(long nanos) {
    reads.increment();
    latencies.recordValue(Math.min(nanos / 1000, MAX_MICROS));
  }

  void wrote() {
    writes.increment();
  }

  void wrong(String message) {
    keep("wrong answer: " + message);
    wrong.increment();
  }

  void failed(String message) {
    keep("client error: " + message);
    errors.increment();
  }

  private void keep(String message) {
    synchronized (messages) {
      if (messages.size() < KEPT_MESSAGES) {
        messages.add(message);
      }
    }
  }
}
