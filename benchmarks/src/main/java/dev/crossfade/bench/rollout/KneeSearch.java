package dev.crossfade.bench.rollout;

import dev.crossfade.api.v1.Knee;
import dev.crossfade.api.v1.KneeStep;
import dev.crossfade.bench.rollout.replay.Pace;
import dev.crossfade.bench.rollout.replay.Turn;
import java.time.Duration;
import java.util.function.Function;

/**
 * The highest rate that a way keeps: half as much again until one is not kept, then once between
 * the last two. Bounded in steps and in rate.
 */
record KneeSearch(Terms terms, Duration length, int stepsMax, long seed) {
  private static final double FACTOR = 1.5;
  private static final double ACHIEVED_MIN = 0.95;

  /**
   * @param way replays at a pace
   * @param rate the first that is tried
   */
  Knee of(String name, Function<Pace, Turn> way, double rate) {
    Knee.Builder knee = Knee.newBuilder().setWay(name);
    double kept = 0;
    double tried = rate;
    for (int step = 0; step < stepsMax && possible(tried); step++) {
      KneeStep result = step(way, tried, step);
      knee.addSteps(result);
      if (!result.getKept()) {
        knee.setFound(true);
        double between = kept == 0 ? rate / 2 : (kept + tried) / 2;
        KneeStep last = step(way, between, step + 1);
        knee.addSteps(last);
        kept = last.getKept() ? between : kept;
        break;
      }
      kept = tried;
      tried *= FACTOR;
    }
    return knee.setRate(kept).build();
  }

  private boolean possible(double rate) {
    return rate * length.toMillis() / 1e3 <= Pace.TRANSACTIONS_MAX;
  }

  private KneeStep step(Function<Pace, Turn> way, double rate, int number) {
    // Other transactions than before, or caches would know them.
    Turn turn = way.apply(new Pace(rate, length, number * 1_000_003L, seed + number));
    double answered = turn.transactions().getTotalCount();
    double offered = answered + turn.failed() + turn.abandoned();
    double offeredRate = offered / (length.toMillis() / 1e3);
    long p99 = turn.transactions().getValueAtPercentile(99);
    boolean kept =
        offered > 0
            && turn.abandoned() == 0
            && turn.failed() <= Terms.ERRORS_MAX * offered
            && turn.achieved() >= ACHIEVED_MIN * offeredRate
            && p99 <= terms.p99Millis() * 1e3;
    return KneeStep.newBuilder()
        .setRate(rate)
        .setAchieved(turn.achieved())
        .setP99Micros(p99)
        .setKept(kept)
        .build();
  }
}
