package dev.crossfade.postgresql.inventory;

import dev.crossfade.core.measure.ErrorClasses;
import dev.crossfade.core.measure.LatencySteps;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * What one side has answered. Any number of event loops count, one thread takes: neither waits, and
 * who counts allocates nothing but at the first error.
 */
public final class SideCounts {
  private final AtomicLongArray latencies = new AtomicLongArray(LatencySteps.COUNT);
  private final AtomicLong untimed = new AtomicLong();
  private final AtomicLong failed = new AtomicLong();
  private final AtomicReference<@Nullable AtomicLongArray> errors = new AtomicReference<>();

  /**
   * Counts since they were taken the last time.
   *
   * @param latencies by {@link LatencySteps}, of answers of which they are known
   * @param untimed answers of which they are not
   * @param failed what was asked and came to an error instead of an answer
   * @param errors by {@link ErrorClasses}, in answers and instead of them; empty: none
   */
  public record Taken(long[] latencies, long untimed, long failed, long[] errors) {
    public static final Taken NOTHING = new Taken(new long[LatencySteps.COUNT], 0, 0, new long[0]);

    /** Whether nothing was counted. */
    public boolean isEmpty() {
      return untimed == 0 && failed == 0 && sum(errors) == 0 && sum(latencies) == 0;
    }

    /** Answers, those included that were errors. */
    public long executions() {
      return untimed + sum(latencies);
    }

    /** Whatever was asked and has ended. */
    public long ended() {
      return executions() + failed;
    }

    Taken plus(Taken other) {
      return new Taken(
          sums(latencies, other.latencies, 1),
          untimed + other.untimed,
          failed + other.failed,
          sums(errors, other.errors, 1));
    }

    /** What came since {@code earlier}, where neither was taken away. */
    public Taken minus(Taken earlier) {
      return new Taken(
          sums(latencies, earlier.latencies, -1),
          untimed - earlier.untimed,
          failed - earlier.failed,
          sums(errors, earlier.errors, -1));
    }

    private static long[] sums(long[] counts, long[] others, int sign) {
      if (others.length == 0) {
        return counts;
      }
      long[] sums = Arrays.copyOf(counts, others.length);
      for (int i = 0; i < sums.length; i++) {
        sums[i] += sign * others[i];
      }
      return sums;
    }

    private static long sum(long[] counts) {
      long sum = 0;
      for (long count : counts) {
        sum += count;
      }
      return sum;
    }
  }

  /** What was counted since the beginning, where nobody takes it. */
  public Taken read() {
    AtomicLongArray counts = errors.get();
    return new Taken(
        read(latencies), untimed.get(), failed.get(), counts == null ? new long[0] : read(counts));
  }

  private static long[] read(AtomicLongArray counts) {
    long[] read = new long[counts.length()];
    for (int i = 0; i < read.length; i++) {
      read[i] = counts.get(i);
    }
    return read;
  }

  /** Whatever was asked and has ended, where nobody takes it. */
  public long ended() {
    return sum(latencies) + untimed.get() + failed.get();
  }

  /** Errors of one class, where nobody takes them. */
  public long errors(int errorClass) {
    AtomicLongArray counts = errors.get();
    return counts == null ? 0 : counts.get(errorClass);
  }

  private static long sum(AtomicLongArray counts) {
    long sum = 0;
    for (int i = 0; i < counts.length(); i++) {
      sum += counts.get(i);
    }
    return sum;
  }

  /** An answer that took so long. */
  public void answered(long tookNanos) {
    latencies.getAndIncrement(LatencySteps.of(tookNanos / 1_000));
  }

  /** So many answers of which nobody knows how long they took. */
  void executed(int times) {
    untimed.getAndAdd(times);
  }

  /** An answer was an error. */
  public void erred(int errorClass) {
    AtomicLongArray counts = errors.get();
    if (counts == null) {
      AtomicLongArray made = new AtomicLongArray(ErrorClasses.COUNT);
      counts = errors.compareAndSet(null, made) ? made : errors.get();
    }
    if (counts != null) {
      counts.getAndIncrement(errorClass);
    }
  }

  /** It came to an error instead of an answer. */
  public void failed(int errorClass) {
    failed.getAndIncrement();
    erred(errorClass);
  }

  /** Takes the counts and begins anew. One caller at a time. */
  public Taken take() {
    AtomicLongArray counts = errors.get();
    boolean erred = counts != null && sum(counts) > 0;
    if (!erred && untimed.get() == 0 && sum(latencies) == 0) {
      return Taken.NOTHING;
    }
    return new Taken(
        take(latencies),
        untimed.getAndSet(0),
        failed.getAndSet(0),
        counts == null || !erred ? new long[0] : take(counts));
  }

  private static long[] take(AtomicLongArray counts) {
    long[] taken = new long[counts.length()];
    for (int i = 0; i < taken.length; i++) {
      if (counts.get(i) != 0) {
        taken[i] = counts.getAndSet(i, 0);
      }
    }
    return taken;
  }
}
