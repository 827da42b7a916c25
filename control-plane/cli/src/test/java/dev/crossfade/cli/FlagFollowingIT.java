package dev.crossfade.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.crossfade.cli.LiveControlPlane.Outcome;
import dev.crossfade.server.flags.UnleashSettings;
import dev.crossfade.testkit.process.ChildJvm;
import dev.crossfade.testkit.unleash.UnleashAdmin;
import dev.crossfade.testkit.unleash.UnleashServer;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * From Unleash's own admin API through a real Unleash server, a control plane and two sidecars to
 * what clients read of two PostgreSQL servers. Needs Node and npm; skipped where there are none.
 */
class FlagFollowingIT {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final Duration POLL = Duration.ofSeconds(1);
  private static final int CHANGES = 9;
  private static final String FLAG = "reads";
  private static final String KILL = "reads-kill";
  private static final String GROUP = "a group of its own";

  @TempDir private Path folder;

  private UnleashServer unleash;
  private FlaggedSite site;
  private LiveControlPlane live;
  private ChildJvm first;
  private ChildJvm second;

  @BeforeAll
  static void isPossible() {
    assumeTrue(
        UnleashServer.obstacle().isEmpty(), () -> UnleashServer.obstacle().orElse("no reason"));
  }

  @BeforeEach
  void start() throws Exception {
    unleash = UnleashServer.start();
    admin().create(FLAG);
    admin().rollout(FLAG, "0", "userId", GROUP);
    admin().on(FLAG);
    admin().create(KILL);
    admin().strategy(KILL, "{\"name\": \"default\"}");
    live =
        LiveControlPlane.start(
            null,
            new UnleashSettings(
                unleash.api(),
                UnleashServer.CLIENT_TOKEN,
                "development",
                null,
                new UnleashSettings.Identity("crossfade", "test"),
                POLL));
    site = FlaggedSite.start(folder);
    first = site.sidecar("pod-1", live.port());
    second = site.sidecar("pod-2", live.port());
  }

  @AfterEach
  void stop() {
    second.close();
    first.close();
    live.close();
    site.close();
    unleash.close();
  }

  private UnleashAdmin admin() {
    return unleash.admin();
  }

  private void apply(String flag) throws Exception {
    String file = LiveControlPlane.MIGRATION.replace("spec:\n", "spec:\n  flag: " + flag + "\n");
    assertThat(live.ctl("apply", "-f", live.file(file).toString()).exitCode()).isZero();
  }

  private void toRamp() {
    for (String stage : List.of("DUAL_WRITE", "SHADOW", "RAMP")) {
      assertThat(live.ctl("stage", stage).exitCode()).isZero();
    }
  }

  /** What people are shown, once all of it is there. */
  private void shows(String... texts) {
    await().atMost(SOON).untilAsserted(() -> assertThat(live.ctl("show").out()).contains(texts));
  }

  /** Who is answered by new, on both sidecars, is exactly who the flag is on for. */
  private void everybodyIsWhereUnleashSays(int percent) {
    // Unleash itself says what was before for up to a second.
    shows("reads on new  " + percent + "% asked");
    await()
        .atMost(SOON)
        .untilAsserted(
            () ->
                assertThat(site.onNew(first))
                    .isEqualTo(FlaggedSite.enabledByUnleash(unleash, FLAG))
                    .isEqualTo(site.onNew(second)));
  }

  private void everybodyIsOnOld() {
    await().atMost(SOON).untilAsserted(() -> assertThat(site.onNew(first)).isEmpty());
    await().atMost(SOON).untilAsserted(() -> assertThat(site.onNew(second)).isEmpty());
  }

  @Test
  void aMigrationFollowsTheRolloutOfItsFlag() throws Exception {
    apply("{unleash: reads, environment: development, kill: reads-kill}");
    toRamp();
    everybodyIsOnOld();
    for (int percent : new int[] {25, 60, 100}) {
      admin().rollout(FLAG, Integer.toString(percent), "userId", GROUP);
      shows("flag          follows 'reads' of Unleash", "flag says     " + percent + "% since");
      everybodyIsWhereUnleashSays(percent);
    }
    assertThat(live.ctl("show").out())
        .contains(
            "strategy flexibleRollout of flag 'reads': 100%, environment development",
            "sticky by user", " unleash ");
    admin().rollout(FLAG, "60", "userId", GROUP);
    everybodyIsWhereUnleashSays(60);
    theKillSwitchTakesAllReadsBack();
    aFlagThatIsOffTakesAllReadsBack();
    whatIsNoOnePercentageLeavesTheShare();
    peopleTakeTheShareOverAndGiveItBack();
    unleashAwayLeavesTheShareAndSaysSo();
  }

  private void theKillSwitchTakesAllReadsBack() {
    admin().on(KILL);
    everybodyIsOnOld();
    shows("flag says     0% since", "kill switch 'reads-kill' is on", "stage         RAMP");
    admin().off(KILL);
    everybodyIsWhereUnleashSays(60);
  }

  private void aFlagThatIsOffTakesAllReadsBack() {
    admin().off(FLAG);
    everybodyIsOnOld();
    shows("flag 'reads' is off");
    admin().on(FLAG);
    everybodyIsWhereUnleashSays(60);
  }

  private void whatIsNoOnePercentageLeavesTheShare() {
    admin()
        .addStrategy(
            FLAG,
            """
            {"name": "flexibleRollout",
             "parameters": {"rollout": "5", "stickiness": "userId", "groupId": "reads"}}
            """);
    shows(
        "flag says     60% since",
        "flag problem  2 strategies of flag 'reads' apply at once, which is no one percentage",
        "reads on new  60% asked");
    admin().keepOneStrategy(FLAG);
    await()
        .atMost(SOON)
        .untilAsserted(() -> assertThat(live.ctl("show").out()).doesNotContain("flag problem"));
    everybodyIsWhereUnleashSays(60);
  }

  private void peopleTakeTheShareOverAndGiveItBack() {
    Outcome refused = live.ctl("reads", "10%");
    assertThat(refused.exitCode()).isNotZero();
    assertThat(refused.err()).contains("follows the flag 'reads' of Unleash", "--override");
    assertThat(live.ctl("reads", "0%", "--override").exitCode()).isZero();
    everybodyIsOnOld();
    shows("flag          'reads' of Unleash is overridden by ada since");
    admin().rollout(FLAG, "100", "userId", GROUP);
    shows("flag says     100% since", "reads on new  0% asked");
    assertThat(live.ctl("flag", "follow").out()).contains("follows the flag 'reads' of Unleash");
    everybodyIsWhereUnleashSays(100);
    assertThat(live.ctl("rollback", "--to", "SHADOW").exitCode()).isZero();
    everybodyIsOnOld();
    assertThat(live.ctl("stage", "RAMP").exitCode()).isZero();
    shows("overridden by ada", "reads on new  0% asked");
    assertThat(live.ctl("flag", "follow").exitCode()).isZero();
    admin().rollout(FLAG, "60", "userId", GROUP);
    everybodyIsWhereUnleashSays(60);
  }

  private void unleashAwayLeavesTheShareAndSaysSo() throws Exception {
    List<String> before = site.onNew(first);
    unleash.stop();
    shows("flag is stale Unleash last answered", "Unleash cannot be reached");
    live.stop();
    live.startAgain();
    shows("flag is stale", "flag says     60% since", "reads on new  60% asked");
    assertThat(site.onNew(first)).isEqualTo(before);
    unleash.startAgain();
    await()
        .atMost(SOON)
        .untilAsserted(
            () -> assertThat(live.ctl("show").out()).doesNotContain("stale", "flag problem"));
    admin().rollout(FLAG, "25", "userId", GROUP);
    everybodyIsWhereUnleashSays(25);
  }

  @Test
  void aMigrationFollowsTheVariantOfItsFlagAndRollsBackWhenItIsKilled() throws Exception {
    apply("{unleash: reads, percentage: variant, kill: {flag: reads-kill, to: SHADOW}}");
    toRamp();
    shows("flag problem  flag 'reads' is on for 0% of callers only");
    admin().strategy(FLAG, variant("json", "{\\\"percentage\\\": 37.5}"));
    shows("reads on new  37.5% asked", "variant 'share' of flag 'reads': 37.5%");
    admin().strategy(FLAG, variant("number", "100"));
    shows("reads on new  100% asked, 100% in force, sticky by user");
    await().atMost(SOON).untilAsserted(() -> assertThat(site.onNew(first)).hasSize(20));
    admin().on(KILL);
    everybodyIsOnOld();
    shows("stage         SHADOW", "overridden by unleash", "kill switch 'reads-kill' is on");
  }

  private static String variant(String type, String value) {
    return """
    {"name": "flexibleRollout",
     "parameters": {"rollout": "100", "stickiness": "userId", "groupId": "%s"},
     "variants": [{"name": "share", "weight": 1000, "weightType": "variable",
       "stickiness": "default", "payload": {"type": "%s", "value": "%s"}}]}
    """
        .formatted(GROUP, type, value);
  }

  /** From when Unleash tells its clients; half of the changes, for the machine may be busy. */
  @Test
  void aChangeIsInForceInSidecarsWithinThePollIntervalAndASecond() throws Exception {
    apply("{unleash: reads}");
    SortedSet<Duration> delays = new TreeSet<>();
    try (FlagSidecar sidecar = FlagSidecar.start(live.port());
        HttpClient http = HttpClient.newHttpClient()) {
      for (int percent = 1; percent <= CHANGES; percent++) {
        admin().rollout(FLAG, Integer.toString(percent), "userId", GROUP);
        String told = "\"rollout\":\"" + percent + "\"";
        await().atMost(SOON).until(() -> FlaggedSite.features(http, unleash).contains(told));
        long start = System.nanoTime();
        sidecar.awaitShare(percent, SOON);
        delays.add(Duration.ofNanos(System.nanoTime() - start));
      }
    }
    assertThat(delays.stream().skip(CHANGES / 2).findFirst().orElseThrow())
        .as("of all: " + delays)
        .isLessThan(POLL.plusSeconds(1));
  }

  @Test
  void aMigrationOfAnotherEnvironmentIsLeftAlone() throws Exception {
    admin().rollout(FLAG, "100", "userId", GROUP);
    apply("{unleash: reads, environment: production}");
    shows(
        "flag says     nothing that could be used yet",
        "flag problem  this control plane follows environment development, and the migration's file"
            + " wants production",
        "reads on new  0% asked");
  }
}
