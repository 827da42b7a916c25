package dev.crossfade.engine.catalog;

import dev.crossfade.core.migration.Consistency;
import dev.crossfade.core.migration.ReadShare;
import dev.crossfade.core.migration.Stage;
import dev.crossfade.core.migration.Stickiness;

/**
 * The part of a migration that routes traffic.
 *
 * @param reads the share asked for new; in force in RAMP only
 */
public record Position(
    Stage stage, ReadShare reads, Stickiness stickiness, Consistency consistency) {
  /** Where every migration begins. */
  public static final Position START = new Position(Stage.OFF, ReadShare.NONE, Stickiness.SESSION);

  /** With the usual promises. */
  public Position(Stage stage, ReadShare reads, Stickiness stickiness) {
    this(stage, reads, stickiness, Consistency.USUAL);
  }
}
