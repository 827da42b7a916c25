package dev.crossfade.bench.journey;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.api.v1.GetRolloutResponse;
import dev.crossfade.api.v1.RolloutState;
import dev.crossfade.api.v1.Stage;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * A migration from its file to COMPLETE by {@code ctl} alone: guards take it to LIVE, something
 * goes wrong there, it goes back by itself, is mended, and goes all the way.
 */
class CtlJourneyIT {
  private static final String NAME = JourneySite.MIGRATION;

  @Test
  void fromTheFileToLiveAndBackAndThereForGood() throws Exception {
    try (JourneySite site = JourneySite.start(JourneySite.ROLLOUT);
        Journey journey = new Journey(site)) {
      journey.applyAndExpand();
      journey.ctl().run("reads", NAME, "0%", "--sticky", "entity");
      toLive(journey);
      somethingGoesWrong(site, journey);
      journey.job("apply", "--file", site.mending(), "--side", "new");
      toLive(journey);
      toTheEnd(journey);
      journey.nothingIsLost();
      journey.auditTells(
          List.of(
              "ada catalog.created",
              "ada rollout.start",
              "rollout rollout.enter-and-work",
              "rollout rollout.ask",
              "rollout rollout.confirm",
              "rollout rollout.fail-confirming",
              "rollout rollout.went-back",
              "ada rollout.start",
              "rollout rollout.confirm",
              "rollout rollout.finish"));
    }
  }

  private static void toLive(Journey journey) {
    journey.ctl().run("rollout", "start", NAME, "--reason", "it is time");
    journey.arrives("RAMP 75%", RolloutState.ROLLOUT_STATE_CONFIRMING);
    journey.awaited("answers of new", journey::signals, now -> now.getOnNew().getAnswers() > 0);
    Journey.wasPromotedByEvidence(journey.rollout(), List.of("RAMP 25%", "RAMP 75%"));
    journey.ctl().run("rollout", "confirm", NAME, "--reason", "writes, too");
    journey.arrives("LIVE", RolloutState.ROLLOUT_STATE_CONFIRMING);
    assertThat(journey.stage()).isEqualTo(Stage.STAGE_LIVE);
    journey.goesOn();
  }

  /** Somebody brings a faulty function to new; nobody does anything about it. */
  private static void somethingGoesWrong(JourneySite site, Journey journey) {
    journey.job("apply", "--file", site.regression(), "--side", "new");
    GetRolloutResponse back =
        journey.awaited(
            "the way back",
            journey::rollout,
            now -> now.getRollout().getState() == RolloutState.ROLLOUT_STATE_ROLLED_BACK);
    assertThat(back.getRollout().getReason()).startsWith("errors: ");
    assertThat(journey.traffic().refused()).isPositive();
    assertThat(journey.stage()).isEqualTo(Stage.STAGE_SHADOW);
    long refused = journey.traffic().refused();
    journey.goesOn();
    assertThat(journey.traffic().refused())
        .as("refused once old has the authority")
        .isEqualTo(refused);
  }

  private static void toTheEnd(Journey journey) {
    journey.ctl().run("rollout", "confirm", NAME, "--reason", "no way back is needed");
    journey.awaited(
        "the end",
        journey::rollout,
        now -> now.getRollout().getState() == RolloutState.ROLLOUT_STATE_DONE);
    assertThat(journey.stage()).isEqualTo(Stage.STAGE_COMPLETE);
  }
}
