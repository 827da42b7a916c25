package dev.crossfade.bench.demo;

import java.util.Map;

/**
 * How the reads that could have gone to new were split, from the sidecar's counters.
 *
 * @param onNew answered by new
 * @param onOld answered by old: outside the share, or because new did not answer
 * @param notRoutable batches about mapped tables that no share decides about: first sights, writes,
 *     read-write transactions
 */
record Split(long onNew, long onOld, long notRoutable) {
  private static final String COUNTER = "crossfade_queries_total";
  private static final String[] OLD_BY_SHARE = {
    "OUT_OF_SHARE", "STAGE", "TRANSACTION_SIDE", "FALLBACK", "NEW_UNAVAILABLE", "CIRCUIT_OPEN"
  };

  static Split of(Scrape scrape, String migration) {
    long onNew = Math.round(scrape.sum(COUNTER, Map.of("migration", migration, "side", "new")));
    long onOld = 0;
    for (String reason : OLD_BY_SHARE) {
      onOld +=
          Math.round(
              scrape.sum(COUNTER, Map.of("migration", migration, "side", "old", "reason", reason)));
    }
    long all = Math.round(scrape.sum(COUNTER, Map.of("migration", migration)));
    return new Split(onNew, onOld, all - onNew - onOld);
  }

  Split minus(Split earlier) {
    return new Split(
        onNew - earlier.onNew, onOld - earlier.onOld, notRoutable - earlier.notRoutable);
  }

  long routable() {
    return onNew + onOld;
  }

  /** In percent of the routable reads; 0 where there is none. */
  double newPercent() {
    return routable() == 0 ? 0 : 100.0 * onNew / routable();
  }
}
