package dev.crossfade.engine.rollout;

import dev.crossfade.core.migration.ReadShare;
import dev.crossfade.core.migration.Stage;
import dev.crossfade.engine.rollout.Decision.GoBack;
import dev.crossfade.engine.rollout.Decision.Note;
import dev.crossfade.engine.rollout.Decision.Refused;
import dev.crossfade.engine.rollout.Decision.SetReads;
import dev.crossfade.engine.rollout.Decision.SetStage;
import dev.crossfade.engine.rollout.Decision.StartJob;
import dev.crossfade.engine.rollout.Decision.Stay;
import dev.crossfade.engine.rollout.Decision.Take;
import dev.crossfade.engine.rollout.Guard.Outcome;
import dev.crossfade.engine.rollout.Plan.Standing;
import dev.crossfade.engine.rollout.Plan.Step;
import dev.crossfade.engine.rollout.Rollout.Status;
import dev.crossfade.engine.rollout.RolloutView.JobView;
import dev.crossfade.engine.rollout.RolloutView.MoveView;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The one place that decides what a rollout does. Asked with what is stored and what is seen, it
 * always says the same; so whoever dies between two of its decisions is succeeded by whoever asks
 * next.
 */
public final class RolloutRules {
  private RolloutRules() {}

  /** What people may do to a rollout. */
  public enum Command {
    PAUSE,
    RESUME,
    CONFIRM,
    ABORT
  }

  /** A rollout that begins, at the first step that the migration has not passed. */
  public static Decision start(long id, Plan plan, Standing standing, Instant now) {
    int step = plan.firstFor(standing);
    return step == plan.steps().size()
        ? new Refused("the migration is in " + standing + ", behind the plan's last step")
        : new Take(
            RolloutTransition.START, Rollout.start(id, step, standing, new Status("", now, false)));
  }

  /** What a person's command comes to. */
  public static Decision command(
      Plan plan, Rollout rollout, Command command, RolloutView.Place place, Asked asked) {
    RolloutState state = rollout.state();
    if (state.isEnd()) {
      return new Refused("it has ended: it is " + state);
    }
    return switch (command) {
      case PAUSE ->
          switch (state) {
            case PAUSED -> new Stay("it already is paused");
            case ROLLING_BACK -> new Refused("it is on its way back, which is not stopped");
            case IDLE,
                ENTERING,
                WORKING,
                HOLDING,
                JUDGING,
                CONFIRMING,
                DONE,
                ROLLED_BACK,
                ABORTED ->
                pause(rollout, asked.text("paused by "), true, asked.now());
          };
      case RESUME -> {
        if (state != RolloutState.PAUSED) {
          yield new Stay("it is not paused: it is " + state);
        }
        int step = Math.max(rollout.step(), plan.firstFor(place.standing()));
        if (step >= plan.steps().size()) {
          yield new Refused(
              "the migration is in " + place.standing() + ", behind the plan's last step");
        }
        yield take(
            rollout.at(place.standing()),
            RolloutState.ENTERING,
            step,
            new Status(asked.text("resumed by "), asked.now(), false));
      }
      case CONFIRM -> {
        if (state != RolloutState.CONFIRMING) {
          yield new Refused("it does not wait for anybody's agreement: it is " + state);
        }
        yield rollout.work().isConfirmed()
            ? new Stay("somebody has agreed already")
            : new Note(rollout.with(new Rollout.Work(0, 0, true)));
      }
      case ABORT ->
          take(
              rollout,
              RolloutState.ABORTED,
              rollout.step(),
              new Status(asked.text("ended by "), asked.now(), false));
    };
  }

  /** Who asks for it, why, and when. */
  public record Asked(String actor, String reason, Instant now) {
    String text(String verb) {
      return verb + actor + (reason.isEmpty() ? "" : ": " + reason);
    }
  }

  /** What it does next by itself. */
  public static Decision next(Plan plan, Rollout rollout, RolloutView view) {
    return switch (rollout.state()) {
      case ENTERING -> enter(plan, rollout, view);
      case WORKING -> guarded(rollout, view).orElseGet(() -> work(plan, rollout, view));
      case HOLDING -> guarded(rollout, view).orElseGet(() -> hold(plan, rollout, view));
      case JUDGING -> guarded(rollout, view).orElseGet(() -> judge(plan, rollout, view));
      case CONFIRMING -> guarded(rollout, view).orElseGet(() -> ask(plan, rollout, view));
      case ROLLING_BACK -> goBack(plan, rollout, view);
      case PAUSED -> watched(rollout, view);
      case IDLE, DONE, ROLLED_BACK, ABORTED -> new Stay("");
    };
  }

  /** What it does when the catalog refuses what it wants. */
  public static Decision stuck(Rollout rollout, String refusal, Instant now) {
    return take(rollout, RolloutState.PAUSED, rollout.step(), new Status(refusal, now, false));
  }

  private static Take take(Rollout rollout, RolloutState to, int step, Status status) {
    return new Take(RolloutTransition.of(rollout.state(), to), rollout.in(to, step, status));
  }

  private static Take pause(Rollout rollout, String reason, boolean isWatched, Instant now) {
    // On the way between two places there is nothing that guards could judge.
    boolean watched = isWatched && rollout.state().isGuarded();
    return take(rollout, RolloutState.PAUSED, rollout.step(), new Status(reason, now, watched));
  }

  private static Take go(Rollout rollout, RolloutState to, RolloutView view) {
    return take(rollout, to, rollout.step(), new Status("", view.now(), false));
  }

  /** What becomes of a move that this rollout has begun; empty when there is none. */
  private static Optional<Decision> moved(Rollout rollout, RolloutView view) {
    MoveView move = view.place().move();
    if (rollout.work().move() == 0 || move == null || move.id() != rollout.work().move()) {
      return Optional.empty();
    }
    return Optional.of(
        switch (move.state()) {
          case OPEN -> new Stay("the authority moves: " + move.outcome());
          case DONE -> new Note(rollout.at(move.to()).with(Rollout.Work.NONE));
          case FAILED ->
              take(
                  rollout,
                  RolloutState.PAUSED,
                  rollout.step(),
                  new Status(move.outcome(), view.now(), false));
        });
  }

  private static Optional<Decision> takenOver(Rollout rollout, RolloutView view) {
    MoveView move = view.place().move();
    MoveView open = move != null && move.state() == MoveView.State.OPEN ? move : null;
    if (view.place().standing().equals(rollout.believed()) && open == null) {
      return Optional.empty();
    }
    String where =
        open != null
            ? "is on its way to " + open.to().stage()
            : "is in " + view.place().standing() + " rather than " + rollout.believed();
    return Optional.of(
        pause(
            rollout,
            "somebody else has taken over: the migration "
                + where
                + " ("
                + view.place().changedBy()
                + ")",
            false,
            view.now()));
  }

  private static Decision enter(Plan plan, Rollout rollout, RolloutView view) {
    Optional<Decision> known = moved(rollout, view).or(() -> takenOver(rollout, view));
    if (known.isPresent()) {
      return known.get();
    }
    Step step = plan.steps().get(rollout.step());
    Standing standing = view.place().standing();
    if (step.isAt(standing)) {
      return go(
          rollout, step.terms().job() == null ? RolloutState.HOLDING : RolloutState.WORKING, view);
    }
    int ahead = step.stage().compareTo(standing.stage());
    if (ahead < 0) {
      return pause(
          rollout,
          "the migration is in " + standing + ", which step '" + step.name() + "' is not behind",
          false,
          view.now());
    }
    // The share comes first: a stage that is entered must not begin with an old one.
    ReadShare share = step.stage() == Stage.RAMP ? step.reads() : ReadShare.NONE;
    boolean isBeforeRamp = standing.stage() == Stage.SHADOW;
    if ((ahead == 0 || isBeforeRamp) && !standing.reads().equals(share)) {
      return new SetReads(share);
    }
    return new SetStage(Stage.values()[standing.stage().ordinal() + 1]);
  }

  /** What guards and others make of a state in which they act; empty for nothing. */
  private static Optional<Decision> guarded(Rollout rollout, RolloutView view) {
    return takenOver(rollout, view)
        .or(() -> failed(rollout, view))
        .or(
            () ->
                first(view, Outcome.PAUSE)
                    .map(
                        finding ->
                            pause(
                                rollout,
                                finding.guard() + ": " + finding.reason(),
                                true,
                                view.now())));
  }

  private static Optional<Decision> failed(Rollout rollout, RolloutView view) {
    return first(view, Outcome.FAIL)
        .map(
            finding ->
                take(
                    rollout,
                    RolloutState.ROLLING_BACK,
                    rollout.step(),
                    new Status(finding.guard() + ": " + finding.reason(), view.now(), false)));
  }

  private static Optional<Finding> first(RolloutView view, Outcome outcome) {
    return view.findings().stream()
        .filter(finding -> !finding.isDryRun() && finding.outcome() == outcome)
        .findFirst();
  }

  private static Decision watched(Rollout rollout, RolloutView view) {
    if (!rollout.status().isWatched()
        || !view.place().standing().equals(rollout.believed())
        || view.place().move() != null) {
      return new Stay(rollout.status().reason());
    }
    return failed(rollout, view).orElseGet(() -> new Stay(rollout.status().reason()));
  }

  private static Decision work(Plan plan, Rollout rollout, RolloutView view) {
    Plan.@Nullable Job job = plan.steps().get(rollout.step()).terms().job();
    JobView found = view.job();
    if (job == null) {
      return go(rollout, RolloutState.HOLDING, view);
    }
    if (found == null) {
      return new StartJob(job);
    }
    return switch (found.state()) {
      case OPEN ->
          job.isEndless()
              ? go(rollout, RolloutState.HOLDING, view)
              : new Stay("job " + found.id() + " is under way");
      case DONE ->
          found.drifted() == 0
              ? go(rollout, RolloutState.HOLDING, view)
              : pause(
                  rollout,
                  "job " + found.id() + " has found " + found.drifted() + " entities that differ",
                  true,
                  view.now());
      case FAILED ->
          pause(rollout, "job " + found.id() + " has failed: " + found.outcome(), true, view.now());
    };
  }

  private static Decision hold(Plan plan, Rollout rollout, RolloutView view) {
    Instant end = rollout.status().since().plus(plan.steps().get(rollout.step()).terms().hold());
    return view.now().isBefore(end)
        ? new Stay("it lasts until " + end)
        : go(rollout, RolloutState.JUDGING, view);
  }

  private static Optional<Finding> open(RolloutView view) {
    return view.findings().stream()
        .filter(finding -> !finding.isDryRun() && finding.outcome() != Outcome.PASS)
        .findFirst();
  }

  private static Decision judge(Plan plan, Rollout rollout, RolloutView view) {
    Optional<Finding> open = open(view);
    if (open.isPresent()) {
      return new Stay(open.get().guard() + ": " + open.get().reason());
    }
    int next = rollout.step() + 1;
    if (next == plan.steps().size()) {
      return go(rollout, RolloutState.DONE, view);
    }
    return plan.steps().get(next).terms().isConfirmed() || plan.asksOthers()
        ? go(rollout, RolloutState.CONFIRMING, view)
        : take(rollout, RolloutState.ENTERING, next, new Status("", view.now(), false));
  }

  private static Decision ask(Plan plan, Rollout rollout, RolloutView view) {
    int next = rollout.step() + 1;
    Step step = plan.steps().get(next);
    if (step.terms().isConfirmed() && !rollout.work().isConfirmed()) {
      return new Stay("a person must agree to step '" + step.name() + "'");
    }
    if (!view.answers().missing().isEmpty()) {
      return new Stay(view.answers().missing() + " must agree to step '" + step.name() + "'");
    }
    Optional<Finding> open = open(view);
    return open.isPresent()
        ? new Stay(open.get().guard() + ": " + open.get().reason())
        : take(rollout, RolloutState.ENTERING, next, new Status("", view.now(), false));
  }

  private static Decision goBack(Plan plan, Rollout rollout, RolloutView view) {
    Optional<Decision> moved = moved(rollout, view);
    if (moved.isPresent()) {
      return moved.get();
    }
    Standing standing = view.place().standing();
    Standing target = target(plan, rollout, standing);
    if (standing.stage().compareTo(target.stage()) > 0) {
      return new GoBack(target.stage());
    }
    if (standing.stage() == Stage.RAMP
        && target.stage() == Stage.RAMP
        && standing.reads().compareTo(target.reads()) > 0) {
      return new SetReads(target.reads());
    }
    return take(
        rollout,
        RolloutState.ROLLED_BACK,
        rollout.step(),
        new Status(rollout.status().reason(), view.now(), false));
  }

  /** Where it goes back to; never forward. */
  private static Standing target(Plan plan, Rollout rollout, Standing standing) {
    Stage stage = plan.rollback();
    if (stage != null) {
      return new Standing(stage, ReadShare.NONE);
    }
    Step before = plan.steps().get(Math.max(0, rollout.step() - 1));
    boolean isShare = standing.stage() == Stage.RAMP && before.stage() == Stage.RAMP;
    return isShare && rollout.step() > 0
        ? new Standing(Stage.RAMP, before.reads())
        : new Standing(
            standing.stage().compareTo(Stage.RAMP) > 0 ? Stage.RAMP : Stage.SHADOW, ReadShare.NONE);
  }
}
