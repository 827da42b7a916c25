package dev.crossfade.bench.writes;

/**
 * A statement that ran on new.
 *
 * @param numbers where the sequences stood before, for customers, orders and visits
 */
record Step(Draft draft, Executed executed, long[] numbers) {
  /**
   * Whether it has one place in the order of commits. What a statement about a row of many writers
   * did not find, or could not do, another may have changed before or after.
   */
  boolean hasPlace() {
    return switch (executed) {
      case Executed.Refused ignored -> false;
      case Executed.Answered(Outcome outcome, String ignored, long nanos) ->
          !draft.hot() || outcome instanceof Outcome.Done done && done.count() > 0;
    };
  }
}
