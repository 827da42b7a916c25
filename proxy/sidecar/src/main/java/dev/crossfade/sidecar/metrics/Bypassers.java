package dev.crossfade.sidecar.metrics;

import dev.crossfade.mirror.Bypass;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Who writes one migration's tables past every sidecar, until nobody has for a while. Any thread.
 */
final class Bypassers {
  /** After that without another such change nothing is told any more. */
  static final Duration QUIET = Duration.ofMinutes(5);

  private static final int NAMED_MAX = 5;

  /** A notice has at most 1,024 characters. */
  private static final int MESSAGE_PART = 350;

  private final InstantSource clock;
  private final TreeSet<String> writers = new TreeSet<>();
  private final TreeSet<String> tables = new TreeSet<>();
  private @Nullable Instant since;
  private Instant last = Instant.EPOCH;
  private long changes;
  private long waiting;

  Bypassers(InstantSource clock) {
    this.clock = clock;
  }

  /** They have left the log. */
  synchronized void carried(Bypass bypass) {
    seen(bypass);
    changes += bypass.changes();
  }

  /** They are in the log, and have been counted by nobody. */
  synchronized void waiting(List<Bypass> now) {
    now.forEach(this::seen);
    waiting = now.stream().mapToLong(Bypass::changes).sum();
  }

  private void seen(Bypass bypass) {
    forget();
    last = clock.instant();
    since = since == null ? last : since;
    tables.add(bypass.tables());
    if (writers.size() < NAMED_MAX) {
      writers.add(bypass.writer());
    }
  }

  private void forget() {
    if (since != null && last.plus(QUIET).isBefore(clock.instant())) {
      since = null;
      changes = 0;
      waiting = 0;
      writers.clear();
      tables.clear();
    }
  }

  /** One sentence, while there is something to tell. */
  synchronized Optional<String> notice() {
    forget();
    if (since == null) {
      return Optional.empty();
    }
    return Optional.of(
        (changes + waiting)
            + " changes of "
            + joined(tables)
            + " came past every sidecar since "
            + since.truncatedTo(ChronoUnit.SECONDS)
            + ", the last at "
            + last.truncatedTo(ChronoUnit.SECONDS)
            + ", by "
            + joined(writers)
            + ": they are mirrored, but such writers fail once the authority moves");
  }

  private static String joined(Collection<String> names) {
    String all = names.stream().limit(NAMED_MAX).collect(Collectors.joining(", "));
    return all.length() <= MESSAGE_PART ? all : all.substring(0, MESSAGE_PART) + "...";
  }
}
