package dev.crossfade.mirror;

import dev.crossfade.core.migration.Side;
import dev.crossfade.mirror.Flip.Outcome;
import dev.crossfade.mirror.Flip.Step;
import dev.crossfade.mirror.FlipException.Kind;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

/**
 * A flip where both sides are in one database: one fence, one transaction. Nothing is to be
 * carried, for whoever has committed has written both sides; and either it has happened or not.
 *
 * @param forth from the side that has the authority to the one that is to get it
 * @param back the same, the other way round
 */
record FlipInPlace(Mirror.Link forth, Mirror.Link back, Duration maxPause, Flip.Steps steps) {
  /**
   * @param connection not in autocommit
   * @param now the fence as it was read
   */
  Outcome run(Connection connection, Fence now) throws FlipException {
    long began = System.nanoTime();
    try {
      prepare(connection, now, began + maxPause.toNanos());
    } catch (SQLException e) {
      undo(connection);
      throw new FlipException(Kind.UNDONE, "the authority stays where it is: " + e.getMessage(), e);
    }
    try {
      connection.commit();
    } catch (SQLException e) {
      undo(connection);
      return settle(now, began, e);
    }
    return arrived(now.moved(target()), began);
  }

  private Side target() {
    return back.plans().getFirst().authority();
  }

  private void prepare(Connection connection, Fence now, long end) throws SQLException {
    Fence.close(connection, forth.migration(), left(end));
    if (!now.equals(Fence.read(connection, forth.migration()))) {
      throw new SQLException("somebody else has moved it meanwhile");
    }
    for (Mirror.Link link : new Mirror.Link[] {forth, back}) {
      long missing = Gap.count(connection, link.capture().check());
      if (missing > 0) {
        throw new SQLException(
            missing
                + " triggers or functions are missing, or not those of this lens, on "
                + link.plans().getFirst().authority()
                + " meanwhile");
      }
    }
    steps.done(Step.CLOSED);
    requireNothingLeft(connection);
    steps.done(Step.DRAINED);
    try (Statement limit = connection.createStatement()) {
      limit.execute("SET LOCAL statement_timeout = " + Math.max(1, left(end).toMillis()));
    }
    Sequences.advance(connection, back.capture().tables().keySet());
    now.moved(target()).write(connection, forth.migration());
    steps.done(Step.READY);
    if (left(end).isZero()) {
      throw new SQLException("it took longer than " + maxPause.toMillis() + " ms");
    }
  }

  /** What was written while triggers were missing is in the log, and nobody can carry it now. */
  private void requireNothingLeft(Connection connection) throws SQLException {
    if (!Draining.isBackfilled(connection, forth.migration())) {
      throw new SQLException("somebody has begun a backfill meanwhile");
    }
    LogState state = LogState.of(connection, forth.migration());
    if (!state.isEmpty() || state.deadLetters() > 0) {
      throw new SQLException(
          state.pending()
              + " changes of a time without triggers are still to be carried, and "
              + state.deadLetters()
              + " entities could not be");
    }
  }

  private static Duration left(long end) {
    return Duration.ofNanos(Math.max(0, end - System.nanoTime()));
  }

  private static void undo(Connection connection) {
    try {
      connection.rollback();
    } catch (SQLException e) {
      // It is gone, and what it was about to do with it.
      return;
    }
  }

  private Outcome arrived(Fence moved, long began) throws FlipException {
    Duration pause = Duration.ofNanos(System.nanoTime() - began);
    try {
      steps.done(Step.ARRIVED);
    } catch (SQLException e) {
      throw new FlipException(Kind.UNKNOWN, String.valueOf(e.getMessage()), e);
    }
    return new Outcome(moved, pause);
  }

  /** The connection was lost while it was committed: only the server knows. */
  private Outcome settle(Fence before, long began, SQLException why) throws FlipException {
    Fence here;
    try (Connection connection = forth.authority().open(Endpoint.Use.WRITE)) {
      // Whoever still moves it is waited for.
      Fence.close(connection, forth.migration(), maxPause);
      here = Fence.read(connection, forth.migration());
      connection.rollback();
    } catch (SQLException e) {
      e.addSuppressed(why);
      throw new FlipException(
          Kind.UNKNOWN,
          "run it again when " + forth.authority() + " answers: " + why.getMessage(),
          e);
    }
    if (before.moved(target()).equals(here)) {
      return arrived(before.moved(target()), began);
    }
    throw new FlipException(
        before.equals(here) ? Kind.UNDONE : Kind.UNKNOWN,
        "the authority is where " + here + " says: " + why.getMessage(),
        why);
  }
}
