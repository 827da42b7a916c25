package dev.crossfade.postgresql.shadow;

import dev.crossfade.core.compare.Verdict;
import dev.crossfade.core.measure.LatencySteps;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiPredicate;

/**
 * What came of comparing, by migration and by query, until somebody takes it. Any thread; bounded:
 * of queries that find no place only the migration's counts remain.
 */
public final class Comparisons {
  static final int MOST_MIGRATIONS = 200;
  static final int MOST_QUERIES = 1_000;
  static final int MOST_SAMPLES = 100;

  /** Samples of one query and verdict that wait at once. */
  private static final int MOST_ALIKE = 5;

  /**
   * Counts since they were taken the last time.
   *
   * @param onOld latencies of the compared reads by {@link LatencySteps}
   * @param onNew of the same reads
   */
  public record Counts(Map<Verdict, Long> verdicts, long[] onOld, long[] onNew) {}

  /** One query of one migration, by the first digits of its text's hash. */
  public record QueryKey(String migration, String query, String text) {}

  private static final class Tally {
    private final Map<Verdict, Long> verdicts = new EnumMap<>(Verdict.class);
    private final long[] onOld = new long[LatencySteps.COUNT];
    private final long[] onNew = new long[LatencySteps.COUNT];

    private void add(Verdict verdict, long oldNanos, long newNanos) {
      verdicts.merge(verdict, 1L, Long::sum);
      if (oldNanos > 0 && newNanos > 0) {
        onOld[LatencySteps.of(oldNanos / 1_000)]++;
        onNew[LatencySteps.of(newNanos / 1_000)]++;
      }
    }

    private Counts counts() {
      return new Counts(verdicts, onOld, onNew);
    }
  }

  private final Map<String, Tally> migrations = new LinkedHashMap<>();
  private final Map<QueryKey, Tally> queries = new LinkedHashMap<>();
  private final ArrayDeque<MismatchSample> samples = new ArrayDeque<>();

  /**
   * A comparison has ended.
   *
   * @param oldNanos how long old took; 0 where both times are not known
   */
  synchronized void add(
      ComparedQuery query, Verdict verdict, Counted counted, long oldNanos, long newNanos) {
    String migration = query.migration();
    if (migrations.size() < MOST_MIGRATIONS || migrations.containsKey(migration)) {
      migrations
          .computeIfAbsent(migration, name -> new Tally())
          .add(counted.ofMigration(verdict), oldNanos, newNanos);
    }
    QueryKey key = new QueryKey(migration, query.id(), query.text());
    if (queries.size() < MOST_QUERIES || queries.containsKey(key)) {
      queries
          .computeIfAbsent(key, name -> new Tally())
          .add(counted.ofQuery(verdict), oldNanos, newNanos);
    }
  }

  /** A difference was confirmed. */
  synchronized void add(MismatchSample sample) {
    long alike =
        samples.stream()
            .filter(
                waiting ->
                    waiting.query().equals(sample.query()) && waiting.verdict() == sample.verdict())
            .count();
    if (samples.size() < MOST_SAMPLES && alike < MOST_ALIKE) {
      samples.add(sample);
    }
  }

  /** Takes the counts of all migrations and begins anew. */
  public synchronized Map<String, Counts> take() {
    Map<String, Counts> taken = new LinkedHashMap<>();
    migrations.forEach((name, tally) -> taken.put(name, tally.counts()));
    migrations.clear();
    return taken;
  }

  /**
   * Takes the counts of those queries that somebody has a place for.
   *
   * @param wanted asked of each with its counts; who says yes has them
   */
  public synchronized void takeQueries(BiPredicate<QueryKey, Counts> wanted) {
    Iterator<Map.Entry<QueryKey, Tally>> each = queries.entrySet().iterator();
    while (each.hasNext()) {
      Map.Entry<QueryKey, Tally> entry = each.next();
      if (wanted.test(entry.getKey(), entry.getValue().counts())) {
        each.remove();
      }
    }
  }

  /** Takes samples, the oldest first. */
  public synchronized List<MismatchSample> takeSamples(int most) {
    List<MismatchSample> taken = new ArrayList<>();
    while (taken.size() < most && !samples.isEmpty()) {
      taken.add(samples.remove());
    }
    return taken;
  }
}
