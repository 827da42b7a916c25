package dev.crossfade.engine.catalog;

import dev.crossfade.core.migration.Stage;
import dev.crossfade.engine.catalog.Verdict.Begun;
import dev.crossfade.engine.catalog.Verdict.Ended;
import dev.crossfade.engine.catalog.Verdict.Queued;
import dev.crossfade.engine.catalog.Verdict.Refused;
import dev.crossfade.engine.catalog.Verdict.Underway;
import dev.crossfade.engine.catalog.Verdict.Why;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What a command comes to that begins a move, meets one, or ends one. */
final class MoveRules {
  private static final String CONTROL_PLANE = "control-plane";
  private static final double NANOS_PER_MILLI = 1e6;

  private MoveRules() {}

  /** How a move is asked for. */
  record Terms(ChangeNote note, Duration maxPause) {}

  /** The stage stays until the move has ended. */
  static Verdict begin(
      CatalogView view, CatalogEntry entry, Transition transition, Terms terms, Moment moment) {
    String name = entry.name();
    Stage to = transition.to();
    if (view.obstacle() != null) {
      return new Refused(
          Why.STATE, "migration '" + name + "' cannot go to " + to + " here: " + view.obstacle());
    }
    Move move =
        new Move(moment.version(), transition, terms.note(), terms.maxPause(), Move.Progress.START);
    CatalogEntry begun = entry.with(move, moment);
    Position wanted = transition.applied(entry.position());
    return new Begun(
        begun,
        change(begun, Change.Kind.MOVE_BEGUN, terms.note(), wanted, moment),
        "migration '" + name + "' is " + onItsWay(move));
  }

  /** What can be done while a move is under way. */
  static Verdict meanwhile(CatalogEntry entry, Move move, Command command, Moment moment) {
    return switch (command) {
      case Command.SetStage set when set.stage() == move.transition().to() ->
          new Underway(entry, move, busy(entry, move));
      case Command.Rollback rollback -> rollback(entry, move, rollback, moment);
      case Command.EndMove end -> end(entry, end, moment);
      case Command.Apply apply -> refused(entry, move);
      case Command.SetStage set -> refused(entry, move);
      case Command.SetReads set -> refused(entry, move);
      case Command.SetConsistency set -> refused(entry, move);
      case Command.FollowFlag set -> refused(entry, move);
      case Command.Resume resume -> refused(entry, move);
    };
  }

  private static Refused refused(CatalogEntry entry, Move move) {
    String wayOut =
        move.isOpenToChange() && !move.transition().isBackward()
            ? ": wait for its end, or roll it back"
            : ": wait for its end";
    return new Refused(Why.STATE, busy(entry, move) + wayOut);
  }

  private static String busy(CatalogEntry entry, Move move) {
    return "migration '"
        + entry.name()
        + "' is "
        + onItsWay(move)
        + ", asked for by "
        + move.note().actor();
  }

  private static String onItsWay(Move move) {
    return "on its way from " + move.transition().from() + " to " + move.transition().to();
  }

  /**
   * A way forward is given up as long as that is safe; whatever else is under way ends first, and
   * what was asked for begins then.
   */
  private static Verdict rollback(
      CatalogEntry entry, Move move, Command.Rollback rollback, Moment moment) {
    if (move.transition().to() == Stage.COMPLETE && !move.isOpenToChange()) {
      return new Refused(Why.STATE, busy(entry, move) + ": from there is no way back");
    }
    boolean isGivenUp =
        move.isOpenToChange()
            && !move.transition().isBackward()
            && rollback.to().compareTo(move.transition().from()) <= 0;
    if (isGivenUp) {
      String why = rollback.note().actor() + " has rolled it back";
      return stays(entry, move, new Reason(rollback.note(), why), rollback, moment);
    }
    return isFurther(rollback, move)
        ? new Queued(entry, move.before(rollback), busy(entry, move))
        : new Underway(entry, move, busy(entry, move));
  }

  /** Whether it asks for more than what is under way and what is to follow that. */
  private static boolean isFurther(Command.Rollback rollback, Move move) {
    int beyond = rollback.to().compareTo(move.transition().to());
    Command.Rollback then = move.progress().then();
    if (beyond == 0) {
      // It may fail for what it loses; then it is done again by somebody who accepts that.
      return then == null
          && move.transition().isBackward()
          && rollback.note().acceptsLoss()
          && !move.note().acceptsLoss();
    }
    if (beyond > 0) {
      return false;
    }
    int further = then == null ? -1 : rollback.to().compareTo(then.to());
    return further < 0
        || further == 0
            && then != null
            && rollback.note().acceptsLoss()
            && !then.note().acceptsLoss();
  }

  /**
   * Why a move came to nothing.
   *
   * @param note for the history
   * @param why for people
   */
  private record Reason(ChangeNote note, String why) {}

  /** How a move ended, as those tell who did it. */
  static Verdict end(CatalogEntry entry, Command.EndMove command, Moment moment) {
    Move move = entry.move();
    if (move == null || move.id() != command.move()) {
      return new Refused(
          Why.STATE,
          "migration '"
              + entry.name()
              + "' is no longer on the way that "
              + command.move()
              + " is");
    }
    return switch (command.end()) {
      case MoveEnd.Arrived arrived -> arrived(entry, move, arrived, moment);
      case MoveEnd.Failed failed ->
          stays(
              entry,
              move,
              new Reason(new ChangeNote(CONTROL_PLANE, limited(failed.reason())), failed.reason()),
              move.progress().then(),
              moment);
    };
  }

  private static Ended arrived(
      CatalogEntry entry, Move move, MoveEnd.Arrived arrived, Moment moment) {
    Position before = entry.position();
    CatalogEntry moved = entry.with(move.transition().applied(before), moment);
    CatalogEntry changed =
        move.transition().way() == Transition.Way.ROLLBACK
            ? moved.heldBy(move.note(), moment)
            : moved;
    Change change =
        new Change(
            moment.version(),
            entry.name(),
            moment.at(),
            move.transition().kind(),
            move.note(),
            before,
            changed.position());
    String message =
        "migration '"
            + entry.name()
            + "' is in "
            + move.transition().to()
            + ": "
            + move.transition().effect()
            + pause(arrived);
    return new Ended(changed, change, arrived, message, move.progress().then());
  }

  private static String pause(MoveEnd.Arrived arrived) {
    if (arrived.epoch() == 0) {
      return "";
    }
    Duration pause = arrived.pause();
    return pause.isZero()
        ? " (epoch " + arrived.epoch() + ")"
        : String.format(
            Locale.ROOT,
            "; writers waited for %.1f ms (epoch %d)",
            pause.toNanos() / NANOS_PER_MILLI,
            arrived.epoch());
  }

  private static Ended stays(
      CatalogEntry entry,
      Move move,
      Reason reason,
      Command.@Nullable Rollback then,
      Moment moment) {
    Position before = entry.position();
    CatalogEntry changed = entry.with(before, moment);
    return new Ended(
        changed,
        change(
            changed,
            Change.Kind.MOVE_FAILED,
            reason.note(),
            move.transition().applied(before),
            moment),
        new MoveEnd.Failed(reason.why()),
        "migration '"
            + entry.name()
            + "' stays in "
            + before.stage()
            + ", it could not go to "
            + move.transition().to()
            + ": "
            + reason.why(),
        then);
  }

  private static String limited(String reason) {
    return reason.length() <= CatalogLimits.REASON_MAX_CHARS
        ? reason
        : reason.substring(0, CatalogLimits.REASON_MAX_CHARS);
  }

  /** One that leaves the migration where it stands. */
  private static Change change(
      CatalogEntry entry, Change.Kind kind, ChangeNote note, Position wanted, Moment moment) {
    return new Change(
        moment.version(), entry.name(), moment.at(), kind, note, entry.position(), wanted);
  }
}
