package dev.crossfade.sidecar.signal;

import com.google.protobuf.Timestamp;
import dev.crossfade.api.v1.ComparedTimes;
import dev.crossfade.api.v1.DifferingValue;
import dev.crossfade.api.v1.LatencyStep;
import dev.crossfade.api.v1.MigrationSignals;
import dev.crossfade.api.v1.Mismatch;
import dev.crossfade.api.v1.QuerySignals;
import dev.crossfade.api.v1.VerdictCount;
import dev.crossfade.core.compare.Verdict;
import dev.crossfade.postgresql.shadow.Comparisons;
import dev.crossfade.postgresql.shadow.Comparisons.Counts;
import dev.crossfade.postgresql.shadow.Comparisons.QueryKey;
import dev.crossfade.postgresql.shadow.MismatchSample;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What the comparison of reads has come to. */
public final class ComparisonSignals implements SignalPart {
  private final Comparisons comparisons;

  public ComparisonSignals(Comparisons comparisons) {
    this.comparisons = comparisons;
  }

  @Override
  public void addTo(SignalDraft draft) {
    comparisons
        .take()
        .forEach(
            (migration, counts) -> {
              MigrationSignals.Builder signals = draft.migration(migration);
              if (signals != null) {
                signals.addAllVerdicts(verdicts(counts)).setCompared(times(counts));
              }
            });
    comparisons.takeQueries((key, counts) -> add(draft, key, counts));
    comparisons
        .takeSamples(SignalDraft.MISMATCHES_MAX)
        .forEach(sample -> draft.mismatch(mismatch(sample)));
  }

  private static boolean add(SignalDraft draft, QueryKey key, Counts counts) {
    QuerySignals.Builder query = draft.query(key.migration(), key.query(), key.text());
    if (query != null) {
      query.addAllVerdicts(verdicts(counts)).setCompared(times(counts));
    }
    // What is not reported any more is not kept.
    return true;
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
            .setText(SignalDraft.cut(sample.text()))
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

  static dev.crossfade.api.v1.Verdict verdict(Verdict verdict) {
    return dev.crossfade.api.v1.Verdict.valueOf("VERDICT_" + verdict.name());
  }
}
