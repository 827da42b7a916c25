package dev.crossfade.sidecar;

import com.google.protobuf.Timestamp;
import dev.crossfade.api.v1.ComparedTimes;
import dev.crossfade.api.v1.DifferingValue;
import dev.crossfade.api.v1.LatencyStep;
import dev.crossfade.api.v1.MigrationSignals;
import dev.crossfade.api.v1.Mismatch;
import dev.crossfade.api.v1.QuerySignals;
import dev.crossfade.api.v1.Report;
import dev.crossfade.api.v1.VerdictCount;
import dev.crossfade.core.compare.Verdict;
import dev.crossfade.postgresql.shadow.Comparisons;
import dev.crossfade.postgresql.shadow.Comparisons.Counts;
import dev.crossfade.postgresql.shadow.Comparisons.QueryKey;
import dev.crossfade.postgresql.shadow.MismatchSample;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the comparison of reads adds to a report. */
final class ComparisonReport {
  private static final int MOST_MIGRATIONS = 200;
  private static final int MOST_QUERIES = 50;
  private static final int MOST_SAMPLES = 20;
  private static final int MOST_TEXT = 2_048;

  private ComparisonReport() {}

  /** Adds what was compared since the last time, to whatever is there of the same migrations. */
  static void add(Report.Builder report, Comparisons comparisons) {
    comparisons
        .take()
        .forEach(
            (migration, counts) -> {
              MigrationSignals.Builder signals = signals(report, migration);
              if (signals != null) {
                signals.addAllVerdicts(verdicts(counts)).setCompared(times(counts));
              }
            });
    comparisons.takeQueries((key, counts) -> add(report, key, counts));
    comparisons
        .takeSamples(MOST_SAMPLES - report.getMismatchesCount())
        .forEach(sample -> report.addMismatches(mismatch(sample)));
  }

  private static boolean add(Report.Builder report, QueryKey key, Counts counts) {
    MigrationSignals.Builder signals = signals(report, key.migration());
    if (signals == null) {
      return false;
    }
    QuerySignals.Builder query = null;
    for (QuerySignals.Builder known : signals.getQueriesBuilderList()) {
      query = known.getQuery().equals(key.query()) ? known : query;
    }
    if (query == null) {
      if (signals.getQueriesCount() == MOST_QUERIES) {
        return false;
      }
      query = signals.addQueriesBuilder().setQuery(key.query()).setText(cut(key.text()));
    }
    query.addAllVerdicts(verdicts(counts)).setCompared(times(counts));
    return true;
  }

  /** Null where there is no place. */
  private static MigrationSignals.@Nullable Builder signals(
      Report.Builder report, String migration) {
    for (MigrationSignals.Builder known : report.getSignalsBuilderList()) {
      if (known.getMigration().equals(migration)) {
        return known;
      }
    }
    return report.getSignalsCount() == MOST_MIGRATIONS
        ? null
        : report.addSignalsBuilder().setMigration(migration);
  }

  private static List<VerdictCount> verdicts(Counts counts) {
    List<VerdictCount> list = new ArrayList<>();
    for (Map.Entry<Verdict, Long> entry : counts.verdicts().entrySet()) {
      list.add(
          VerdictCount.newBuilder()
              .setVerdict(verdict(entry.getKey()))
              .setCount(entry.getValue())
              .build());
    }
    return list;
  }

  private static ComparedTimes times(Counts counts) {
    return ComparedTimes.newBuilder()
        .addAllOnOld(steps(counts.onOld()))
        .addAllOnNew(steps(counts.onNew()))
        .build();
  }

  private static List<LatencyStep> steps(long[] counts) {
    List<LatencyStep> steps = new ArrayList<>();
    for (int step = 0; step < counts.length; step++) {
      if (counts[step] > 0) {
        steps.add(LatencyStep.newBuilder().setStep(step).setCount(counts[step]).build());
      }
    }
    return steps;
  }

  private static Mismatch mismatch(MismatchSample sample) {
    Mismatch.Builder mismatch =
        Mismatch.newBuilder()
            .setMigration(sample.migration())
            .setQuery(sample.query())
            .setText(cut(sample.text()))
            .setVerdict(verdict(sample.verdict()))
            .setAt(
                Timestamp.newBuilder()
                    .setSeconds(sample.at().getEpochSecond())
                    .setNanos(sample.at().getNano()))
            .addAllColumns(sample.detail().columns())
            .addAllKeys(sample.detail().keys())
            .setOldRows(sample.oldRows())
            .setNewRows(sample.newRows())
            .setSqlstate(sample.sqlState())
            .setOldPlan(sample.oldPlan())
            .setNewPlan(sample.newPlan());
    sample
        .detail()
        .values()
        .forEach(
            pair ->
                mismatch.addValues(
                    DifferingValue.newBuilder()
                        .setColumn(pair.column())
                        .setOldValue(pair.old())
                        .setNewValue(pair.target())));
    return mismatch.build();
  }

  private static String cut(String text) {
    return text.length() <= MOST_TEXT ? text : text.substring(0, MOST_TEXT);
  }

  static dev.crossfade.api.v1.Verdict verdict(Verdict verdict) {
    return dev.crossfade.api.v1.Verdict.valueOf("VERDICT_" + verdict.name());
  }
}
