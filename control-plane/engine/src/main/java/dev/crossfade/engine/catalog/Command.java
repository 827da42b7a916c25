package dev.crossfade.engine.catalog;

import dev.crossfade.core.migration.ReadFreshness;
import dev.crossfade.core.migration.ReadShare;
import dev.crossfade.core.migration.Stage;
import dev.crossfade.core.migration.Stickiness;
import dev.crossfade.core.migration.WriteAck;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** What someone wants changed in one migration. */
public sealed interface Command {
  /** The migration's name. */
  String name();

  /** The version that the migration must have; 0 for one that must not exist. Empty: any. */
  OptionalLong expectedVersion();

  /**
   * Adds the migration or replaces its file, which has been checked.
   *
   * @param evidence that the databases' catalogs have been, too; null when they have not
   * @param flag that decides its share of reads; null when the file names none
   */
  record Apply(
      String name,
      MigrationText file,
      OptionalLong expectedVersion,
      ChangeNote note,
      @Nullable CatalogEvidence evidence,
      @Nullable String flag)
      implements Command {
    /** Of a file that names no flag. */
    public Apply(
        String name,
        MigrationText file,
        OptionalLong expectedVersion,
        ChangeNote note,
        @Nullable CatalogEvidence evidence) {
      this(name, file, expectedVersion, note, evidence, null);
    }

    /** Without having looked at the catalogs. */
    public Apply(String name, MigrationText file, OptionalLong expectedVersion, ChangeNote note) {
      this(name, file, expectedVersion, note, null);
    }
  }

  /**
   * Moves the stage one step.
   *
   * @param maxPause how long writers may wait, if the authority has to be moved
   */
  record SetStage(
      String name, Stage stage, OptionalLong expectedVersion, ChangeNote note, Duration maxPause)
      implements Command {
    /** With the usual pause. */
    public SetStage(String name, Stage stage, OptionalLong expectedVersion, ChangeNote note) {
      this(name, stage, expectedVersion, note, Move.USUAL_PAUSE);
    }
  }

  /**
   * Sets the read share, and the stickiness when given.
   *
   * @param overrides whether the share is taken over from a flag that decides it
   */
  record SetReads(
      String name,
      ReadShare reads,
      Optional<Stickiness> stickiness,
      OptionalLong expectedVersion,
      ChangeNote note,
      boolean overrides)
      implements Command {
    /** One that leaves a flag its share. */
    public SetReads(
        String name,
        ReadShare reads,
        Optional<Stickiness> stickiness,
        OptionalLong expectedVersion,
        ChangeNote note) {
      this(name, reads, stickiness, expectedVersion, note, false);
    }
  }

  /**
   * Sets the read share as a flag says. Not for people: for the control plane that has read it.
   *
   * @param flag its name; another one does not decide
   * @param bucketGroup of the flag's own buckets
   */
  record FollowFlag(
      String name,
      String flag,
      ReadShare reads,
      Stickiness stickiness,
      String bucketGroup,
      OptionalLong expectedVersion,
      ChangeNote note)
      implements Command {}

  /** Lets the flag decide again. */
  record Resume(String name, OptionalLong expectedVersion, ChangeNote note) implements Command {}

  /** Sets what clients are promised; what is not given stays. */
  record SetConsistency(
      String name,
      Optional<ReadFreshness> freshness,
      Optional<WriteAck> ack,
      OptionalLong expectedVersion,
      ChangeNote note)
      implements Command {}

  /**
   * Goes back to an earlier stage. Always carried out on the version that there is: it must not
   * lose a race.
   *
   * @param maxPause how long writers may wait, if the authority has to be moved
   */
  record Rollback(String name, Stage to, ChangeNote note, Duration maxPause) implements Command {
    /** With the usual pause. */
    public Rollback(String name, Stage to, ChangeNote note) {
      this(name, to, note, Move.USUAL_PAUSE);
    }

    @Override
    public OptionalLong expectedVersion() {
      return OptionalLong.empty();
    }
  }

  /**
   * Says what a move came to. Not for people: for the control plane that has done it.
   *
   * @param move its id
   */
  record EndMove(String name, long move, MoveEnd end) implements Command {
    @Override
    public OptionalLong expectedVersion() {
      return OptionalLong.empty();
    }
  }
}
