package dev.crossfade.bench.writes;

/** What has to hold. */
final class Bar {
  static final double LEAST_ACCEPTED = 0.95;

  private Bar() {}

  /** No wrong answer, the same rows in the end, enough translated, a reason for what was not. */
  static boolean isMet(Tally tally) {
    return tally.wrongCount() == 0
        && tally.differences().isEmpty()
        && tally.acceptedShare() >= LEAST_ACCEPTED
        && tally.refusals().entrySet().stream()
            .noneMatch(each -> each.getKey().isBlank() || each.getValue().detail().isBlank());
  }
}
