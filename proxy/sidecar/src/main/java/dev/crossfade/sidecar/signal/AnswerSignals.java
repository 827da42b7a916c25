package dev.crossfade.sidecar.signal;

import dev.crossfade.api.v1.ErrorCount;
import dev.crossfade.api.v1.LatencyStep;
import dev.crossfade.api.v1.MigrationSignals;
import dev.crossfade.api.v1.MirrorSignals;
import dev.crossfade.api.v1.QuerySignals;
import dev.crossfade.api.v1.SideSignals;
import dev.crossfade.core.measure.ErrorClasses;
import dev.crossfade.core.migration.Side;
import dev.crossfade.mirror.LogState;
import dev.crossfade.postgresql.inventory.QueryInventory;
import dev.crossfade.postgresql.inventory.QueryTally;
import dev.crossfade.postgresql.inventory.SideCounts;
import dev.crossfade.sidecar.metrics.MirrorMetrics;
import dev.crossfade.sidecar.metrics.SidecarMetrics;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How both sides have answered, by migration and by statement, and where the mirrors stand. */
public final class AnswerSignals implements SignalPart {
  private final SidecarMetrics metrics;
  private final Map<String, Told> told = new HashMap<>();

  /** What was told of a migration before. */
  private record Told(SideCounts.Taken onOld, SideCounts.Taken onNew) {
    static final Told NOTHING = new Told(SideCounts.Taken.NOTHING, SideCounts.Taken.NOTHING);
  }

  public AnswerSignals(SidecarMetrics metrics) {
    this.metrics = metrics;
  }

  @Override
  public void addTo(SignalDraft draft) {
    metrics.countedMigrations().forEach(migration -> addMigration(draft, migration));
    metrics.mirrors().forEach((migration, mirror) -> addMirror(draft, migration, mirror));
    QueryInventory inventory = metrics.inventory();
    for (QueryTally tally : inventory.tallies()) {
      addQuery(draft, tally);
    }
  }

  private void addMigration(SignalDraft draft, String migration) {
    Told now =
        new Told(
            metrics.counts(migration).of(Side.OLD).read(),
            metrics.counts(migration).of(Side.NEW).read());
    Told before = told.put(migration, now);
    MigrationSignals.Builder signals = draft.migration(migration);
    if (signals == null) {
      return;
    }
    Told since = before == null ? Told.NOTHING : before;
    SideSignals onOld = side(now.onOld().minus(since.onOld()));
    SideSignals onNew = side(now.onNew().minus(since.onNew()));
    if (onOld != null) {
      signals.setOnOld(onOld);
    }
    if (onNew != null) {
      signals.setOnNew(onNew);
    }
  }

  private static void addQuery(SignalDraft draft, QueryTally tally) {
    QueryTally.Taken taken = tally.takeForSignals();
    if (taken == null) {
      return;
    }
    SideSignals onOld = side(taken.onOld());
    SideSignals onNew = side(taken.onNew());
    List<String> migrations = tally.sighting().migrations();
    for (String migration : migrations) {
      QuerySignals.Builder query =
          draft.query(migration, tally.id(), tally.key().fingerprint().normalizedText());
      if (query != null && onOld != null) {
        query.setOnOld(onOld);
      }
      if (query != null && onNew != null) {
        query.setOnNew(onNew);
      }
    }
  }

  private static @Nullable SideSignals side(SideCounts.Taken counts) {
    if (counts.isEmpty()) {
      return null;
    }
    SideSignals.Builder side = SideSignals.newBuilder().setAnswers(counts.ended());
    for (int step = 0; step < counts.latencies().length; step++) {
      if (counts.latencies()[step] > 0) {
        side.addLatencies(
            LatencyStep.newBuilder().setStep(step).setCount(counts.latencies()[step]));
      }
    }
    for (int errorClass = 0; errorClass < counts.errors().length; errorClass++) {
      if (counts.errors()[errorClass] > 0) {
        side.addErrors(
            ErrorCount.newBuilder()
                .setSqlstateClass(ErrorClasses.name(errorClass))
                .setCount(counts.errors()[errorClass]));
      }
    }
    return side.build();
  }

  private static void addMirror(SignalDraft draft, String migration, MirrorMetrics mirror) {
    MigrationSignals.Builder signals = draft.migration(migration);
    if (signals == null || !mirror.isRunning()) {
      return;
    }
    Optional<LogState> log = mirror.log();
    MirrorSignals.Builder gauge =
        MirrorSignals.newBuilder()
            .setPending(log.map(LogState::pending).orElse(-1L))
            .setDeadLetters(log.map(LogState::deadLetters).orElse(-1L));
    log.map(LogState::lag)
        .ifPresent(
            lag ->
                gauge.setLag(
                    com.google.protobuf.Duration.newBuilder()
                        .setSeconds(lag.toSeconds())
                        .setNanos(lag.toNanosPart())));
    signals.setMirror(gauge);
  }
}
