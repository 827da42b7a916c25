package dev.crossfade.server.signal;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * What came in the last 24 hours: by seconds for ten minutes, by minutes before that. Steps in
 * which nothing came take no room. Not thread-safe.
 *
 * <pre>
 *   24 h ago ......... by minutes ......... 10 min ago ... by seconds ... now
 * </pre>
 */
final class History {
  static final Duration BY_SECONDS = Duration.ofMinutes(10);
  static final Duration LONGEST = Duration.ofHours(24);
  private static final long MINUTE_MILLIS = 60_000;

  private final Deque<Step> seconds = new ArrayDeque<>();
  private final Deque<Step> minutes = new ArrayDeque<>();
  private @Nullable Sums minute;
  private long minuteNumber;
  private long minuteLagMillis;
  private final long begunMillis;

  /**
   * @param lagMillis -1: not known
   */
  private record Step(long endMillis, byte[] packed, long lagMillis) {}

  /**
   * A stretch of time.
   *
   * @param lagMillis at its end; empty: not known
   */
  record Point(Instant end, Duration length, Sums sums, OptionalLong lagMillis) {}

  /** What came in a window, and how long it really is. */
  record Window(Duration length, Sums sums) {}

  History(Instant now) {
    begunMillis = now.toEpochMilli();
  }

  /**
   * A second is over.
   *
   * @param since what came in it
   */
  void add(Instant now, Sums since, OptionalLong lagMillis) {
    long end = now.toEpochMilli();
    if (!since.isEmpty() || lagMillis.isPresent()) {
      seconds.addLast(new Step(end, since.packed(), lagMillis.orElse(-1)));
    }
    long oldestSecond = end - BY_SECONDS.toMillis();
    while (!seconds.isEmpty()
        && (seconds.getFirst().endMillis() < oldestSecond
            || seconds.size() > BY_SECONDS.toSeconds())) {
      intoMinute(seconds.removeFirst());
    }
    if (minute != null && (oldestSecond / MINUTE_MILLIS) > minuteNumber) {
      endMinute();
    }
    long oldestMinute = end - LONGEST.toMillis();
    while (!minutes.isEmpty()
        && (minutes.getFirst().endMillis() < oldestMinute
            || minutes.size() > LONGEST.toMinutes())) {
      minutes.removeFirst();
    }
  }

  private void intoMinute(Step step) {
    long number = step.endMillis() / MINUTE_MILLIS;
    if (minute != null && number > minuteNumber) {
      endMinute();
    }
    if (minute == null) {
      minute = new Sums();
      minuteNumber = number;
    }
    minute.addPacked(step.packed());
    minuteLagMillis = step.lagMillis();
  }

  private void endMinute() {
    if (minute != null) {
      minutes.addLast(
          new Step((minuteNumber + 1) * MINUTE_MILLIS, minute.packed(), minuteLagMillis));
      minute = null;
    }
  }

  /** What came in so long a time before now. */
  Window window(Instant now, Duration length) {
    long from = now.toEpochMilli() - length.toMillis();
    Sums sums = new Sums();
    for (Step step : steps(from, length)) {
      sums.addPacked(step.packed());
    }
    Duration known = Duration.ofMillis(Math.max(0, now.toEpochMilli() - begunMillis));
    return new Window(known.compareTo(length) < 0 ? known : length, sums);
  }

  /**
   * The same in equal steps.
   *
   * @param points how many at most; no step is shorter than a second
   */
  List<Point> points(Instant now, Duration length, int points) {
    int wanted = (int) Math.min(points, Math.max(1, length.toSeconds()));
    List<Point> made = new ArrayList<>();
    if (wanted == 0) {
      return made;
    }
    long from = now.toEpochMilli() - length.toMillis();
    Duration each = length.dividedBy(wanted);
    Iterator<Step> steps = steps(from, length).iterator();
    Step next = steps.hasNext() ? steps.next() : null;
    for (int point = 1; point <= wanted; point++) {
      long end = from + length.toMillis() * point / wanted;
      Sums sums = new Sums();
      long lag = -1;
      while (next != null && (next.endMillis() <= end || point == wanted)) {
        sums.addPacked(next.packed());
        lag = next.lagMillis();
        next = steps.hasNext() ? steps.next() : null;
      }
      made.add(
          new Point(
              Instant.ofEpochMilli(end),
              each,
              sums,
              lag < 0 ? OptionalLong.empty() : OptionalLong.of(lag)));
    }
    return made;
  }

  /** Those that end behind a moment, oldest first. */
  private List<Step> steps(long fromMillis, Duration length) {
    List<Step> steps = new ArrayList<>();
    if (length.compareTo(BY_SECONDS) > 0) {
      for (Step step : minutes) {
        if (step.endMillis() > fromMillis) {
          steps.add(step);
        }
      }
      if (minute != null && (minuteNumber + 1) * MINUTE_MILLIS > fromMillis) {
        steps.add(new Step((minuteNumber + 1) * MINUTE_MILLIS, minute.packed(), minuteLagMillis));
      }
    }
    for (Step step : seconds) {
      if (step.endMillis() > fromMillis) {
        steps.add(step);
      }
    }
    return steps;
  }
}
