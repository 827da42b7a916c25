package dev.crossfade.engine.rollout;

import dev.crossfade.core.migration.ReadShare;
import dev.crossfade.core.migration.Stage;

/** What a rollout does next. */
public sealed interface Decision {
  /**
   * Nothing, for now.
   *
   * @param waits what for, for people
   */
  record Stay(String waits) implements Decision {}

  /** It comes into another state. */
  record Take(RolloutTransition transition, Rollout after) implements Decision {}

  /** It takes note of what has become of its doing. */
  record Note(Rollout after) implements Decision {}

  /** The stage is to be set, one step forward. */
  record SetStage(Stage stage) implements Decision {}

  /** The share of reads is to be set. */
  record SetReads(ReadShare reads) implements Decision {}

  /** The migration is to go back. */
  record GoBack(Stage stage) implements Decision {}

  /** The step's job is to be started. */
  record StartJob(Plan.Job job) implements Decision {}

  /** It was asked for and is not done. */
  record Refused(String message) implements Decision {}
}
