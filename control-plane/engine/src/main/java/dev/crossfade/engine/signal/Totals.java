package dev.crossfade.engine.signal;

import dev.crossfade.core.compare.Verdict;
import java.util.EnumMap;
import java.util.Map;

/**
 * What the fleet has counted of one migration since some beginning. Totals only grow, but for the
 * last second of a process that was killed; so two of the same beginning have a difference: what
 * came between them.
 *
 * @param onOld what clients were answered by old
 * @param onNew what clients were answered by new
 * @param verdicts ended comparisons
 * @param comparedOnOld how long old took for reads that were compared
 * @param comparedOnNew how long new took for the same reads
 */
public record Totals(
    Answers onOld,
    Answers onNew,
    Map<Verdict, Long> verdicts,
    Answers comparedOnOld,
    Answers comparedOnNew) {
  public static final Totals NONE =
      new Totals(Answers.NONE, Answers.NONE, Map.of(), Answers.NONE, Answers.NONE);

  public Totals {
    verdicts = Map.copyOf(verdicts);
  }

  /** Comparisons that say something. */
  public long decided() {
    return count(true);
  }

  /** Those of them that are confirmed mismatches. */
  public long mismatches() {
    return count(false);
  }

  /** Differences that nobody could confirm or explain: any of them may be a mismatch. */
  public long unconfirmed() {
    return verdicts.getOrDefault(Verdict.UNCONFIRMED, 0L);
  }

  private long count(boolean matchesToo) {
    return verdicts.entrySet().stream()
        .filter(entry -> matchesToo ? entry.getKey().isDecided() : entry.getKey().isMismatch())
        .mapToLong(Map.Entry::getValue)
        .sum();
  }

  /** Both together. */
  public Totals plus(Totals other) {
    return new Totals(
        onOld.plus(other.onOld),
        onNew.plus(other.onNew),
        sum(other.verdicts, 1),
        comparedOnOld.plus(other.comparedOnOld),
        comparedOnNew.plus(other.comparedOnNew));
  }

  /** What came since {@code earlier}, of the same beginning; never less than nothing. */
  public Totals minus(Totals earlier) {
    return new Totals(
        onOld.minus(earlier.onOld),
        onNew.minus(earlier.onNew),
        sum(earlier.verdicts, -1),
        comparedOnOld.minus(earlier.comparedOnOld),
        comparedOnNew.minus(earlier.comparedOnNew));
  }

  private Map<Verdict, Long> sum(Map<Verdict, Long> others, int sign) {
    Map<Verdict, Long> sums = new EnumMap<>(Verdict.class);
    sums.putAll(verdicts);
    others.forEach((verdict, count) -> sums.merge(verdict, sign * count, Long::sum));
    sums.values().removeIf(count -> count <= 0);
    return sums;
  }
}
