package dev.crossfade.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.crossfade.cli.LiveControlPlane.Outcome;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** {@code ctl rollout}, against a real control plane. */
class RolloutCommandIT {
  private static final Duration BOUND = Duration.ofSeconds(60);
  private static final String PLAN =
      """

        rollout:
          steps:
            - {stage: DUAL_WRITE, guards: {benchmark: {name: load, max: 10}}}
            - {stage: SHADOW, confirm: true}
            - {stage: RAMP, reads: 5%, hold: 1h, guards: {errors: {max: 1%}}}
      """;

  private static Outcome awaitStatus(LiveControlPlane live, String part) {
    return await()
        .atMost(BOUND)
        .until(() -> live.ctl("rollout", "status"), outcome -> outcome.out().contains(part));
  }

  @Test
  void theWholeWay() throws Exception {
    try (LiveControlPlane live = LiveControlPlane.start()) {
      live.ctl(
          "apply", "-f", live.file(LiveControlPlane.MIGRATION.stripTrailing() + PLAN).toString());
      assertThat(live.ctl("rollout", "status").out())
          .contains("RAMP 5%")
          .endsWith("no rollout yet: begin it with 'crossfade ctl rollout start'");
      assertThat(live.ctl("rollout", "pause").err())
          .isEqualTo("ctl: migration 'split-customers' has no rollout");
      assertThat(live.ctl("rollout", "start"))
          .isEqualTo(
              new Outcome(0, "the rollout of 'split-customers' begins with step 'DUAL_WRITE'", ""));
      assertThat(awaitStatus(live, "JUDGING").out())
          .contains("step 1 of 3 (DUAL_WRITE)")
          .contains("NOT_ENOUGH_DATA")
          .contains("no result of 'load' was recorded");
      assertThat(live.ctl("rollout", "evidence", "split-customers", "load", "9.5").out())
          .isEqualTo("'load' of 'split-customers' is 9.5");
      awaitStatus(live, "a person must agree to step 'SHADOW'");
      assertThat(live.ctl("rollout", "confirm").out())
          .isEqualTo("the rollout of 'split-customers' may go on: ada agrees");
      awaitStatus(live, "it lasts until ");
      assertThat(live.ctl("show", "split-customers").out()).contains("RAMP");
      assertThat(live.ctl("rollout", "pause", "--reason", "lunch").out())
          .isEqualTo("the rollout of 'split-customers' is PAUSED");
      assertThat(live.ctl("rollout", "status").out()).contains("paused by ada: lunch");
      live.ctl("rollout", "resume");
      awaitStatus(live, "it lasts until ");
      assertThat(live.ctl("rollout", "abort").exitCode()).isZero();
      assertThat(live.ctl("rollout", "watch").out()).contains("ABORTED");
      assertThat(live.ctl("rollout", "status", "--samples", "10", "-o", "json").out())
          .contains("\"state\": \"ROLLOUT_STATE_ABORTED\"");
      Outcome over = live.ctl("rollout", "resume");
      assertThat(over.exitCode()).isEqualTo(1);
      assertThat(over.err()).contains("it has ended: it is ABORTED");
      assertThat(live.ctl("audit", "verify").exitCode()).isZero();
    }
  }
}
