package dev.crossfade.server.store;

import dev.crossfade.core.migration.Side;
import dev.crossfade.engine.catalog.ChangeNote;
import dev.crossfade.engine.job.JobState;
import dev.crossfade.engine.job.JobWish;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A job, as it was last written. */
public record JobRow(
    long id,
    String migration,
    Kind kind,
    Standing standing,
    Settings settings,
    Times times,
    Progress progress,
    Pass pass) {
  /** What it does. */
  public enum Kind {
    BACKFILL,
    VERIFY,
    REPAIR,
    /** A verification after the other, until somebody ends it. */
    CONTINUOUS_VERIFY,
    /** Runs the statements of a file. */
    APPLY,
    /** Counts what a way back would lose, again and again, for as long as new has the authority. */
    ROLLBACK_LOSS,
    /** Checks on every row of old that the lens gives back what it was given. */
    LENS_CHECK;

    /** Whether a pass follows the other until there is nothing left to look at. */
    public boolean isContinuous() {
      return this == CONTINUOUS_VERIFY || this == ROLLBACK_LOSS;
    }
  }

  /**
   * Where it stands.
   *
   * @param owner the control plane that works on it; empty for none
   * @param term which owner that is, counted from 1
   * @param waits why it does not get on; empty when it does
   * @param error why it has failed; empty when it has not
   */
  public record Standing(
      JobState state, JobWish wish, String owner, long term, String waits, String error) {}

  /**
   * How it is to be done.
   *
   * @param chunk entities
   * @param workers side by side
   * @param again whether it has yet to begin at the beginning
   * @param script of {@link Kind#APPLY}; else null
   */
  public record Settings(
      int chunk, int workers, boolean again, Limits limits, @Nullable Script script) {}

  /**
   * Statements to run.
   *
   * @param source the file's name
   */
  public record Script(Side side, String source, String text) {}

  /**
   * How fast it may go.
   *
   * @param mostPending changes in the mirror's log
   * @param replicationLag of a replica of either database
   * @param replicationBytes that a replica has yet to replay
   * @param rowsPerSecond 0 for as fast as it can
   * @param slowdown how many times as long as usual reads of old may take
   */
  public record Limits(
      int mostPending,
      Duration replicationLag,
      long replicationBytes,
      int rowsPerSecond,
      double slowdown) {}

  /** When what happened to it. */
  public record Times(Instant createdAt, @Nullable Instant startedAt, @Nullable Instant endedAt) {}

  /**
   * How far it has come.
   *
   * @param step what it works on; empty before it has begun
   * @param size how much is done
   * @param counts of entities
   * @param examples some of these entities, with their group
   * @param place where a verification goes on
   */
  public record Progress(
      String step, Size size, Counts counts, List<String> examples, Place place) {
    public static final Progress NONE =
        new Progress("", new Size(0, 0, 0), new Counts(0, 0, 0, 0), List.of(), Place.START);

    public Progress {
      examples = List.copyOf(examples);
    }
  }

  /**
   * How much.
   *
   * @param done entities of a backfill, statements of an apply, else rows
   * @param total about; 0 when it is not known
   * @param rate of late, in a second
   */
  public record Size(long done, long total, double rate) {}

  /** Entities of which something is to be told. */
  public record Counts(long failed, long drifted, long repaired, long restless) {}

  /**
   * Where a verification stands.
   *
   * @param group empty before the first
   * @param list of the group's keys
   * @param after the greatest key that is done; null before the first
   */
  public record Place(String group, int list, @Nullable List<String> after) {
    public static final Place START = new Place("", 0, null);

    public Place {
      after = after == null ? null : List.copyOf(after);
    }
  }

  /**
   * The pass over all entities that is under way.
   *
   * @param ended how many have come to their end before it
   * @param beganAt null when none is under way
   * @param authority which side is read; null before the first pass
   * @param epoch of the fence then
   */
  public record Pass(long ended, @Nullable Instant beganAt, @Nullable Side authority, long epoch) {}

  /** Something that people did to it. */
  public enum EventKind {
    STARTED,
    PAUSED,
    RESUMED,
    CANCELLED
  }

  /** What, when, who and why. */
  public record Event(Instant at, EventKind kind, ChangeNote note) {}
}
