package dev.crossfade.engine.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.crossfade.core.migration.ReadShare;
import dev.crossfade.core.migration.Stage;
import dev.crossfade.engine.rollout.Guard.Outcome;
import dev.crossfade.engine.rollout.Plan.Standing;
import dev.crossfade.engine.rollout.RolloutRules.Asked;
import dev.crossfade.engine.rollout.RolloutRules.Command;
import dev.crossfade.engine.rollout.RolloutView.JobView;
import dev.crossfade.engine.rollout.RolloutView.MoveView;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RolloutRulesTest {
  private static final Set<RolloutTransition> TAKEN = EnumSet.noneOf(RolloutTransition.class);
  private static final Instant START = Instant.parse("2026-01-02T03:04:05Z");
  private static final String PLAN =
      """
      spec:
        rollout:
          steps:
            - {stage: DUAL_WRITE, job: backfill}
            - {stage: SHADOW, hold: 10s}
            - {stage: RAMP, reads: 1%}
            - {stage: RAMP, reads: 5%}
            - {stage: LIVE, confirm: true}
      """;

  /** A migration and its rollout, with everything that a rollout asks for done at once. */
  private static final class Scene {
    private final Plan plan;
    private Standing standing = new Standing(Stage.OFF, ReadShare.NONE);
    private Rollout rollout;
    private Instant now = START;
    private List<Finding> findings = List.of();
    private @Nullable MoveView move;
    private @Nullable JobView job;
    private String missing = "";
    private final List<String> done = new ArrayList<>();

    Scene(String yaml) throws Exception {
      plan = PlanReader.read(yaml, "plan").orElseThrow();
      rollout = ((Decision.Take) took(RolloutRules.start(1, plan, standing, now))).after();
    }

    private static Decision took(Decision decision) {
      if (decision instanceof Decision.Take take) {
        TAKEN.add(take.transition());
        assertThat(take.after().state()).isEqualTo(take.transition().to());
      }
      return decision;
    }

    private RolloutView.Place place() {
      return new RolloutView.Place(standing, "ada set it", move);
    }

    private RolloutView view() {
      return new RolloutView(place(), job, findings, new RolloutView.Answers(missing), now);
    }

    /** Until there is nothing to do; says what is waited for. */
    String run() {
      for (int rounds = 0; rounds < 100; rounds++) {
        Decision decision = took(RolloutRules.next(plan, rollout, view()));
        switch (decision) {
          case Decision.Stay stay -> {
            return stay.waits();
          }
          case Decision.Take take -> {
            rollout = take.after();
            job = rollout.work().job() == 0 ? null : job;
          }
          case Decision.Note note -> rollout = note.after();
          case Decision.SetStage set -> stage(set.stage());
          case Decision.SetReads set -> {
            done.add("reads " + set.reads());
            standing = new Standing(standing.stage(), set.reads());
            rollout = rollout.at(standing);
          }
          case Decision.GoBack back -> stage(back.stage());
          case Decision.StartJob start -> {
            done.add("job " + start.job());
            job = new JobView(7, JobView.State.OPEN, 0, "");
            rollout = rollout.with(new Rollout.Work(0, 7, false));
          }
          case Decision.Refused refused -> throw new AssertionError(refused.message());
        }
      }
      throw new AssertionError("it goes on for ever: " + rollout);
    }

    private void stage(Stage stage) {
      done.add(stage.name());
      Standing to =
          new Standing(
              stage, stage.compareTo(standing.stage()) < 0 ? ReadShare.NONE : standing.reads());
      if (stage.authority() == standing.stage().authority()) {
        standing = to;
        rollout = rollout.at(to);
      } else {
        move = new MoveView(9, to, MoveView.State.OPEN, "");
        rollout = rollout.with(new Rollout.Work(9, 0, false));
      }
    }

    void endMove(boolean arrives) {
      MoveView ended = java.util.Objects.requireNonNull(move);
      move =
          new MoveView(
              ended.id(),
              ended.to(),
              arrives ? MoveView.State.DONE : MoveView.State.FAILED,
              "it would lose 3");
      if (arrives) {
        standing = ended.to();
      }
    }

    Decision command(Command command) {
      Decision decision =
          took(RolloutRules.command(plan, rollout, command, place(), new Asked("eve", "why", now)));
      switch (decision) {
        case Decision.Take take -> rollout = take.after();
        case Decision.Note note -> rollout = note.after();
        case Decision.Stay stay -> {}
        case Decision.Refused refused -> {}
        case Decision.SetStage set -> throw new AssertionError(set);
        case Decision.SetReads set -> throw new AssertionError(set);
        case Decision.GoBack back -> throw new AssertionError(back);
        case Decision.StartJob start -> throw new AssertionError(start);
      }
      return decision;
    }

    Scene say(Outcome outcome) {
      findings =
          List.of(new Finding("errors", outcome, "so it is", new Finding.Numbers(1, 1, 1), false));
      return this;
    }

    /** Brings it into a state of this plan. */
    Scene in(RolloutState state) {
      run();
      switch (state) {
        case WORKING -> {}
        case HOLDING -> endJob();
        case JUDGING -> {
          say(Outcome.NOT_ENOUGH_DATA);
          endJob();
          now = now.plusSeconds(10);
          run();
        }
        case CONFIRMING -> {
          endJob();
          now = now.plusSeconds(10);
          run();
        }
        case PAUSED -> {
          endJob();
          command(Command.PAUSE);
        }
        case IDLE, ENTERING, ROLLING_BACK, DONE, ROLLED_BACK, ABORTED ->
            throw new AssertionError(state);
      }
      assertThat(rollout.state()).isEqualTo(state);
      return this;
    }

    void endJob() {
      job = new JobView(7, JobView.State.DONE, 0, "");
      run();
    }
  }

  @AfterAll
  static void everyTransitionIsTaken() {
    assertThat(TAKEN).containsExactlyInAnyOrder(RolloutTransition.values());
  }

  @Test
  void itGoesFromOffToLive() throws Exception {
    Scene scene = new Scene(PLAN);
    assertThat(scene.run()).isEqualTo("job 7 is under way");
    scene.endJob();
    assertThat(scene.rollout.state()).isEqualTo(RolloutState.HOLDING);
    assertThat(scene.run()).isEqualTo("it lasts until 2026-01-02T03:04:15Z");
    scene.say(Outcome.NOT_ENOUGH_DATA).now = START.plusSeconds(10);
    assertThat(scene.run()).isEqualTo("errors: so it is");
    assertThat(scene.rollout.state()).isEqualTo(RolloutState.JUDGING);
    scene.say(Outcome.PASS);
    assertThat(scene.run()).isEqualTo("a person must agree to step 'LIVE'");
    assertThat(scene.command(Command.CONFIRM)).isInstanceOf(Decision.Note.class);
    scene.missing = "the board";
    assertThat(scene.run()).isEqualTo("the board must agree to step 'LIVE'");
    scene.missing = "";
    assertThat(scene.run()).startsWith("the authority moves");
    scene.endMove(true);
    scene.run();
    assertThat(scene.rollout.state()).isEqualTo(RolloutState.DONE);
    assertThat(scene.done)
        .containsExactly(
            "DUAL_WRITE", "job BACKFILL", "SHADOW", "reads 1%", "RAMP", "reads 5%", "LIVE");
    assertThat(scene.command(Command.PAUSE)).isInstanceOf(Decision.Refused.class);
  }

  @ParameterizedTest
  @EnumSource(names = {"WORKING", "HOLDING", "JUDGING", "CONFIRMING", "PAUSED"})
  void aFailedGuardTakesItBack(RolloutState state) throws Exception {
    Scene scene = new Scene(PLAN).in(state).say(Outcome.FAIL);
    boolean isBehind = scene.standing.stage() == Stage.RAMP;
    scene.run();
    assertThat(scene.rollout.state()).isEqualTo(RolloutState.ROLLED_BACK);
    assertThat(scene.rollout.status().reason()).isEqualTo("errors: so it is");
    assertThat(scene.standing)
        .isEqualTo(isBehind ? new Standing(Stage.SHADOW, ReadShare.NONE) : scene.standing);
  }

  @Test
  void backIsWhereThePlanSays() throws Exception {
    Scene previous = new Scene(PLAN.replace("steps:", "rollback: previous\n    steps:"));
    previous.in(RolloutState.CONFIRMING).say(Outcome.FAIL).run();
    assertThat(previous.standing).isEqualTo(new Standing(Stage.RAMP, new ReadShare(1_000)));
    Scene off = new Scene(PLAN.replace("steps:", "rollback: OFF\n    steps:"));
    off.in(RolloutState.CONFIRMING).say(Outcome.FAIL).run();
    assertThat(off.standing.stage()).isEqualTo(Stage.OFF);
    Scene ramp = new Scene(PLAN.replace("steps:", "rollback: RAMP\n    steps:"));
    ramp.in(RolloutState.CONFIRMING).say(Outcome.FAIL).run();
    assertThat(ramp.standing).isEqualTo(new Standing(Stage.RAMP, ReadShare.NONE));
  }

  private static Scene inLive() throws Exception {
    Scene scene = new Scene(PLAN + "      - {stage: RAMPDOWN, confirm: true}\n");
    scene.in(RolloutState.CONFIRMING);
    scene.command(Command.CONFIRM);
    scene.run();
    scene.endMove(true);
    scene.run();
    scene.move = null;
    assertThat(scene.standing.stage()).isEqualTo(Stage.LIVE);
    return scene;
  }

  @Test
  void writesGoBackIfTheyMay() throws Exception {
    Scene scene = inLive();
    scene.say(Outcome.FAIL).run();
    scene.endMove(true);
    scene.run();
    assertThat(scene.rollout.state()).isEqualTo(RolloutState.ROLLED_BACK);
    assertThat(scene.standing.stage()).isEqualTo(Stage.SHADOW);
  }

  @Test
  void writesThatWouldLoseSomethingStayAndAPersonIsWaitedFor() throws Exception {
    Scene scene = inLive();
    scene.say(Outcome.FAIL).run();
    assertThat(scene.command(Command.PAUSE)).isInstanceOf(Decision.Refused.class);
    scene.endMove(false);
    assertThat(scene.run()).isEqualTo("it would lose 3");
    assertThat(scene.rollout.state()).isEqualTo(RolloutState.PAUSED);
    assertThat(scene.standing.stage()).isEqualTo(Stage.LIVE);
    assertThat(scene.run()).isEqualTo("it would lose 3");
  }

  @Test
  void aMoveThatFailsPausesIt() throws Exception {
    Scene scene = new Scene(PLAN).in(RolloutState.CONFIRMING);
    scene.command(Command.CONFIRM);
    scene.run();
    scene.endMove(false);
    assertThat(scene.run()).isEqualTo("it would lose 3");
    scene.move = null;
    scene.command(Command.RESUME);
    assertThat(scene.run()).startsWith("the authority moves");
  }

  @ParameterizedTest
  @EnumSource(names = {"WORKING", "HOLDING", "JUDGING", "CONFIRMING"})
  void whoChangesTheStageHimselfIsNotFought(RolloutState state) throws Exception {
    Scene scene = new Scene(PLAN).in(state).say(Outcome.FAIL);
    scene.standing = new Standing(Stage.OFF, ReadShare.NONE);
    assertThat(scene.run())
        .startsWith("somebody else has taken over: the migration is in OFF rather than ")
        .endsWith("(ada set it)");
    assertThat(scene.rollout.state()).isEqualTo(RolloutState.PAUSED);
    assertThat(scene.standing.stage()).isEqualTo(Stage.OFF);
    scene.say(Outcome.PASS);
    scene.command(Command.RESUME);
    scene.run();
    assertThat(scene.standing.stage()).isNotEqualTo(Stage.OFF);
  }

  @Test
  void whoWentFurtherHimselfIsFollowedFromThere() throws Exception {
    Scene scene = new Scene(PLAN).in(RolloutState.HOLDING);
    scene.standing = new Standing(Stage.RAMP, new ReadShare(5_000));
    scene.run();
    scene.command(Command.RESUME);
    assertThat(scene.run()).isEqualTo("a person must agree to step 'LIVE'");
    scene.standing = new Standing(Stage.RAMPDOWN, ReadShare.NONE);
    scene.run();
    assertThat(scene.command(Command.RESUME)).isInstanceOf(Decision.Refused.class);
  }

  @Test
  void whoMovesTheAuthorityIsNotFoughtEither() throws Exception {
    Scene scene = new Scene(PLAN).in(RolloutState.CONFIRMING);
    scene.move = new MoveView(3, new Standing(Stage.LIVE, ReadShare.NONE), MoveView.State.OPEN, "");
    assertThat(scene.run()).contains("is on its way to LIVE");
  }

  @ParameterizedTest
  @EnumSource(names = {"WORKING", "HOLDING", "JUDGING", "CONFIRMING"})
  void aGuardMayPauseIt(RolloutState state) throws Exception {
    Scene scene = new Scene(PLAN).in(state).say(Outcome.PAUSE);
    assertThat(scene.run()).isEqualTo("errors: so it is");
    assertThat(scene.rollout.state()).isEqualTo(RolloutState.PAUSED);
    // Nobody has taken over: what is worse still takes it back.
    scene.say(Outcome.FAIL).run();
    assertThat(scene.rollout.state()).isEqualTo(RolloutState.ROLLED_BACK);
  }

  @Test
  void aDryRunNeverActs() throws Exception {
    Scene scene = new Scene(PLAN);
    scene.findings =
        List.of(
            new Finding("a", Outcome.FAIL, "", new Finding.Numbers(1, 1, 1), true),
            new Finding("b", Outcome.PAUSE, "", new Finding.Numbers(1, 1, 1), true),
            new Finding("c", Outcome.NOT_ENOUGH_DATA, "", new Finding.Numbers(1, 1, 1), true));
    scene.in(RolloutState.CONFIRMING);
  }

  @Test
  void aJobThatFailsOrFindsDriftPausesIt() throws Exception {
    Scene failed = new Scene(PLAN).in(RolloutState.WORKING);
    failed.job = new JobView(7, JobView.State.FAILED, 0, "no room");
    assertThat(failed.run()).isEqualTo("job 7 has failed: no room");
    failed.command(Command.RESUME);
    assertThat(failed.run()).isEqualTo("job 7 is under way");
    failed.job = new JobView(7, JobView.State.DONE, 2, "");
    assertThat(failed.run()).isEqualTo("job 7 has found 2 entities that differ");
  }

  @Test
  void aJobWithoutAnEndIsOnlyStarted() throws Exception {
    Scene scene = new Scene(PLAN.replace("job: backfill", "job: continuous-verify"));
    scene.run();
    assertThat(scene.rollout.step()).isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource(names = {"WORKING", "HOLDING", "JUDGING", "CONFIRMING", "PAUSED"})
  void aPersonMayPauseAndEndItAnywhere(RolloutState state) throws Exception {
    Scene scene = new Scene(PLAN).in(state);
    scene.command(Command.ABORT);
    assertThat(scene.rollout.state()).isEqualTo(RolloutState.ABORTED);
    assertThat(scene.rollout.status().reason()).isEqualTo("ended by eve: why");
    Scene other = new Scene(PLAN).in(state);
    other.command(Command.PAUSE);
    assertThat(other.rollout.state()).isEqualTo(RolloutState.PAUSED);
    Scene entering = new Scene(PLAN);
    entering.command(Command.PAUSE);
    assertThat(entering.rollout.status().isWatched()).isFalse();
    new Scene(PLAN).command(Command.ABORT);
    Scene back = inLive();
    back.say(Outcome.FAIL).run();
    back.command(Command.ABORT);
  }

  @Test
  void whatMakesNoSenseIsRefused() throws Exception {
    Scene scene = new Scene(PLAN).in(RolloutState.HOLDING);
    assertThat(scene.command(Command.CONFIRM)).isInstanceOf(Decision.Refused.class);
    assertThat(scene.command(Command.RESUME)).isInstanceOf(Decision.Stay.class);
    assertThat(
            RolloutRules.start(1, scene.plan, new Standing(Stage.COMPLETE, ReadShare.NONE), START))
        .isInstanceOf(Decision.Refused.class);
    assertThatThrownBy(() -> RolloutTransition.of(RolloutState.DONE, RolloutState.ENTERING))
        .isInstanceOf(IllegalStateException.class);
    assertThat(Baseline.WINDOW).isEqualTo(Duration.ofMinutes(1));
  }
}
