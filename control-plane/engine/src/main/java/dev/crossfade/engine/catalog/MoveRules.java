package dev.crossfade.engine.catalog;

import dev.crossfade.core.migration.Stage;
import dev.crossfade.engine.catalog.Verdict.Begun;
import dev.crossfade.engine.catalog.Verdict.Ended;
import dev.crossfade.engine.catalog.Verdict.Refused;
import dev.crossfade.engine.catalog.Verdict.Underway;
import dev.crossfade.engine.catalog.Verdict.Why;
import java.time.Duration;
import java.util.Locale;

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

  /** A way forward is given up as long as that is safe; whatever else is under way ends first. */
  private static Verdict rollback(
      CatalogEntry entry, Move move, Command.Rollback rollback, Moment moment) {
    if (move.transition().to() == Stage.COMPLETE && !move.isOpenToChange()) {
      return new Refused(Why.STATE, busy(entry, move) + ": from there is no way back");
    }
    boolean isGivenUp =
        move.isOpenToChange()
            && !move.transition().isBackward()
            && rollback.to().compareTo(move.transition().from()) <= 0;
    return isGivenUp
        ? stays(
            entry, move, rollback.note(), rollback.note().actor() + " has rolled it back", moment)
        : new Underway(entry, move, busy(entry, move));
  }

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
              new ChangeNote(CONTROL_PLANE, limited(failed.reason())),
              failed.reason(),
              moment);
    };
  }

  private static Ended arrived(
      CatalogEntry entry, Move move, MoveEnd.Arrived arrived, Moment moment) {
    Position before = entry.position();
    CatalogEntry changed = entry.with(move.transition().applied(before), moment);
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
    return new Ended(changed, change, arrived, message);
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

  /**
   * @param note for the history
   * @param why for people
   */
  private static Ended stays(
      CatalogEntry entry, Move move, ChangeNote note, String why, Moment moment) {
    Position before = entry.position();
    CatalogEntry changed = entry.with(before, moment);
    return new Ended(
        changed,
        change(changed, Change.Kind.MOVE_FAILED, note, move.transition().applied(before), moment),
        new MoveEnd.Failed(why),
        "migration '"
            + entry.name()
            + "' stays in "
            + before.stage()
            + ", it could not go to "
            + move.transition().to()
            + ": "
            + why);
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
