package dev.crossfade.core.migration;

import java.util.Locale;
import java.util.Optional;

/**
 * Where a migration stands. A stage moves one step forward or back at a time; a rollback may go to
 * any earlier one.
 *
 * <pre>
 * OFF - DUAL_WRITE - SHADOW - RAMP - LIVE - RAMPDOWN - COMPLETE
 * '------ authority OLD -----------' '----- authority NEW ----'
 * </pre>
 */
public enum Stage {
  OFF,
  DUAL_WRITE,
  SHADOW,
  RAMP,
  LIVE,
  RAMPDOWN,
  COMPLETE;

  /** The side whose data is the truth in this stage. */
  public Side authority() {
    return compareTo(LIVE) >= 0 ? Side.NEW : Side.OLD;
  }

  /** Whether {@code target} is exactly one step away. */
  public boolean isNextTo(Stage target) {
    return Math.abs(target.ordinal() - ordinal()) == 1;
  }

  /** Reads the name as people write it: any case, {@code -} for {@code _}. */
  public static Optional<Stage> parse(String text) {
    String name = text.trim().toUpperCase(Locale.ROOT).replace('-', '_');
    for (Stage stage : values()) {
      if (stage.name().equals(name)) {
        return Optional.of(stage);
      }
    }
    return Optional.empty();
  }
}
