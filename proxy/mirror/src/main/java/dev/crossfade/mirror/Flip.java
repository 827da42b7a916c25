package dev.crossfade.mirror;

import dev.crossfade.core.migration.Side;
import dev.crossfade.mirror.FlipException.Kind;
import dev.crossfade.sql.lens.CaptureMode;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * Moves a migration's authority from one side to the other: keeps writers out, carries what is left
 * in the log, moves the sequences on, and lets writers in on the other side.
 *
 * <p>Each side has its own word about it, kept in its {@link Fence}, and the two can't be changed
 * in one transaction. So the side that has the authority gives it up first, and only then the other
 * one takes it: whatever dies in between, at most one side takes writes, and the same flip run
 * again finds what was done and does the rest. In one database it is one transaction, {@link
 * FlipInPlace}.
 */
public final class Flip {
  private static final Duration LOOK_AGAIN = Duration.ofMillis(2);

  private Mirror.Link forth;
  private Mirror.Link back;
  private final Settings settings;
  private final Steps steps;
  private final Side target;
  private final String migration;

  /**
   * @param calm how long the mirror may take to come so close that a pause would be short; nobody
   *     waits for it
   * @param maxPause how long writers may wait; what takes longer is undone
   */
  public record Settings(Duration calm, Duration maxPause) {
    public static final Settings USUAL =
        new Settings(Duration.ofSeconds(60), Duration.ofSeconds(1));
  }

  /** What it does, in this order. */
  public enum Step {
    /** The mirror is close behind. */
    CALM,
    /** Nobody writes any more. */
    CLOSED,
    /** The other side has all of it. */
    DRAINED,
    /** The other side's sequences are moved on; nothing is committed on either side. */
    READY,
    /** Neither side takes writes. */
    LEFT,
    /** The other side takes writes. */
    ARRIVED
  }

  /** Is told of each step once it is done. */
  @FunctionalInterface
  public interface Steps {
    void done(Step step) throws SQLException;
  }

  /**
   * @param fence as it is now, on both sides
   * @param pause for how long nobody could write; zero when there was nothing to do
   */
  public record Outcome(Fence fence, Duration pause) {}

  /**
   * @param forth from the side that has the authority to the one that is to get it
   * @param back the same, the other way round: what will be mirrored after it
   */
  public Flip(Mirror.Link forth, Mirror.Link back, Settings settings, Steps steps) {
    this.forth = forth;
    this.back = back;
    this.settings = settings;
    this.steps = steps;
    this.migration = forth.migration();
    this.target = forth.plans().getFirst().authority().other();
  }

  /**
   * Does it, or what an earlier one has left of it. Doing it twice changes nothing.
   *
   * @throws FlipException when the authority is not at the target; its kind says where it is
   */
  public Outcome run() throws FlipException {
    try (Connection from = forth.authority().open(Endpoint.Use.WRITE);
        Connection to = forth.receiving().open(Endpoint.Use.WRITE)) {
      forth = forth.between(from, to);
      back = back.between(to, from);
      Fence here = fence(from, forth.authority());
      Fence there = fence(to, forth.receiving());
      if (here.equals(there)) {
        return here.authority() == target ? new Outcome(here, Duration.ZERO) : move(from, to, here);
      }
      if (here.authority() == target && here.epoch() == there.epoch() + 1) {
        return finish(here, System.nanoTime());
      }
      if (there.authority() != target && there.epoch() == here.epoch() + 1) {
        throw new FlipException(
            Kind.UNFINISHED,
            "migration "
                + migration
                + " is half on its way to "
                + target.other()
                + ": finish that");
      }
      throw new FlipException(
          Kind.REFUSED,
          "the sides contradict each other about migration "
              + migration
              + ": "
              + forth.authority()
              + " has "
              + here
              + ", "
              + forth.receiving()
              + " has "
              + there
              + "; stop all writers and have somebody look at it");
    } catch (SQLException e) {
      throw new FlipException(Kind.REFUSED, "a server can not be used: " + e.getMessage(), e);
    }
  }

  private Fence fence(Connection connection, Endpoint side) throws SQLException, FlipException {
    Fence fence = Fence.read(connection, migration);
    connection.commit();
    if (fence == null) {
      throw new FlipException(
          Kind.REFUSED, "capture of migration " + migration + " is not installed on " + side);
    }
    return fence;
  }

  private Outcome move(Connection from, Connection to, Fence now)
      throws SQLException, FlipException {
    if (forth.plans().getFirst().capture() == CaptureMode.STATEMENTS) {
      throw new FlipException(
          Kind.REFUSED,
          forth.authority()
              + " has no triggers, so nothing there could refuse who writes too late");
    }
    requireCapture(from, forth);
    requireCapture(to, back);
    try (MirrorConnections connections =
        MirrorConnections.open(forth.authority(), forth.receiving())) {
      Draining draining = new Draining(connections, forth);
      if (!draining.isBackfilled(from)) {
        throw new FlipException(
            Kind.REFUSED, "a backfill of migration " + migration + " runs, or is not done");
      }
      from.rollback();
      requireCalm(draining);
      steps.done(Step.CALM);
      if (forth.capture().inPlace()) {
        return new FlipInPlace(forth, back, settings.maxPause(), steps).run(from, now);
      }
      long began = System.nanoTime();
      try {
        prepare(from, to, now, draining, began + settings.maxPause().toNanos());
      } catch (SQLException e) {
        undo(from, to);
        throw new FlipException(
            Kind.UNDONE, "the authority stays where it is: " + e.getMessage(), e);
      }
      return commit(from, to, now, began);
    }
  }

  private void requireCapture(Connection connection, Mirror.Link link)
      throws SQLException, FlipException {
    long missing = new Gap(connection, link.plans().getFirst()).check(link.capture().check());
    if (missing > 0) {
      throw new FlipException(
          Kind.REFUSED,
          missing
              + " triggers are missing or switched off on "
              + link.authority()
              + ", or changes pass them by; install capture again");
    }
  }

  /** Whoever would wait for a log that is long, or for what can't be carried, must not wait. */
  private void requireCalm(Draining draining) throws SQLException, FlipException {
    long end = System.nanoTime() + settings.calm().toNanos();
    LogState state = draining.step();
    while (!isCalm(state) || draining.failing() > 0) {
      if (state.deadLetters() > 0) {
        throw new FlipException(
            Kind.REFUSED, state.deadLetters() + " entities could not be carried: see dead_letter");
      }
      if (System.nanoTime() - end > 0) {
        throw new FlipException(
            Kind.REFUSED,
            "the mirror is not close enough: "
                + state.pending()
                + " changes wait, the oldest for "
                + state.lag().toMillis()
                + " ms, and "
                + draining.failing()
                + " of them have failed before");
      }
      if (state.isEmpty()) {
        LockSupport.parkNanos(LOOK_AGAIN.toNanos());
      }
      state = draining.step();
    }
  }

  private boolean isCalm(LogState state) {
    return state.deadLetters() == 0
        && state.pending() <= Draining.BATCH
        && state.lag().compareTo(settings.maxPause().dividedBy(4)) < 0;
  }

  private void prepare(Connection from, Connection to, Fence now, Draining draining, long end)
      throws SQLException {
    Fence.close(from, migration, left(end));
    if (!now.equals(Fence.read(from, migration)) || !draining.isBackfilled(from)) {
      throw new SQLException("somebody else has moved it, or begun a backfill, meanwhile");
    }
    // Since it was looked at, somebody may have written past the log.
    requireTriggers(draining.missing(), forth);
    steps.done(Step.CLOSED);
    LogState state = draining.step();
    for (; state.deadLetters() == 0 && !state.isEmpty(); state = draining.step()) {
      if (left(end).isZero()) {
        throw new SQLException(
            "after "
                + settings.maxPause().toMillis()
                + " ms "
                + state.pending()
                + " changes were still to be carried");
      }
      LockSupport.parkNanos(LOOK_AGAIN.toNanos());
    }
    if (state.deadLetters() > 0) {
      // It is no longer in the log, but it has not arrived either.
      throw new SQLException("an entity was given up meanwhile: see dead_letter");
    }
    steps.done(Step.DRAINED);
    Fence.close(to, migration, left(end));
    requireTriggers(Gap.count(to, back.capture().check()), back);
    advance(to, now, left(end));
    now.moved(target).write(from, migration);
    steps.done(Step.READY);
    if (left(end).isZero()) {
      throw new SQLException("it took longer than " + settings.maxPause().toMillis() + " ms");
    }
  }

  private static void requireTriggers(long missing, Mirror.Link link) throws SQLException {
    if (missing > 0) {
      throw new SQLException(
          missing
              + " triggers are missing or switched off on "
              + link.plans().getFirst().authority()
              + " meanwhile");
    }
  }

  private void advance(Connection to, Fence now, Duration longest) throws SQLException {
    try (Statement limit = to.createStatement()) {
      limit.execute("SET LOCAL statement_timeout = " + Math.max(1, longest.toMillis()));
    }
    Sequences.advance(to, back.capture().tables().keySet());
    now.moved(target).write(to, migration);
  }

  private static Duration left(long end) {
    return Duration.ofNanos(Math.max(0, end - System.nanoTime()));
  }

  private static void undo(Connection... connections) {
    for (Connection connection : connections) {
      try {
        connection.rollback();
      } catch (SQLException e) {
        // It is gone, and what it was about to do with it.
        continue;
      }
    }
  }

  /** First the side that has it gives it up. */
  private Outcome commit(Connection from, Connection to, Fence now, long began)
      throws FlipException {
    Fence moved = now.moved(target);
    try {
      from.commit();
      steps.done(Step.LEFT);
      to.commit();
    } catch (SQLException e) {
      undo(from, to);
      return settle(now, began, e);
    }
    return arrived(moved, began);
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

  /** A connection was lost while the authority moved: only the servers know how far it came. */
  private Outcome settle(Fence before, long began, SQLException why) throws FlipException {
    Fence here;
    try (Connection from = forth.authority().open(Endpoint.Use.WRITE)) {
      // Whoever still moves it is waited for.
      Fence.close(from, migration, settings.maxPause());
      here = Fence.read(from, migration);
      from.rollback();
    } catch (SQLException e) {
      e.addSuppressed(why);
      throw new FlipException(
          Kind.UNKNOWN,
          "run it again when " + forth.authority() + " answers: " + why.getMessage(),
          e);
    }
    if (before.equals(here)) {
      throw new FlipException(
          Kind.UNDONE, "the authority stays where it is: " + why.getMessage(), why);
    }
    return finish(before.moved(target), began);
  }

  /** The authority was given up and is nobody's: the other side gets it. */
  private Outcome finish(Fence moved, long began) throws FlipException {
    try (Connection to = forth.receiving().open(Endpoint.Use.WRITE);
        MirrorConnections connections =
            MirrorConnections.open(forth.authority(), forth.receiving())) {
      // Nothing was left when it was given up, but a repair may have come since.
      Draining draining = new Draining(connections, forth);
      long end = System.nanoTime() + settings.calm().toNanos();
      while (!moved.equals(Fence.read(to, migration)) && !isDrained(draining.step())) {
        if (left(end).isZero()) {
          throw new SQLException("changes are still to be carried");
        }
        LockSupport.parkNanos(LOOK_AGAIN.toNanos());
      }
      Fence.close(to, migration, settings.calm());
      if (!moved.equals(Fence.read(to, migration))) {
        advance(to, new Fence(target.other(), moved.epoch() - 1), settings.calm());
        to.commit();
      }
      to.rollback();
      return arrived(moved, began);
    } catch (SQLException e) {
      throw new FlipException(
          Kind.UNFINISHED,
          "nobody can write what migration "
              + migration
              + " maps until this flip is run again: "
              + e.getMessage(),
          e);
    }
  }

  /** What the side that gave it up can not give along would be lost with it: somebody decides. */
  private static boolean isDrained(LogState state) throws SQLException {
    if (state.isEmpty() && state.deadLetters() > 0) {
      throw new SQLException(
          state.deadLetters()
              + " entities could not be carried: see dead_letter, replay or discard them");
    }
    return state.isEmpty();
  }
}
