package dev.crossfade.server.signal;

import com.google.protobuf.Timestamp;
import dev.crossfade.api.v1.ComparisonFigures;
import dev.crossfade.api.v1.ErrorCount;
import dev.crossfade.api.v1.MirrorSignals;
import dev.crossfade.api.v1.QueryFigures;
import dev.crossfade.api.v1.SideFigures;
import dev.crossfade.api.v1.SignalPoint;
import dev.crossfade.core.measure.LatencySteps;
import dev.crossfade.engine.signal.Answers;
import dev.crossfade.engine.signal.MirrorGauge;
import dev.crossfade.engine.signal.Totals;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * What is known of a migration, as it is sent.
 *
 * @param signals the answer
 */
public record SignalView(dev.crossfade.api.v1.Signals signals) {
  static SignalView nothing(String migration, Instant now) {
    return new SignalView(
        dev.crossfade.api.v1.Signals.newBuilder()
            .setMigration(migration)
            .setAt(timestamp(now))
            .setWindow(duration(Duration.ZERO))
            .build());
  }

  static SignalView of(
      String migration, Instant now, Observed.State state, List<Observed.QueryTotals> queries) {
    Sums window = state.window().sums();
    Totals totals = window.totals();
    dev.crossfade.api.v1.Signals.Builder signals =
        dev.crossfade.api.v1.Signals.newBuilder()
            .setMigration(migration)
            .setAt(timestamp(now))
            .setWindow(duration(state.window().length()))
            .setOnOld(side(totals.onOld()))
            .setOnNew(side(totals.onNew()))
            .setRoutableReads(window.reads())
            .setRoutableReadsOnNew(window.readsOnNew())
            .setComparisons(comparisons(totals))
            .setReporting(state.reading().reporting())
            .setSilent(state.reading().silent())
            .setTotalOnOld(state.totals().answersOnOld())
            .setTotalOnNew(state.totals().answersOnNew())
            .setUnlisted(state.totals().unlisted());
    mirror(state.reading().mirror(), signals);
    state.points().forEach(point -> signals.addPoints(point(point)));
    queries.forEach(query -> signals.addQueries(query(query)));
    return new SignalView(signals.build());
  }

  private static void mirror(MirrorGauge gauge, dev.crossfade.api.v1.Signals.Builder signals) {
    if (gauge.equals(MirrorGauge.UNKNOWN)) {
      return;
    }
    MirrorSignals.Builder mirror =
        MirrorSignals.newBuilder()
            .setPending(gauge.pending().orElse(-1))
            .setDeadLetters(gauge.deadLetters().orElse(-1));
    gauge.lag().ifPresent(lag -> mirror.setLag(duration(lag)));
    signals.setMirror(mirror);
  }

  private static SideFigures side(Answers answers) {
    SideFigures.Builder side =
        SideFigures.newBuilder()
            .setAnswers(answers.count())
            .setP50Micros(answers.latencyMicros(0.5))
            .setP99Micros(answers.latencyMicros(0.99));
    answers.errors().entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(
            error ->
                side.addErrors(
                    ErrorCount.newBuilder()
                        .setSqlstateClass(error.getKey())
                        .setCount(error.getValue())));
    return side.build();
  }

  private static ComparisonFigures comparisons(Totals totals) {
    return ComparisonFigures.newBuilder()
        .addAllVerdicts(Verdicts.write(totals.verdicts()))
        .setDecided(totals.decided())
        .setMismatches(totals.mismatches())
        .setOldP50Micros(LatencySteps.percentile(totals.comparedOnOld().latencies(), 0.5))
        .setNewP50Micros(LatencySteps.percentile(totals.comparedOnNew().latencies(), 0.5))
        .build();
  }

  private static SignalPoint point(History.Point point) {
    Totals totals = point.sums().totals();
    SignalPoint.Builder made =
        SignalPoint.newBuilder()
            .setAt(timestamp(point.end()))
            .setLength(duration(point.length()))
            .setOnOld(side(totals.onOld()))
            .setOnNew(side(totals.onNew()))
            .setRoutableReads(point.sums().reads())
            .setRoutableReadsOnNew(point.sums().readsOnNew())
            .setDecided(totals.decided())
            .setMismatches(totals.mismatches());
    point.lagMillis().ifPresent(millis -> made.setLag(duration(Duration.ofMillis(millis))));
    return made.build();
  }

  private static QueryFigures query(Observed.QueryTotals query) {
    Totals totals = query.sums().totals();
    return QueryFigures.newBuilder()
        .setQuery(query.query())
        .setText(query.text())
        .setOnOld(side(totals.onOld()))
        .setOnNew(side(totals.onNew()))
        .setComparisons(comparisons(totals))
        .build();
  }

  private static Timestamp timestamp(Instant instant) {
    return Timestamp.newBuilder()
        .setSeconds(instant.getEpochSecond())
        .setNanos(instant.getNano())
        .build();
  }

  private static com.google.protobuf.Duration duration(Duration duration) {
    return com.google.protobuf.Duration.newBuilder()
        .setSeconds(duration.getSeconds())
        .setNanos(duration.getNano())
        .build();
  }
}
