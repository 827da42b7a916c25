package dev.crossfade.server.console.page;

import dev.crossfade.api.v1.Sidecar;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/**
 * How many statement batches the fleet has served from each side, lately: what the sidecars' counts
 * have grown by from one look to the next. It knows only what pages have asked for, so it begins
 * when somebody looks.
 */
public final class TrafficLog {
  /** How far it goes back. */
  public static final int SAMPLES_MAX = 150;

  private static final int SIDECARS_MAX = 20_000;

  /** The counts come every five seconds; what is looked at more often says nothing new. */
  private static final Duration STEP = Duration.ofSeconds(5);

  private static final Duration GAP_MAX = Duration.ofSeconds(30);

  private final InstantSource clock;
  private final ReentrantLock lock = new ReentrantLock();
  private final Deque<Sample> samples = new ArrayDeque<>();
  private Map<String, Counts> last = new HashMap<>();
  private Instant lastAt = Instant.EPOCH;

  private record Counts(long onOld, long onNew) {}

  /**
   * What went through in a second.
   *
   * @param onOld batches
   * @param onNew batches
   */
  public record Sample(double onOld, double onNew) {
    /** In percent; 0 where there was nothing. */
    public double newPercent() {
      return onOld + onNew == 0 ? 0 : 100 * onNew / (onOld + onNew);
    }
  }

  public TrafficLog(InstantSource clock) {
    this.clock = clock;
  }

  /** Takes a look at the fleet into account and returns what is known, oldest first. */
  public List<Sample> seen(List<Sidecar> sidecars) {
    lock.lock();
    try {
      Instant now = clock.instant();
      Duration since = Duration.between(lastAt, now);
      if (since.compareTo(STEP) >= 0) {
        if (since.compareTo(GAP_MAX) > 0) {
          samples.clear();
        } else {
          add(sidecars, since.toMillis() / 1e3);
        }
        last = counts(sidecars);
        lastAt = now;
      }
      return new ArrayList<>(samples);
    } finally {
      lock.unlock();
    }
  }

  private void add(List<Sidecar> sidecars, double seconds) {
    long onOld = 0;
    long onNew = 0;
    for (Map.Entry<String, Counts> entry : counts(sidecars).entrySet()) {
      Counts before = last.get(entry.getKey());
      Counts now = entry.getValue();
      // One that has started anew counts from nothing.
      if (before != null && now.onOld() >= before.onOld() && now.onNew() >= before.onNew()) {
        onOld += now.onOld() - before.onOld();
        onNew += now.onNew() - before.onNew();
      }
    }
    if (samples.size() == SAMPLES_MAX) {
      samples.removeFirst();
    }
    samples.addLast(new Sample(onOld / seconds, onNew / seconds));
  }

  private static Map<String, Counts> counts(List<Sidecar> sidecars) {
    Map<String, Counts> counts = new HashMap<>();
    sidecars.stream()
        .limit(SIDECARS_MAX)
        .forEach(
            sidecar ->
                counts.put(
                    sidecar.getService() + "/" + sidecar.getInstance(),
                    new Counts(sidecar.getRoutedOld(), sidecar.getRoutedNew())));
    return counts;
  }
}
