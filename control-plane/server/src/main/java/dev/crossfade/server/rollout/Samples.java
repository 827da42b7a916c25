package dev.crossfade.server.rollout;

import dev.crossfade.engine.rollout.Finding;
import dev.crossfade.engine.rollout.Guard.Outcome;
import dev.crossfade.server.store.RolloutEvidence;
import dev.crossfade.server.store.RolloutEvidence.Sample;
import dev.crossfade.server.store.StoreException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which of the things that guards say are kept: each change at once, and what stays the same now
 * and then. Of the rollouts' thread alone.
 */
final class Samples {
  private static final Duration EVERY = Duration.ofSeconds(5);
  private static final int REMEMBERED_MAX = 10_000;

  private final RolloutEvidence store;
  private final Map<Key, Last> remembered = new HashMap<>();

  private record Key(long rollout, int step, String guard) {}

  private record Last(Outcome outcome, Instant at) {}

  Samples(RolloutEvidence store) {
    this.store = store;
  }

  void keep(long rollout, int step, List<Finding> findings, Instant now) throws StoreException {
    if (remembered.size() > REMEMBERED_MAX) {
      remembered.clear();
    }
    List<Sample> samples = new ArrayList<>();
    for (Finding finding : findings) {
      Last last = remembered.get(new Key(rollout, step, finding.guard()));
      if (last == null
          || last.outcome() != finding.outcome()
          || !now.isBefore(last.at().plus(EVERY))) {
        samples.add(new Sample(step, now, finding));
      }
    }
    if (samples.isEmpty()) {
      return;
    }
    store.add(rollout, samples);
    for (Sample sample : samples) {
      remembered.put(
          new Key(rollout, step, sample.finding().guard()),
          new Last(sample.finding().outcome(), now));
    }
  }
}
