package dev.crossfade.engine.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.core.migration.ReadShare;
import dev.crossfade.core.migration.Stage;
import dev.crossfade.core.migration.Stickiness;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What becomes of commands while a move is under way, and of the move. */
class MoveRulesTest {
  private static final Moment MOMENT = new Moment(43, Instant.parse("2026-11-21T00:00:00Z"));
  private static final ChangeNote ASKED = new ChangeNote("ada", "it is time");
  private static final ChangeNote OTHER = new ChangeNote("bob", "no");
  private static final ReadShare QUARTER = ReadShare.parse("25%");

  private static CatalogEntry entry(Transition transition, MoveStep step) {
    Move move =
        new Move(42, transition, ASKED, Duration.ofMillis(500), new Move.Progress(step, ""));
    return new CatalogEntry(
        "orders",
        42,
        new MigrationText("kind: x", "orders.yaml"),
        new Position(transition.from(), QUARTER, Stickiness.USER),
        new CatalogEntry.Lifetime(Instant.EPOCH, Instant.EPOCH),
        null,
        move);
  }

  private static Verdict decide(Transition transition, MoveStep step, Command command) {
    return CatalogRules.decide(new CatalogView(entry(transition, step), 1, 7), command, MOMENT);
  }

  private static Command step(Stage to) {
    return new Command.SetStage("orders", to, OptionalLong.empty(), OTHER);
  }

  private static Command rollback(Stage to) {
    return new Command.Rollback("orders", to, OTHER);
  }

  private static Command end(long move, MoveEnd end) {
    return new Command.EndMove("orders", move, end);
  }

  @Test
  void aMoveKeepsWhoAskedForItAndHowLongWritersMayWait() {
    CatalogEntry before = entry(Transition.GO_LIVE, MoveStep.BEGUN).with(Position.START, MOMENT);
    CatalogEntry ramp = before.with(new Position(Stage.RAMP, QUARTER, Stickiness.USER), MOMENT);
    Command live =
        new Command.SetStage(
            "orders", Stage.LIVE, OptionalLong.empty(), ASKED, Duration.ofMillis(300));
    Verdict verdict = CatalogRules.decide(new CatalogView(ramp, 1, 7), live, MOMENT);
    assertThat(verdict).isInstanceOf(Verdict.Begun.class);
    assertThat(((Verdict.Begun) verdict).entry().move())
        .isEqualTo(
            new Move(43, Transition.GO_LIVE, ASKED, Duration.ofMillis(300), Move.Progress.START));
    assertThat(verdict.message()).isEqualTo("migration 'orders' is on its way from RAMP to LIVE");
    assertThat(CatalogRules.decide(new CatalogView(ramp, 1, 7, "no databases"), live, MOMENT))
        .isEqualTo(
            new Verdict.Refused(
                Verdict.Why.STATE, "migration 'orders' cannot go to LIVE here: no databases"));
  }

  @Test
  void otherCommandsAreRefusedMeanwhile() {
    String busy =
        "migration 'orders' is on its way from RAMP to LIVE, asked for by ada: wait for its end";
    Verdict.Refused early = new Verdict.Refused(Verdict.Why.STATE, busy + ", or roll it back");
    Command reads =
        new Command.SetReads(
            "orders", ReadShare.NONE, Optional.empty(), OptionalLong.empty(), OTHER);
    Command apply =
        new Command.Apply("orders", new MigrationText("kind: y", "b"), OptionalLong.empty(), OTHER);
    assertThat(decide(Transition.GO_LIVE, MoveStep.CALM, step(Stage.SHADOW))).isEqualTo(early);
    assertThat(decide(Transition.GO_LIVE, MoveStep.CALM, reads)).isEqualTo(early);
    assertThat(decide(Transition.GO_LIVE, MoveStep.CALM, apply)).isEqualTo(early);
    assertThat(decide(Transition.GO_LIVE, MoveStep.READY, reads))
        .isEqualTo(new Verdict.Refused(Verdict.Why.STATE, busy));
  }

  @ParameterizedTest
  @EnumSource(MoveStep.class)
  void whoAsksForTheSameWaitsForIt(MoveStep step) {
    assertThat(decide(Transition.GO_LIVE, step, step(Stage.LIVE)))
        .isInstanceOf(Verdict.Underway.class);
  }

  @ParameterizedTest
  @CsvSource({"GO_LIVE,RAMP", "GO_LIVE,OFF", "FINISH,RAMPDOWN", "FINISH,RAMP"})
  void aRollbackGivesUpWhatIsNotDecided(Transition transition, Stage to) {
    Verdict verdict = decide(transition, MoveStep.DRAINED, rollback(to));
    assertThat(verdict).isInstanceOf(Verdict.Ended.class);
    Verdict.Ended ended = (Verdict.Ended) verdict;
    assertThat(ended.entry().move()).isNull();
    assertThat(ended.entry().position().stage()).isEqualTo(transition.from());
    assertThat(ended.end()).isEqualTo(new MoveEnd.Failed("bob has rolled it back"));
    assertThat(ended.change().kind()).isEqualTo(Change.Kind.MOVE_FAILED);
    assertThat(ended.change().note()).isEqualTo(OTHER);
    assertThat(ended.change().standing()).isEqualTo(ended.entry().position());
  }

  @Test
  void aRollbackFollowsWhatIsDecidedOrGoesBackAnyway() {
    Command.Rollback off = new Command.Rollback("orders", Stage.OFF, OTHER);
    assertThat(decide(Transition.GO_LIVE, MoveStep.READY, off))
        .isInstanceOfSatisfying(
            Verdict.Queued.class,
            queued -> assertThat(queued.move().progress().then()).isEqualTo(off));
    assertThat(decide(Transition.LEAVE_LIVE, MoveStep.BEGUN, off))
        .isInstanceOf(Verdict.Queued.class);
    assertThat(decide(Transition.LEAVE_LIVE, MoveStep.BEGUN, rollback(Stage.RAMP)))
        .isInstanceOf(Verdict.Underway.class);
    assertThat(decide(Transition.ROLLBACK_LIVE, MoveStep.BEGUN, rollback(Stage.RAMP)))
        .isInstanceOf(Verdict.Underway.class);
    assertThat(decide(Transition.FINISH, MoveStep.READY, rollback(Stage.OFF)).message())
        .endsWith("from there is no way back");
  }

  private static CatalogEntry followed(Command.Rollback then) {
    CatalogEntry entry = entry(Transition.GO_LIVE, MoveStep.READY);
    return entry.with(Objects.requireNonNull(entry.move()).before(then), MOMENT);
  }

  @Test
  void whatFollowsIsDecidedWhenTheMoveHasEndedAsItMay() {
    Command.Rollback then = new Command.Rollback("orders", Stage.SHADOW, OTHER);
    for (MoveEnd how :
        List.of(new MoveEnd.Arrived(2, Duration.ZERO), new MoveEnd.Failed("not this time"))) {
      Verdict verdict =
          CatalogRules.decide(new CatalogView(followed(then), 1, 7), end(42, how), MOMENT);
      assertThat(verdict)
          .isInstanceOfSatisfying(
              Verdict.Ended.class, ended -> assertThat(ended.then()).isEqualTo(then));
    }
    Command.Rollback given = new Command.Rollback("orders", Stage.OFF, OTHER);
    assertThat(decide(Transition.GO_LIVE, MoveStep.DRAINED, given))
        .isInstanceOfSatisfying(
            Verdict.Ended.class, ended -> assertThat(ended.then()).isEqualTo(given));
  }

  @Test
  void onlyWhatGoesFurtherReplacesWhatFollows() {
    CatalogView view =
        new CatalogView(followed(new Command.Rollback("orders", Stage.DUAL_WRITE, OTHER)), 1, 7);
    ChangeNote accepting = new ChangeNote("eve", "it burns", true);
    assertThat(CatalogRules.decide(view, rollback(Stage.SHADOW), MOMENT))
        .isInstanceOf(Verdict.Underway.class);
    assertThat(CatalogRules.decide(view, rollback(Stage.DUAL_WRITE), MOMENT))
        .isInstanceOf(Verdict.Underway.class);
    assertThat(
            CatalogRules.decide(
                view, new Command.Rollback("orders", Stage.DUAL_WRITE, accepting), MOMENT))
        .isInstanceOf(Verdict.Queued.class);
    assertThat(CatalogRules.decide(view, rollback(Stage.OFF), MOMENT))
        .isInstanceOf(Verdict.Queued.class);
  }

  /** It may be refused for what it loses; whoever accepts that need not ask a second time. */
  @Test
  void whoAcceptsALossIsHeardWhileTheSameRollbackIsUnderWay() {
    ChangeNote accepting = new ChangeNote("eve", "it burns", true);
    Stage there = Transition.ROLLBACK_LIVE.to();
    Command.Rollback accepted = new Command.Rollback("orders", there, accepting);
    assertThat(decide(Transition.ROLLBACK_LIVE, MoveStep.BEGUN, accepted))
        .isInstanceOfSatisfying(
            Verdict.Queued.class,
            queued -> {
              assertThat(queued.move().progress().then()).isEqualTo(accepted);
              CatalogEntry entry = queued.entry().with(queued.move(), MOMENT);
              assertThat(
                      CatalogRules.decide(
                          new CatalogView(entry, 1, 7),
                          end(queued.move().id(), new MoveEnd.Failed("it would lose 2")),
                          MOMENT))
                  .isInstanceOfSatisfying(
                      Verdict.Ended.class, ended -> assertThat(ended.then()).isEqualTo(accepted));
              assertThat(CatalogRules.decide(new CatalogView(entry, 1, 7), accepted, MOMENT))
                  .isInstanceOf(Verdict.Underway.class);
            });
    assertThat(decide(Transition.ROLLBACK_LIVE, MoveStep.BEGUN, rollback(there)))
        .isInstanceOf(Verdict.Underway.class);
  }

  @Test
  void whatArrivesSetsTheStageInTheNameOfWhoAskedForIt() {
    Verdict verdict =
        decide(
            Transition.GO_LIVE,
            MoveStep.READY,
            end(42, new MoveEnd.Arrived(2, Duration.ofNanos(12_340_000))));
    assertThat(verdict).isInstanceOf(Verdict.Ended.class);
    Verdict.Ended ended = (Verdict.Ended) verdict;
    assertThat(ended.entry().move()).isNull();
    assertThat(ended.entry().position())
        .isEqualTo(new Position(Stage.LIVE, QUARTER, Stickiness.USER));
    assertThat(ended.change().kind()).isEqualTo(Change.Kind.STAGE);
    assertThat(ended.change().note()).isEqualTo(ASKED);
    assertThat(ended.message())
        .isEqualTo(
            "migration 'orders' is in LIVE: new has the authority; writers waited for 12.3 ms"
                + " (epoch 2)");
    assertThat(
            decide(
                    Transition.ROLLBACK_LIVE,
                    MoveStep.READY,
                    end(42, new MoveEnd.Arrived(3, Duration.ZERO)))
                .message())
        .isEqualTo("migration 'orders' is in OFF: old has the authority again (epoch 3)");
  }

  @Test
  void whatFailsLeavesTheStageAndSaysWhy() {
    String reason = "x".repeat(3_000);
    Verdict verdict =
        decide(Transition.GO_LIVE, MoveStep.READY, end(42, new MoveEnd.Failed(reason)));
    assertThat(verdict).isInstanceOf(Verdict.Ended.class);
    Verdict.Ended ended = (Verdict.Ended) verdict;
    assertThat(ended.entry().position().stage()).isEqualTo(Stage.RAMP);
    assertThat(ended.change().note())
        .isEqualTo(new ChangeNote("control-plane", reason.substring(0, 1_024)));
    assertThat(ended.message())
        .startsWith("migration 'orders' stays in RAMP, it could not go to LIVE: xxx");
  }

  @Test
  void whatIsOverIsNotEndedAgain() {
    assertThat(decide(Transition.GO_LIVE, MoveStep.READY, end(41, new MoveEnd.Failed("x"))))
        .isInstanceOf(Verdict.Refused.class);
    CatalogEntry without = entry(Transition.GO_LIVE, MoveStep.READY).with(Position.START, MOMENT);
    assertThat(
            CatalogRules.decide(
                new CatalogView(without, 1, 7), end(42, new MoveEnd.Failed("x")), MOMENT))
        .isInstanceOf(Verdict.Refused.class);
  }
}
