package dev.crossfade.bench.differential;

/** What has to hold. */
final class Bar {
  static final double LEAST_ACCEPTED = 0.95;

  private Bar() {}

  /** No wrong answer, enough translated, and a reason for whatever was not. */
  static boolean isMet(Tally tally) {
    return tally.wrongAnswers().isEmpty()
        && tally.acceptedShare() >= LEAST_ACCEPTED
        && tally.refusals().entrySet().stream()
            .noneMatch(each -> each.getKey().isBlank() || each.getValue().detail().isBlank());
  }
}
