package dev.crossfade.core.migration;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How far behind the authority the other side may be for a read to go there.
 *
 * @param bound how far; zero unless {@link Kind#BOUNDED}
 */
public record ReadFreshness(Kind kind, Duration bound) {
  /** What is promised. */
  public enum Kind {
    /** A session never sees less than it has seen or written before. */
    READ_YOUR_WRITES,
    /** What was committed longer ago than the bound is seen. */
    BOUNDED,
    /** What was committed is seen some time. */
    EVENTUAL
  }

  public static final ReadFreshness READ_YOUR_WRITES =
      new ReadFreshness(Kind.READ_YOUR_WRITES, Duration.ZERO);
  public static final ReadFreshness EVENTUAL = new ReadFreshness(Kind.EVENTUAL, Duration.ZERO);
  public static final Duration LEAST_BOUND = Duration.ofMillis(100);
  public static final Duration MOST_BOUND = Duration.ofHours(1);

  private static final Pattern TEXT_OF_BOUNDED = Pattern.compile("bounded:([0-9]{1,7})(ms|s)");

  public ReadFreshness {
    boolean fits =
        kind == Kind.BOUNDED
            ? bound.compareTo(LEAST_BOUND) >= 0 && bound.compareTo(MOST_BOUND) <= 0
            : bound.isZero();
    if (!fits) {
      throw new IllegalArgumentException("a bound is 100ms to 3600s, not " + bound);
    }
  }

  public static ReadFreshness bounded(Duration bound) {
    return new ReadFreshness(Kind.BOUNDED, bound);
  }

  /**
   * Reads {@code read-your-writes}, {@code bounded:500ms}, {@code bounded:2s} or {@code eventual}.
   *
   * @throws IllegalArgumentException when it is none of them
   */
  public static ReadFreshness parse(String text) {
    Matcher bounded = TEXT_OF_BOUNDED.matcher(text);
    if (bounded.matches()) {
      long number = Long.parseLong(bounded.group(1));
      return bounded(
          bounded.group(2).equals("s") ? Duration.ofSeconds(number) : Duration.ofMillis(number));
    }
    return switch (text) {
      case "read-your-writes" -> READ_YOUR_WRITES;
      case "eventual" -> EVENTUAL;
      default ->
          throw new IllegalArgumentException(
              "'"
                  + text
                  + "' is no freshness: write read-your-writes, bounded:500ms (100ms to 3600s) or"
                  + " eventual");
    };
  }

  /** As {@link #parse} reads it. */
  @Override
  public String toString() {
    return switch (kind) {
      case READ_YOUR_WRITES -> "read-your-writes";
      case EVENTUAL -> "eventual";
      case BOUNDED ->
          "bounded:"
              + (bound.toMillisPart() == 0 ? bound.toSeconds() + "s" : bound.toMillis() + "ms");
    };
  }
}
