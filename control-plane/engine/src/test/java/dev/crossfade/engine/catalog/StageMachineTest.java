package dev.crossfade.engine.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.core.migration.ReadShare;
import dev.crossfade.core.migration.Stage;
import dev.crossfade.core.migration.Stickiness;
import dev.crossfade.engine.catalog.Transition.Way;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every transition of the table is taken here by a command, or the last check fails. */
class StageMachineTest {
  private static final Moment MOMENT = new Moment(42, Instant.parse("2026-11-21T00:00:00Z"));
  private static final ChangeNote NOTE = new ChangeNote("ada", "because");
  private static final ReadShare QUARTER = ReadShare.parse("25%");
  private static final Set<Transition> TAKEN = EnumSet.noneOf(Transition.class);

  @BeforeAll
  static void forget() {
    TAKEN.clear();
  }

  @AfterAll
  static void everyTransitionWasTaken() {
    assertThat(TAKEN)
        .as("transitions taken by the tests")
        .containsExactlyInAnyOrder(Transition.values());
  }

  @ParameterizedTest
  @CsvSource({"OFF,DUAL_WRITE", "DUAL_WRITE,SHADOW", "SHADOW,RAMP", "LIVE,RAMPDOWN"})
  void aStepForwardKeepsTheReadShare(Stage from, Stage to) {
    Verdict.Changed changed = changed(decide(from, step(to)), Way.STEP);
    assertThat(changed.entry().position()).isEqualTo(new Position(to, QUARTER, Stickiness.USER));
    assertThat(changed.change().kind()).isEqualTo(Change.Kind.STAGE);
    assertThat(changed.message()).startsWith("migration 'orders' is in " + to + ": ");
  }

  @ParameterizedTest
  @CsvSource({"RAMPDOWN,LIVE", "RAMP,SHADOW", "SHADOW,DUAL_WRITE", "DUAL_WRITE,OFF"})
  void aStepBackTakesTheReadShareWithIt(Stage from, Stage to) {
    Verdict.Changed changed = changed(decide(from, step(to)), Way.STEP);
    assertThat(changed.entry().position())
        .isEqualTo(new Position(to, ReadShare.NONE, Stickiness.USER));
    assertThat(changed.change().from()).isEqualTo(new Position(from, QUARTER, Stickiness.USER));
  }

  @ParameterizedTest
  @CsvSource({
    "RAMP,SHADOW",
    "RAMP,DUAL_WRITE",
    "RAMP,OFF",
    "SHADOW,DUAL_WRITE",
    "SHADOW,OFF",
    "DUAL_WRITE,OFF",
    "RAMPDOWN,LIVE"
  })
  void aRollbackGoesToAnyEarlierStageWithNoReadsOnNew(Stage from, Stage to) {
    Verdict.Changed changed = changed(decide(from, rollback(to)), Way.ROLLBACK);
    assertThat(changed.entry().position())
        .isEqualTo(new Position(to, ReadShare.NONE, Stickiness.USER));
    assertThat(changed.change().kind()).isEqualTo(Change.Kind.ROLLBACK);
    assertThat(changed.change().note()).isEqualTo(NOTE);
  }

  @ParameterizedTest
  @CsvSource({
    "OFF,SHADOW,the next stage forward is DUAL_WRITE",
    "OFF,RAMP,the next stage forward is DUAL_WRITE",
    "DUAL_WRITE,RAMP,the next stage forward is SHADOW",
    "SHADOW,LIVE,the next stage forward is RAMP",
    "RAMP,COMPLETE,the next stage forward is LIVE",
    "LIVE,COMPLETE,the next stage forward is RAMPDOWN",
    "LIVE,SHADOW,'one step back is RAMP, and a rollback goes back to SHADOW at once'",
    "SHADOW,OFF,'one step back is DUAL_WRITE, and a rollback goes back to OFF at once'",
    "RAMP,OFF,'one step back is SHADOW, and a rollback goes back to OFF at once'",
    "RAMP,DUAL_WRITE,'one step back is SHADOW, and a rollback goes back to DUAL_WRITE at once'"
  })
  void aLongerStepIsRefusedAndToldWhatWouldBeRight(Stage from, Stage to, String hint) {
    assertThat(refused(decide(from, step(to)), Verdict.Why.STATE))
        .isEqualTo(
            "migration 'orders' cannot go from " + from + " to " + to + " in one step: " + hint);
  }

  @ParameterizedTest
  @CsvSource({"RAMP,LIVE", "LIVE,RAMP", "RAMPDOWN,COMPLETE"})
  void aStepThatMovesTheAuthorityOrEndsItIsOnlyBegun(Stage from, Stage to) {
    begun(decide(from, step(to)), from, to, Way.STEP);
  }

  @ParameterizedTest
  @CsvSource({
    "LIVE,RAMP",
    "LIVE,SHADOW",
    "LIVE,DUAL_WRITE",
    "LIVE,OFF",
    "RAMPDOWN,RAMP",
    "RAMPDOWN,SHADOW",
    "RAMPDOWN,DUAL_WRITE",
    "RAMPDOWN,OFF"
  })
  void aRollbackThatMovesTheAuthorityBackIsOnlyBegun(Stage from, Stage to) {
    begun(decide(from, rollback(to)), from, to, Way.ROLLBACK);
  }

  @Test
  void completeIsTheEnd() {
    assertThat(refused(decide(Stage.COMPLETE, step(Stage.RAMPDOWN)), Verdict.Why.STATE))
        .endsWith("is in COMPLETE, which is the end: there is no way back");
    assertThat(refused(decide(Stage.COMPLETE, rollback(Stage.OFF)), Verdict.Why.STATE))
        .endsWith("cannot be rolled back to OFF: that is the end, there is no way back");
  }

  @ParameterizedTest
  @CsvSource({"OFF,DUAL_WRITE", "OFF,RAMP", "SHADOW,RAMP", "DUAL_WRITE,SHADOW", "RAMP,LIVE"})
  void aRollbackForwardIsRefused(Stage from, Stage to) {
    assertThat(refused(decide(from, rollback(to)), Verdict.Why.STATE))
        .endsWith("a rollback goes to an earlier stage");
  }

  @ParameterizedTest
  @CsvSource({"OFF", "DUAL_WRITE", "SHADOW", "RAMP", "LIVE", "RAMPDOWN", "COMPLETE"})
  void theStageThatItHasSucceedsUnchanged(Stage stage) {
    assertThat(decide(stage, step(stage))).isInstanceOf(Verdict.Unchanged.class);
  }

  @Test
  void aRollbackToTheStageThatItHasTakesTheReadShareBack() {
    Verdict verdict = decide(Stage.RAMP, rollback(Stage.RAMP));
    assertThat(verdict).isInstanceOf(Verdict.Changed.class);
    Verdict.Changed changed = (Verdict.Changed) verdict;
    assertThat(changed.entry().position())
        .isEqualTo(new Position(Stage.RAMP, ReadShare.NONE, Stickiness.USER));
    Verdict again =
        CatalogRules.decide(new CatalogView(changed.entry(), 1, 9), rollback(Stage.RAMP), MOMENT);
    assertThat(again).isInstanceOf(Verdict.Unchanged.class);
  }

  @Test
  void theTableHasEachStepAndEachWayBackButThoseFromTheEnd() {
    for (Way way : Way.values()) {
      for (Stage from : Stage.values()) {
        for (Stage to : Stage.values()) {
          Optional<Transition> transition = Transition.of(way, from, to);
          boolean legal =
              from != Stage.COMPLETE
                  && (way == Way.STEP ? from.isNextTo(to) : to.compareTo(from) < 0);
          assertThat(transition.isPresent()).as("%s %s -> %s", way, from, to).isEqualTo(legal);
        }
      }
    }
  }

  private static void begun(Verdict verdict, Stage from, Stage to, Way way) {
    assertThat(verdict).isInstanceOf(Verdict.Begun.class);
    Verdict.Begun begun = (Verdict.Begun) verdict;
    assertThat(begun.entry().position()).isEqualTo(new Position(from, QUARTER, Stickiness.USER));
    assertThat(begun.change().kind()).isEqualTo(Change.Kind.MOVE_BEGUN);
    assertThat(begun.change().standing()).isEqualTo(begun.entry().position());
    assertThat(begun.change().to().stage()).isEqualTo(to);
    Move move = begun.entry().move();
    assertThat(move).isNotNull();
    if (move != null) {
      assertThat(Optional.of(move.transition())).isEqualTo(Transition.of(way, from, to));
      assertThat(move.id()).isEqualTo(42);
      TAKEN.add(move.transition());
    }
  }

  private static Verdict decide(Stage from, Command command) {
    CatalogEntry entry =
        new CatalogEntry(
            "orders",
            41,
            new MigrationText("kind: x", "orders.yaml"),
            new Position(from, QUARTER, Stickiness.USER),
            new CatalogEntry.Lifetime(Instant.EPOCH, Instant.EPOCH));
    return CatalogRules.decide(new CatalogView(entry, 1, 7), command, MOMENT);
  }

  private static Command step(Stage to) {
    return new Command.SetStage("orders", to, OptionalLong.empty(), NOTE);
  }

  private static Command rollback(Stage to) {
    return new Command.Rollback("orders", to, NOTE);
  }

  private static Verdict.Changed changed(Verdict verdict, Way way) {
    assertThat(verdict).isInstanceOf(Verdict.Changed.class);
    Verdict.Changed changed = (Verdict.Changed) verdict;
    Position from = changed.change().from();
    assertThat(from).isNotNull();
    if (from != null) {
      Transition.of(way, from.stage(), changed.change().to().stage()).ifPresent(TAKEN::add);
    }
    assertThat(changed.change().version()).isEqualTo(42);
    assertThat(changed.entry().version()).isEqualTo(42);
    return changed;
  }

  private static String refused(Verdict verdict, Verdict.Why why) {
    assertThat(verdict).isInstanceOf(Verdict.Refused.class);
    assertThat(((Verdict.Refused) verdict).why()).isEqualTo(why);
    return verdict.message();
  }
}
