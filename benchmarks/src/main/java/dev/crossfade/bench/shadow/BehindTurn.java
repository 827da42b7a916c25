package dev.crossfade.bench.shadow;

import dev.crossfade.bench.demo.Scrape;
import dev.crossfade.core.compare.Verdict;
import java.sql.SQLException;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** Clients that read and write while the mirror is seconds behind, and nothing is wrong. */
final class BehindTurn {
  private static final int CLIENTS = 4;
  private static final int WRITES_IN_TEN = 2;
  private static final long PACE_NANOS = TimeUnit.MILLISECONDS.toNanos(2);
  private static final long HELD_NANOS = TimeUnit.SECONDS.toNanos(4);
  private static final long WATCH_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
  private static final String READS = "crossfade_shadow_reads_total";
  private static final String CONFIRMING = "crossfade_shadow_confirming";

  private final Arena arena;
  private final Histogram lagMillis = new Histogram(TimeUnit.HOURS.toMillis(1), 2);
  private volatile @Nullable Exception hindrance;

  /**
   * What came of it.
   *
   * @param mismatches all of them false
   * @param decided comparisons that said anything about the two answers
   * @param others that did not
   */
  record Outcome(long mismatches, long decided, long others) {
    /** What hardly ever decides is never wrong, and shows nothing. */
    boolean isGood() {
      return mismatches == 0 && decided > others;
    }

    double in100000() {
      return 1e5 * mismatches / Math.max(1, decided);
    }
  }

  BehindTurn(Arena arena) {
    this.arena = arena;
  }

  /**
   * @param text its table and its last line go there
   */
  Outcome run(int seconds, StringBuilder text) throws SQLException {
    Scrape before = arena.sidecar(true).scrape();
    long nanos = TimeUnit.SECONDS.toNanos(seconds);
    long end = System.nanoTime() + nanos;
    Thread holder = Thread.ofPlatform().start(() -> hold(end));
    Thread watcher = Thread.ofPlatform().start(() -> watch(end));
    new ReadTurn(arena, true, WRITES_IN_TEN, PACE_NANOS, null).run(CLIENTS, nanos);
    join(holder);
    join(watcher);
    Exception broken = hindrance;
    if (broken != null) {
      throw new SQLException("the mirror was not behind as it should be: " + broken, broken);
    }
    arena.settle();
    return told(before, await(), seconds, text);
  }

  private Outcome told(Scrape before, Scrape after, int seconds, StringBuilder text) {
    long mismatches = 0;
    long decided = 0;
    long others = 0;
    text.append(
        String.format(
            Locale.ROOT,
            "20 %% writes, the mirror held up for %d s again and again (lag: median %.1f s, most"
                + " %.1f s), nothing wrong, %d s:%n%n| verdict | reads |%n|---|---:|%n",
            TimeUnit.NANOSECONDS.toSeconds(HELD_NANOS),
            lagMillis.getValueAtPercentile(50) / 1e3,
            lagMillis.getMaxValue() / 1e3,
            seconds));
    for (Verdict verdict : Verdict.values()) {
      Map<String, String> its = Map.of("verdict", verdict.name());
      long count = (long) (after.sum(READS, its) - before.sum(READS, its));
      mismatches += verdict.isMismatch() ? count : 0;
      decided += verdict.isDecided() ? count : 0;
      others += verdict.isDecided() ? 0 : count;
      text.append(String.format(Locale.ROOT, "| %s | %,d |%n", verdict, count));
    }
    text.append(
        String.format(
            Locale.ROOT,
            "%n**%,d** false mismatches among %,d that were decided%n",
            mismatches,
            decided));
    return new Outcome(mismatches, decided, others);
  }

  private void hold(long end) {
    try {
      while (System.nanoTime() < end) {
        arena.holdMirror(HELD_NANOS);
        arena.catchUp();
      }
    } catch (SQLException | RuntimeException e) {
      hindrance = e;
    }
  }

  private void watch(long end) {
    try {
      while (System.nanoTime() < end) {
        lagMillis.recordValue(arena.lagMillis());
        LockSupport.parkNanos(WATCH_NANOS);
      }
    } catch (SQLException | RuntimeException e) {
      hindrance = e;
    }
  }

  private static void join(Thread thread) throws SQLException {
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SQLException("interrupted", e);
    }
  }

  /** What is still to be confirmed is part of the count. */
  private Scrape await() {
    long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(2);
    Scrape scrape = arena.sidecar(true).scrape();
    while (scrape.sum(CONFIRMING, Map.of()) > 0) {
      if (System.nanoTime() > end) {
        throw new IllegalStateException("what differs is never decided");
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(200));
      scrape = arena.sidecar(true).scrape();
    }
    return scrape;
  }
}
