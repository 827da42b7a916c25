package dev.crossfade.server.move;

import dev.crossfade.server.store.MoveRow;
import java.time.Duration;
import java.time.Instant;

/**
 * How old something is that a move relies on.
 *
 * @param age when the move was read
 * @param most that is allowed
 */
record EvidenceAge(Duration age, Duration most) {
  static EvidenceAge of(Instant asOf, MoveRow move, Duration most) {
    return new EvidenceAge(Duration.between(asOf, move.times().readAt()), most);
  }

  boolean isTooOld() {
    return age.compareTo(most) > 0;
  }

  /** Such as {@code 25 h ago, at most 24 h are allowed}. */
  String told() {
    return age.toHours() + " h ago, at most " + most.toHours() + " h are allowed";
  }
}
