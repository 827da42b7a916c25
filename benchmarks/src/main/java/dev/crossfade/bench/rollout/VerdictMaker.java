package dev.crossfade.bench.rollout;

import com.google.protobuf.Timestamp;
import dev.crossfade.api.v1.BenchmarkVerdict;
import dev.crossfade.api.v1.BenchmarkVerdict.Outcome;
import dev.crossfade.api.v1.Knee;
import dev.crossfade.api.v1.MeasuredStatement;
import dev.crossfade.api.v1.MeasuredWay;
import dev.crossfade.api.v1.MeasurementError;
import dev.crossfade.api.v1.VerdictReason;
import dev.crossfade.api.v1.VerdictReason.Kind;
import dev.crossfade.api.v1.WorkloadSummary;
import dev.crossfade.bench.rollout.replay.Turn;
import dev.crossfade.bench.rollout.workload.Workload;
import dev.crossfade.engine.catalog.MigrationText;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.HdrHistogram.Histogram;

/** Judges what was measured. Everything of it is in the verdict, numbers and reasons. */
final class VerdictMaker {
  private static final int STATEMENTS_MAX = 500;
  private static final int REASONS_MAX = 200;
  private static final int TEXT_MAX = 400;

  private final Subject subject;
  private final Workload workload;
  private final Settings settings;
  private final Measurement measured;
  private final int count;
  private final Turn onOld;
  private final Turn onNew;
  private final List<VerdictReason> reasons = new ArrayList<>();
  private final List<String> remarks = new ArrayList<>();
  private int falseAlarms;

  private VerdictMaker(
      Subject subject, Workload workload, Settings settings, Measurement measured) {
    this.subject = subject;
    this.workload = workload;
    this.settings = settings;
    this.measured = measured;
    this.count = workload.statements().size();
    this.onOld = measured.whole(Measurement.ON_OLD, count);
    this.onNew = measured.whole(Measurement.ON_NEW, count);
  }

  static BenchmarkVerdict make(
      Subject subject,
      Workload workload,
      Settings settings,
      Measurement measured,
      List<String> circumstances) {
    return new VerdictMaker(subject, workload, settings, measured).verdict(circumstances);
  }

  private BenchmarkVerdict verdict(List<String> circumstances) {
    remarks.addAll(workload.remarks());
    List<MeasuredStatement> statements = statements();
    coverage();
    headroom();
    Instant now = Instant.now();
    BenchmarkVerdict.Builder verdict =
        BenchmarkVerdict.newBuilder()
            .setFormat(1)
            .setMigration(subject.migration())
            .setFileHash(new MigrationText(subject.yaml(), "").hash())
            .setOutcome(reasons.isEmpty() ? Outcome.GO : Outcome.NO_GO)
            .setMeasuredAt(
                Timestamp.newBuilder().setSeconds(now.getEpochSecond()).setNanos(now.getNano()))
            .setWorkload(summary())
            .addAllStatements(statements)
            .addAllKnees(measured.knees())
            .setError(error())
            .addAllCircumstances(circumstances);
    measured.ways().keySet().forEach(name -> verdict.addWays(way(name)));
    reasons.stream().limit(REASONS_MAX).forEach(verdict::addReasons);
    remarks.stream().limit(REASONS_MAX).forEach(verdict::addRemarks);
    return verdict.build();
  }

  private List<MeasuredStatement> statements() {
    List<MeasuredStatement> statements = new ArrayList<>();
    List<Finding> findings = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      statements.add(statement(i, findings));
    }
    findings.stream()
        .sorted(Comparator.comparingDouble(Finding::weight).reversed())
        .forEach(finding -> reasons.add(finding.reason()));
    statements.sort(Comparator.comparingLong(MeasuredStatement::getExecutions).reversed());
    return statements.stream().limit(STATEMENTS_MAX).toList();
  }

  /** A reason and how much it weighs. */
  private record Finding(VerdictReason reason, double weight) {}

  private MeasuredStatement statement(int i, List<Finding> findings) {
    String text = shortened(workload.statements().get(i).fingerprint());
    PlanComparison.Compared plans = measured.plans().get(i);
    Slowness slowness =
        Slowness.of(
            measured.samples(Measurement.ON_OLD, i), measured.samples(Measurement.ON_NEW, i));
    Slowness noise =
        Slowness.of(
            measured.samples(Measurement.OLD, i), measured.samples(Measurement.OLD_AGAIN, i));
    falseAlarms += noise.counts(settings.terms(), 1, count) ? 1 : 0;
    boolean slower = slowness.counts(settings.terms(), apart(noise.ratio()), count);
    if (slower) {
      String plan = plans.worse().isEmpty() ? "" : "; " + plans.worse();
      findings.add(
          new Finding(
              reason(
                  Kind.SLOWER,
                  text,
                  "%.2f times as long on new: median %.2f ms instead of %.2f ms (p %.1e)%s: %s",
                  slowness.ratio(),
                  onNew.statement(i).quantile(0.5) / 1e3,
                  onOld.statement(i).quantile(0.5) / 1e3,
                  slowness.pValue(),
                  plan,
                  text),
              2e3 + slowness.ratio()));
    }
    if (!plans.worse().isEmpty()) {
      findings.add(new Finding(reason(Kind.PLAN_WORSE, text, "%s: %s", plans.worse(), text), 1e3));
    }
    errors(i, text, findings);
    if (!plans.refusal().isEmpty()) {
      remarks.add("stays with old (" + plans.refusal() + "): " + text);
    }
    return MeasuredStatement.newBuilder()
        .setFingerprint(text)
        .setExecutions(onNew.statement(i).count())
        .setOldP50Micros(Math.round(onOld.statement(i).quantile(0.5)))
        .setOldP99Micros(Math.round(onOld.statement(i).quantile(0.99)))
        .setNewP50Micros(Math.round(onNew.statement(i).quantile(0.5)))
        .setNewP99Micros(Math.round(onNew.statement(i).quantile(0.99)))
        .setRatio(slowness.ratio())
        .setPValue(slowness.pValue())
        .setRatioOfOld(noise.ratio())
        .setErrorsOnOld(onOld.errors(i))
        .setErrorsOnNew(onNew.errors(i))
        .setOldPlan(plans.before() == null ? "" : plans.before().text())
        .setNewPlan(plans.after() == null ? "" : plans.after().text())
        .setRefusal(plans.refusal())
        .build();
  }

  private void errors(int i, String text, List<Finding> findings) {
    long more = onNew.errors(i) - onOld.errors(i);
    if (more > Terms.ERRORS_MAX * (onNew.statement(i).count() + onNew.errors(i))) {
      findings.add(
          new Finding(
              reason(
                  Kind.ERRORS,
                  text,
                  "%d executions failed on new and %d on old, first with %s: %s",
                  onNew.errors(i),
                  onOld.errors(i),
                  onNew.message(i).lines().findFirst().orElse("no message"),
                  text),
              3e3 + more));
    } else if (onOld.errors(i) > 0) {
      remarks.add(
          onOld.errors(i)
              + " executions fail on old itself, first with "
              + onOld.message(i).lines().findFirst().orElse("no message")
              + ": "
              + text);
    }
  }

  /** What was not replayed, or fails wherever it is sent, was not measured. */
  private void coverage() {
    double all = 0;
    double answered = 0;
    double translated = 0;
    for (int i = 0; i < count; i++) {
      double weight = workload.statements().get(i).weight();
      all += weight;
      boolean works = onNew.statement(i).count() > 0;
      answered += works ? weight : 0;
      translated += works && measured.plans().get(i).refusal().isEmpty() ? weight : 0;
    }
    double covered = all == 0 ? 0 : workload.coverage() * answered / all;
    if (covered < settings.terms().coverage()) {
      reasons.add(
          reason(
              Kind.NOT_MEASURED,
              "",
              "only %.1f%% of the workload's executions were measured, at least %.0f%% must be",
              100 * covered,
              100 * settings.terms().coverage()));
    }
    double share = measured.routes().share();
    remarks.add(
        String.format(
            Locale.ROOT,
            "new has answered %.1f%% of what was sent by '%s'%s",
            100 * share,
            Measurement.ON_NEW,
            measured.routes().others().isEmpty() ? "" : "; old: " + measured.routes().others()));
    if (translated > 0 && share < translated / all / 2) {
      reasons.add(
          reason(
              Kind.NOT_MEASURED,
              "",
              "new has answered only %.1f%% of what could be translated (%s)",
              100 * share,
              measured.routes().others()));
    }
    if (translated == 0) {
      reasons.add(
          reason(Kind.NOT_MEASURED, "", "new has answered none of the workload's statements"));
    }
  }

  private void headroom() {
    for (Knee knee : measured.knees()) {
      boolean enough = knee.getRate() >= settings.terms().headroom() * settings.rate();
      if (knee.getWay().equals(Measurement.ON_NEW) && knee.getFound() && !enough) {
        reasons.add(
            reason(
                Kind.NO_HEADROOM,
                "",
                "new keeps %.1f transactions a second, %.2f times the %.1f that were asked for; at"
                    + " least %.2f times must be kept",
                knee.getRate(),
                knee.getRate() / settings.rate(),
                settings.rate(),
                settings.terms().headroom()));
      }
    }
    if (measured.knees().isEmpty()) {
      remarks.add("the highest rate was not looked for");
    }
    double offered =
        onNew.transactions().getTotalCount() + onNew.failed() + (double) onNew.abandoned();
    if (onNew.abandoned() > 0) {
      reasons.add(
          reason(
              Kind.NO_HEADROOM,
              "",
              "new did not keep %.1f transactions a second: %d of %.0f were never begun",
              settings.rate(),
              onNew.abandoned(),
              offered));
    }
  }

  private WorkloadSummary summary() {
    return WorkloadSummary.newBuilder()
        .setSource(workload.source())
        .setRate(settings.rate())
        .setSessions(settings.sessions())
        .setSeconds(settings.length().toMillis() / 1e3)
        .setRounds(settings.rounds())
        .setStatements(count)
        .setCoverage(workload.coverage())
        .setWrites(workload.writes())
        .build();
  }

  private MeasuredWay way(String name) {
    Turn whole = measured.whole(name, count);
    Histogram times = whole.transactions();
    return MeasuredWay.newBuilder()
        .setName(name)
        .setTransactions(times.getTotalCount())
        .setErrors(whole.failed() + whole.abandoned())
        .setAchieved(whole.achieved())
        .setP50Micros(quantile(name, 50))
        .setP90Micros(quantile(name, 90))
        .setP99Micros(quantile(name, 99))
        .setMaxMicros(times.getMaxValue())
        .build();
  }

  /** The median of the rounds: one that was disturbed does not decide. */
  private long quantile(String way, double percent) {
    double[] rounds =
        measured.turns(way).stream()
            .mapToDouble(turn -> turn.transactions().getValueAtPercentile(percent))
            .toArray();
    return rounds.length == 0 ? 0 : Math.round(Slowness.median(rounds));
  }

  private MeasurementError error() {
    Histogram generator = measured.generator().transactions();
    return MeasurementError.newBuilder()
        .setGeneratorP50Micros(generator.getValueAtPercentile(50))
        .setGeneratorP99Micros(generator.getValueAtPercentile(99))
        .setOldAgainP50(between(50))
        .setOldAgainP99(between(99))
        .setFalseAlarms(falseAlarms)
        .setSidecarMicros(quantile(Measurement.ON_OLD, 50) - quantile(Measurement.OLD, 50))
        .build();
  }

  private double between(double percent) {
    double one = quantile(Measurement.OLD, percent);
    double other = quantile(Measurement.OLD_AGAIN, percent);
    return one == 0 ? 1 : apart(other / one);
  }

  /** As a ratio of at least 1. */
  private static double apart(double ratio) {
    return ratio <= 0 ? 1 : Math.max(ratio, 1 / ratio);
  }

  private static VerdictReason reason(
      Kind kind, String fingerprint, String message, Object... values) {
    return VerdictReason.newBuilder()
        .setKind(kind)
        .setFingerprint(fingerprint)
        .setMessage(String.format(Locale.ROOT, message, values))
        .build();
  }

  private static String shortened(String text) {
    return text.length() <= TEXT_MAX ? text : text.substring(0, TEXT_MAX - 3) + "...";
  }
}
