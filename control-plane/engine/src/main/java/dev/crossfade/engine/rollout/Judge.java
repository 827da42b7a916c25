package dev.crossfade.engine.rollout;

import dev.crossfade.core.measure.LatencySteps;
import dev.crossfade.engine.rollout.Finding.Numbers;
import dev.crossfade.engine.rollout.Guard.Outcome;
import dev.crossfade.engine.signal.Answers;
import dev.crossfade.engine.signal.Totals;
import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * What guards say of the evidence. Shares are judged by {@link Rate}: a guard that holds says FAIL
 * in at most one of a hundred steps, however often it is asked.
 */
public final class Judge {
  static final double ALPHA = 0.01;

  /** What is left of {@link #ALPHA} is for windows. */
  private static final double ALPHA_OF_STEP = 0.9 * ALPHA;

  /** The n-th window has {@code ALPHA_OF_WINDOWS / n²}: together they come to the rest. */
  private static final double ALPHA_OF_WINDOWS = 0.1 * ALPHA * 6 / (Math.PI * Math.PI);

  /** So many answers must be behind the quantile of old that new is measured by. */
  private static final int BEHIND_MIN = 10;

  private Judge() {}

  /**
   * What all of them say.
   *
   * @param brokenSince for the next time
   */
  public record Judgement(List<Finding> findings, Map<String, Instant> brokenSince) {
    public Judgement {
      findings = List.copyOf(findings);
      brokenSince = Map.copyOf(brokenSince);
    }
  }

  /** Judges all guards of a step. */
  public static Judgement judge(List<Guard> guards, Evidence evidence) {
    List<Finding> findings = new ArrayList<>();
    Map<String, Instant> broken = new HashMap<>();
    for (Guard guard : guards) {
      Finding finding = judge(guard, evidence, broken);
      findings.add(finding);
    }
    return new Judgement(findings, broken);
  }

  private static Finding judge(Guard guard, Evidence evidence, Map<String, Instant> broken) {
    Sayings says = new Sayings(guard, evidence, broken);
    return switch (guard.measure()) {
      case Measure.Errors errors -> says.errors(errors);
      case Measure.Latency latency -> says.latency(latency);
      case Measure.Mismatches mismatches -> says.mismatches(mismatches);
      case Measure.Drift drift -> says.drift(drift);
      case Measure.Lag lag -> says.lag(lag);
      case Measure.DeadLetters dead -> says.deadLetters(dead);
      case Measure.Coverage coverage -> says.coverage(coverage);
      case Measure.Verified verified -> says.verified(verified);
      case Measure.Silent silent -> says.silent(silent);
      case Measure.Benchmark benchmark -> says.benchmark(benchmark);
      case Measure.Verdict verdict -> says.verdict(verdict);
    };
  }

  /** What one guard says. */
  private record Sayings(Guard guard, Evidence evidence, Map<String, Instant> broken) {
    private Finding finding(Outcome outcome, String reason, Numbers numbers) {
      return new Finding(guard.name(), outcome, reason, numbers, guard.isDryRun());
    }

    private Finding unknown(String reason, double bound) {
      return finding(Outcome.NOT_ENOUGH_DATA, reason, new Numbers(Double.NaN, bound, 0));
    }

    private Totals sinceStep() {
      return evidence.reading().totals().minus(evidence.baseline().step());
    }

    private Totals sinceWindow() {
      return evidence.reading().totals().minus(evidence.baseline().window());
    }

    private double alphaOfWindow() {
      double number = evidence.baseline().number();
      return ALPHA_OF_WINDOWS / (number * number);
    }

    /**
     * Confirmed ones are evidence against new. Differences that nobody could confirm are none, but
     * as long as they might be too many nothing speaks for new either.
     */
    Finding mismatches(Measure.Mismatches mismatches) {
      Finding found =
          share(totals -> new Rate(totals.decided(), totals.mismatches()), mismatches.max());
      Totals since = sinceStep();
      long open = since.unconfirmed();
      Rate atWorst = new Rate(since.decided() + open, since.mismatches() + open);
      boolean holds = open == 0 || atWorst.isBelow(mismatches.max(), ALPHA);
      return found.outcome() != Outcome.PASS || holds
          ? found
          : finding(
              Outcome.NOT_ENOUGH_DATA,
              found.reason() + ", but " + open + " more differences could not be confirmed",
              found.numbers());
    }

    Finding share(Function<Totals, Rate> rate, double bound) {
      Rate step = rate.apply(sinceStep());
      Rate window = rate.apply(sinceWindow());
      Numbers numbers = new Numbers(step.seen(), bound, step.trials());
      String seen = step.hits() + " of " + step.trials() + " (" + percent(step.seen()) + ")";
      if (step.isAbove(bound, ALPHA_OF_STEP)) {
        return finding(
            guard.broken(),
            seen + ": at least " + percent(step.lower(ALPHA_OF_STEP)) + ", over " + percent(bound),
            numbers);
      }
      if (window.isAbove(bound, alphaOfWindow())) {
        return finding(
            guard.broken(),
            window.hits()
                + " of the last "
                + window.trials()
                + ": at least "
                + percent(window.lower(alphaOfWindow()))
                + ", over "
                + percent(bound),
            new Numbers(window.seen(), bound, window.trials()));
      }
      String most = "at most " + percent(step.upper(ALPHA));
      return step.isBelow(bound, ALPHA)
          ? finding(Outcome.PASS, seen + ": " + most + ", under " + percent(bound), numbers)
          : finding(
              Outcome.NOT_ENOUGH_DATA,
              seen + ": " + most + ", which is not yet under " + percent(bound),
              numbers);
    }

    Finding errors(Measure.Errors errors) {
      if (!errors.overOld()) {
        return share(totals -> rate(totals.onNew()), errors.max());
      }
      Totals since = sinceStep();
      Rate onNew = rate(since.onNew());
      Rate onOld = rate(since.onOld());
      double half = ALPHA / 2;
      double least = onNew.lower(half) - onOld.upper(half);
      double most = onNew.upper(half) - onOld.lower(half);
      double seen = onNew.seen() - onOld.seen();
      Numbers numbers = new Numbers(seen, errors.max(), onNew.trials());
      String both = percent(onNew.seen()) + " on new, " + percent(onOld.seen()) + " on old";
      if (least > errors.max()) {
        return finding(
            guard.broken(),
            both + ": at least " + percent(least) + " more, over " + percent(errors.max()),
            numbers);
      }
      String atMost = both + ": at most " + percent(most) + " more, ";
      return most < errors.max()
          ? finding(Outcome.PASS, atMost + "under " + percent(errors.max()), numbers)
          : finding(
              Outcome.NOT_ENOUGH_DATA,
              atMost + "which is not yet under " + percent(errors.max()),
              numbers);
    }

    private static Rate rate(Answers answers) {
      // A report may count an error a moment before its answer.
      return new Rate(answers.count(), Math.min(answers.count(), answers.errorCount()));
    }

    /**
     * "The quantile of new is at most so many times old's" is the same as "at most so many of new's
     * answers take longer than so many times old's quantile", and that is a share.
     */
    Finding latency(Measure.Latency latency) {
      Totals since = sinceStep();
      boolean compared = since.comparedOnOld().count() > 0 && since.comparedOnNew().count() > 0;
      Answers old = compared ? since.comparedOnOld() : since.onOld();
      double beyond = 1 - latency.share();
      if (sum(old.latencies()) * beyond < BEHIND_MIN) {
        return unknown(
            sum(old.latencies()) + " answers of old to be measured by are too few",
            latency.ratio());
      }
      long usual = old.latencyMicros(latency.share());
      long bound = Math.round(usual * latency.ratio());
      Finding slower =
          share(
              totals -> slower(compared ? totals.comparedOnNew() : totals.onNew(), bound), beyond);
      Answers ours = compared ? since.comparedOnNew() : since.onNew();
      double ratio = usual == 0 ? 0 : (double) ours.latencyMicros(latency.share()) / usual;
      return finding(
          slower.outcome(),
          "old's is "
              + millis(usual)
              + ", new's "
              + millis(ours.latencyMicros(latency.share()))
              + "; slower than "
              + millis(bound)
              + " were "
              + slower.reason(),
          new Numbers(ratio, latency.ratio(), slower.numbers().samples()));
    }

    private static Rate slower(Answers answers, long bound) {
      long[] steps = answers.latencies();
      long beyond = 0;
      for (int step = LatencySteps.of(bound) + 1; step < steps.length; step++) {
        beyond += steps[step];
      }
      return new Rate(sum(steps), beyond);
    }

    private static long sum(long[] counts) {
      long sum = 0;
      for (long count : counts) {
        sum += count;
      }
      return sum;
    }

    /** A value that is compared as it is. */
    private Finding plain(boolean holds, String reason, Numbers numbers) {
      return finding(holds ? Outcome.PASS : guard.broken(), reason, numbers);
    }

    /** A value that must be beyond its bound for a while to count. */
    private Finding lasting(boolean holds, Duration lasting, String reason, Numbers numbers) {
      if (holds) {
        return finding(Outcome.PASS, reason, numbers);
      }
      Instant since = evidence.brokenSince().getOrDefault(guard.name(), evidence.now());
      broken.put(guard.name(), since);
      return evidence.now().isBefore(since.plus(lasting))
          ? finding(
              Outcome.NOT_ENOUGH_DATA,
              reason + ", for less than " + lasting.toSeconds() + " s",
              numbers)
          : finding(guard.broken(), reason, numbers);
    }

    Finding drift(Measure.Drift drift) {
      Evidence.Verification found = evidence.findings().verification();
      if (found == null) {
        return unknown("nobody has verified it", drift.max());
      }
      return plain(
          found.drifted() <= drift.max(),
          found.drifted() + " entities had drifted, at most " + drift.max() + " may",
          new Numbers(found.drifted(), drift.max(), 0));
    }

    Finding lag(Measure.Lag lag) {
      double bound = seconds(lag.max());
      boolean isEmpty = evidence.reading().mirror().pending().orElse(-1) == 0;
      if (evidence.reading().mirror().lag().isEmpty() && !isEmpty) {
        return unknown("no sidecar says how far the mirror is behind", bound);
      }
      double behind = isEmpty ? 0 : seconds(evidence.reading().mirror().lag().orElseThrow());
      return lasting(
          behind <= bound,
          lag.lasting(),
          "the mirror is " + behind + " s behind, at most " + bound + " s are allowed",
          new Numbers(behind, bound, 0));
    }

    Finding deadLetters(Measure.DeadLetters dead) {
      if (evidence.reading().mirror().deadLetters().isEmpty()) {
        return unknown("no sidecar says how many changes were given up", dead.max());
      }
      long count = evidence.reading().mirror().deadLetters().getAsLong();
      return lasting(
          count <= dead.max(),
          dead.lasting(),
          count + " changes were given up, at most " + dead.max() + " may be",
          new Numbers(count, dead.max(), 0));
    }

    Finding coverage(Measure.Coverage coverage) {
      Evidence.Coverage found = evidence.findings().coverage();
      if (found.executions() == 0) {
        return unknown("no statement has been seen", coverage.min());
      }
      double fit = 1 - (double) found.unfit() / found.executions();
      return plain(
          fit >= coverage.min(),
          percent(fit)
              + " of executions are fit for what comes, at least "
              + percent(coverage.min())
              + " must be",
          new Numbers(fit, coverage.min(), found.executions()));
    }

    Finding verified(Measure.Verified verified) {
      double bound = seconds(verified.within());
      Evidence.Verification found = evidence.findings().verification();
      if (found == null) {
        return unknown("nobody has verified it", bound);
      }
      double age = seconds(Duration.between(found.asOf(), evidence.now()));
      return plain(
          age <= bound,
          "the last verification began "
              + Math.round(age)
              + " s ago, at most "
              + Math.round(bound)
              + " s are allowed",
          new Numbers(age, bound, 0));
    }

    Finding silent(Measure.Silent silent) {
      int count = evidence.reading().silent();
      if (evidence.reading().reporting() + count == 0) {
        return unknown("no sidecar reports", silent.max());
      }
      return lasting(
          count <= silent.max(),
          silent.lasting(),
          count + " sidecars have gone silent, at most " + silent.max() + " may",
          new Numbers(count, silent.max(), 0));
    }

    Finding benchmark(Measure.Benchmark benchmark) {
      double bound =
          benchmark.max().isPresent()
              ? benchmark.max().getAsDouble()
              : benchmark.min().orElse(Double.NaN);
      Evidence.Benchmark found = evidence.findings().benchmarks().get(benchmark.name());
      if (found == null) {
        return unknown("no result of '" + benchmark.name() + "' was recorded", bound);
      }
      if (found.at().plus(benchmark.within()).isBefore(evidence.now())) {
        return unknown("the result of '" + benchmark.name() + "' is of " + found.at(), bound);
      }
      boolean holds =
          found.value() <= benchmark.max().orElse(Double.POSITIVE_INFINITY)
              && found.value() >= benchmark.min().orElse(Double.NEGATIVE_INFINITY);
      return plain(
          holds,
          "'"
              + benchmark.name()
              + "' came to "
              + number(found.value())
              + (holds ? ", as it must" : ", which is beyond its bound"),
          new Numbers(found.value(), bound, 1));
    }

    Finding verdict(Measure.Verdict measure) {
      double bound = seconds(measure.within());
      Evidence.Verdict found = evidence.findings().verdict();
      if (found == null) {
        return unknown("no verdict of 'bench rollout' was submitted", bound);
      }
      if (!found.isCurrent()) {
        return unknown(
            "the verdict of " + found.measuredAt() + " is of another version of the file", bound);
      }
      if (found.measuredAt().plus(measure.within()).isBefore(evidence.now())) {
        return unknown("the verdict is of " + found.measuredAt(), bound);
      }
      return plain(
          found.isGo(),
          found.isGo()
              ? "the benchmark of " + found.measuredAt() + " says go"
              : "the benchmark of " + found.measuredAt() + " says no go: " + found.reason(),
          new Numbers(seconds(Duration.between(found.measuredAt(), evidence.now())), bound, 1));
    }
  }

  private static double seconds(Duration duration) {
    return duration.toMillis() / 1_000.0;
  }

  private static String millis(long micros) {
    return number(micros / 1_000.0) + " ms";
  }

  static String percent(double share) {
    return number(share * 100) + "%";
  }

  private static String number(double value) {
    return BigDecimal.valueOf(value).round(new MathContext(3)).stripTrailingZeros().toPlainString();
  }
}
