package dev.crossfade.bench.soak;

import dev.crossfade.bench.soak.SoakRun.Outcome;
import dev.crossfade.bench.soak.Vitals.Vital;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What a soak proved.
 *
 * @param trends empty when the run was too short to judge them
 * @param objections why it failed, a sentence each; none when it passed
 */
record Verdict(List<Flatness> trends, List<String> objections) {
  /** Before as many queries, a JVM is still warming up and its memory tells nothing. */
  static final long FEWEST_QUERIES = 1_000_000;

  Verdict {
    trends = List.copyOf(trends);
    objections = List.copyOf(objections);
  }

  static Verdict of(Outcome outcome) {
    List<String> objections = new ArrayList<>();
    long failures = outcome.tally().failures();
    if (failures > 0) {
      objections.add(failures + " wrong answers or unexplained errors");
    }
    boolean telling =
        outcome.tally().answers() >= FEWEST_QUERIES
            && outcome.samples().size() >= Flatness.FEWEST_SAMPLES;
    List<Flatness> trends = telling ? Flatness.judge(outcome.samples()) : List.of();
    for (Flatness trend : trends) {
      if (!trend.isFlat()) {
        objections.add(
            String.format(
                Locale.ROOT,
                "%s grew from %.0f to %.0f",
                trend.vital().label(),
                trend.second(),
                trend.last()));
      }
    }
    Remains remains = outcome.remains();
    for (Vital vital : Remains.COUNTED) {
      if (!remains.isBack(vital)) {
        objections.add(
            "%s: %d before, %d after the last client had gone"
                .formatted(
                    vital.label(), remains.before().value(vital), remains.after().value(vital)));
      }
    }
    return new Verdict(trends, objections);
  }

  boolean isGood() {
    return objections.isEmpty();
  }
}
