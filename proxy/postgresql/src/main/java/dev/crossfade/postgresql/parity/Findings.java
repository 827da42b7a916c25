package dev.crossfade.postgresql.parity;

import dev.crossfade.postgresql.parity.Judgement.Difference;
import dev.crossfade.postgresql.parity.Outcome.Done;
import dev.crossfade.postgresql.parity.Outcome.Refused;
import dev.crossfade.sql.parse.Fingerprint;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Which differences are more than the chance of a moment: a statement has to differ in the same way
 * several times, and a constraint that new was seen to enforce is not missing there.
 *
 * <p>Thread-safe and bounded: what was seen longest ago makes room.
 */
public final class Findings {
  /** Samples that confirm a difference. */
  static final int ENOUGH = 3;

  /** The same where the rows of others take part in it. */
  static final int ENOUGH_OF_OTHERS = 5;

  static final int MOST = 200;
  private static final long KEPT_NANOS = Duration.ofHours(1).toNanos();

  private record Key(Fingerprint statement, Difference kind, String old, String target) {}

  /** A statement that both sides have refused with the same code, and what old called the cause. */
  private record Enforced(Fingerprint statement, Refused old) {}

  private static final class Evidence {
    private int samples;
    private long lastNanos;
    private @Nullable Finding confirmed;
  }

  /** The youngest come last. */
  private static final class Youngest<K, V> extends LinkedHashMap<K, V> {
    private static final long serialVersionUID = 1;

    Youngest() {
      super(16, 0.75f, true);
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
      return size() > MOST;
    }
  }

  private final LongSupplier nanos;
  private final Map<Key, Evidence> evidence = new Youngest<>();
  private final Map<Enforced, Long> enforced = new Youngest<>();

  Findings(LongSupplier nanos) {
    this.nanos = nanos;
  }

  /** Both sides have said the same. */
  synchronized void equal(Fingerprint statement, Outcome old) {
    evidence
        .keySet()
        .removeIf(
            key -> key.statement().equals(statement) && isDisproved(key.kind(), key.old(), old));
    if (old instanceof Refused refused) {
      enforced.put(new Enforced(statement, refused), nanos.getAsLong());
    }
  }

  /** Whether it is among what {@link #confirmed} tells. */
  synchronized boolean holds(Finding finding) {
    return confirmed().contains(finding);
  }

  /** New has come to take the very write that has confirmed it. */
  synchronized void disproved(Finding finding) {
    evidence.values().removeIf(found -> finding.equals(found.confirmed));
  }

  private static boolean isDisproved(Difference kind, String then, Outcome old) {
    return switch (kind) {
      case ACCEPTED, OTHER_ERROR -> old instanceof Refused && then.equals(name(old));
      case COUNT, ROWS -> old instanceof Done done && done.rows() > 0;
      case REFUSED -> false;
    };
  }

  /**
   * A sample has differed for as long as it was looked at.
   *
   * @return the difference, if this is what confirms it
   */
  synchronized Optional<Finding> different(
      String migration, Fingerprint statement, Difference kind, Compared outcomes) {
    long now = nanos.getAsLong();
    forget(now);
    if (outcomes.old() instanceof Refused refused
        && enforced.containsKey(new Enforced(statement, refused))) {
      return Optional.empty();
    }
    Evidence found =
        evidence.computeIfAbsent(
            new Key(statement, kind, name(outcomes.old()), name(outcomes.target())),
            key -> new Evidence());
    found.samples++;
    found.lastNanos = now;
    if (found.confirmed != null
        || found.samples < (outcomes.ofOthers() ? ENOUGH_OF_OTHERS : ENOUGH)) {
      return Optional.empty();
    }
    found.confirmed =
        new Finding(
            migration,
            statement.normalizedText(),
            kind,
            outcomes.old().toString(),
            outcomes.target().toString());
    return Optional.of(found.confirmed);
  }

  /**
   * What two sides have said.
   *
   * @param ofOthers rows that others write take part in it
   */
  record Compared(Outcome old, Outcome target, boolean ofOthers) {}

  private void forget(long now) {
    evidence.values().removeIf(found -> now - found.lastNanos > KEPT_NANOS);
    enforced.values().removeIf(at -> now - at > KEPT_NANOS);
  }

  /** The number of rows may be another one each time. */
  private static String name(Outcome outcome) {
    return switch (outcome) {
      case Refused refused -> refused.toString();
      case Done done -> done.command();
    };
  }

  /** What is confirmed and was seen within the last hour, the oldest first. */
  public synchronized List<Finding> confirmed() {
    forget(nanos.getAsLong());
    return evidence.values().stream()
        .flatMap(found -> Optional.ofNullable(found.confirmed).stream())
        .toList();
  }

  /** The first that concerns a statement. */
  public synchronized Optional<Finding> of(Fingerprint statement) {
    forget(nanos.getAsLong());
    return evidence.entrySet().stream()
        .filter(entry -> entry.getKey().statement().equals(statement))
        .flatMap(entry -> Optional.ofNullable(entry.getValue().confirmed).stream())
        .findFirst();
  }

  /** The lenses are others: what was seen says nothing of them. */
  synchronized void clear() {
    evidence.clear();
    enforced.clear();
  }
}
