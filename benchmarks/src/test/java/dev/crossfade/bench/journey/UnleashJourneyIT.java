package dev.crossfade.bench.journey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.crossfade.api.v1.Signals;
import dev.crossfade.api.v1.Stage;
import dev.crossfade.testkit.unleash.UnleashAdmin;
import dev.crossfade.testkit.unleash.UnleashServer;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The same journey where a flag of a real Unleash server says how many reads new answers, and takes
 * them back. Needs Node and npm; skipped where there are none.
 */
class UnleashJourneyIT {
  private static final String NAME = JourneySite.MIGRATION;
  private static final String FLAG = "customers-reads";
  private static final String KILL = "customers-kill";
  private static final String SPEC =
      "flag: {unleash: customers-reads, environment: development, kill: customers-kill}\n";
  private static final int BUCKETS_PER_PERCENT = 1_000;

  /** Of what was asked for, new answers at least this much: reads of what was just written wait. */
  private static final double LEAST = 0.4;

  /** And at most this much: buckets of a few hundred customers are not even. */
  private static final double MOST = 1.3;

  @BeforeAll
  static void isPossible() {
    assumeTrue(
        UnleashServer.obstacle().isEmpty(), () -> UnleashServer.obstacle().orElse("no reason"));
  }

  @Test
  void theFlagSaysHowManyReadsAndTakesThemBack() throws Exception {
    try (UnleashServer unleash = flags();
        JourneySite site = JourneySite.start(SPEC, unleash);
        Journey journey = new Journey(site)) {
      journey.applyAndExpand();
      toRamp(journey);
      for (int percent : new int[] {25, 75, 100}) {
        rollout(unleash.admin(), percent);
        readsFollow(journey, percent);
      }
      unleash.admin().on(KILL);
      readsFollow(journey, 0);
      assertThat(journey.stage()).isEqualTo(Stage.STAGE_RAMP);
      unleash.admin().off(KILL);
      readsFollow(journey, 100);
      toTheEnd(journey);
      journey.nothingIsLost();
      journey.auditTells(
          List.of(
              "ada catalog.created",
              "unleash catalog.reads",
              "unleash catalog.reads",
              "unleash catalog.reads",
              "unleash catalog.reads",
              "unleash catalog.reads"));
    }
  }

  private static UnleashServer flags() {
    UnleashServer unleash = UnleashServer.start();
    unleash.admin().create(FLAG);
    rollout(unleash.admin(), 0);
    unleash.admin().on(FLAG);
    unleash.admin().create(KILL);
    unleash.admin().strategy(KILL, "{\"name\": \"default\"}");
    return unleash;
  }

  private static void rollout(UnleashAdmin admin, int percent) {
    admin.rollout(FLAG, Integer.toString(percent), "entity", FLAG);
  }

  private static void toRamp(Journey journey) {
    journey.ctl().run("stage", NAME, "DUAL_WRITE");
    journey.job("backfill");
    journey.ctl().run("stage", NAME, "SHADOW");
    journey.job("verify");
    journey.job("lens-check");
    journey.ctl().run("stage", NAME, "RAMP");
  }

  /** What is asked for, and what clients get. */
  private static void readsFollow(Journey journey, int percent) {
    journey.awaited(
        percent + " % to be asked for",
        journey::shown,
        shown ->
            shown.getMigration().getEffectiveReadBuckets() == percent * BUCKETS_PER_PERCENT
                && !shown.getFlag().getStale());
    journey.awaited(percent + " % of reads", journey::signals, now -> isAbout(now, percent));
    journey.goesOn();
  }

  private static boolean isAbout(Signals now, int percent) {
    double asked = percent / 100.0 * now.getRoutableReads();
    return now.getRoutableReads() > 0
        && now.getRoutableReadsOnNew() >= LEAST * asked
        && now.getRoutableReadsOnNew() <= MOST * asked;
  }

  private static void toTheEnd(Journey journey) {
    journey.ctl().run("stage", NAME, "LIVE", "--reason", "the flag is at 100 %");
    assertThat(journey.stage()).isEqualTo(Stage.STAGE_LIVE);
    journey.goesOn();
    journey.ctl().run("stage", NAME, "RAMPDOWN");
    journey.ctl().run("stage", NAME, "COMPLETE", "--reason", "no way back is needed");
    assertThat(journey.stage()).isEqualTo(Stage.STAGE_COMPLETE);
  }
}
