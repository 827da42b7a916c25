package dev.crossfade.server.flags;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.core.migration.Consistency;
import dev.crossfade.core.migration.MigrationFlags;
import dev.crossfade.core.migration.Stage;
import dev.crossfade.core.migration.Stickiness;
import dev.crossfade.core.route.ReadRequest.Caller;
import dev.crossfade.core.route.Router;
import dev.crossfade.engine.flag.FlagEvaluation;
import dev.crossfade.engine.flag.FlagReading.Asked;
import dev.crossfade.sql.lens.FollowedFlag;
import io.getunleash.engine.Context;
import io.getunleash.engine.UnleashEngine;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who is in by Unleash is who is in by us. */
final class FlagBucketsTest {
  private static final int KEYS = 10_000;

  @ParameterizedTest
  @CsvSource({
    "0, userId, orders", "1, userId, orders", "5, userId, ''", "25, userId, an other group",
    "33, sessionId, Grüße", "50, userId, a:b", "67, sessionId, orders", "99, userId, orders",
    "100, sessionId, ''"
  })
  void whoIsInByUnleashIsInByUs(int percent, String stickiness, String group) throws Exception {
    String parameters =
        "\"rollout\": \"%d\", \"stickiness\": \"%s\"".formatted(percent, stickiness)
            + (group.isEmpty() ? "" : ", \"groupId\": \"" + group + "\"");
    String json =
        """
        {"version": 2, "features": [{"name": "reads", "enabled": true, "strategies": [
          {"name": "flexibleRollout", "constraints": [], "parameters": {%s}}]}]}
        """
            .formatted(parameters);
    UnleashEngine unleash = new UnleashEngine();
    unleash.takeState(json);
    MigrationFlags flags = flags(json);
    int in = 0;
    for (int key = 0; key < KEYS; key++) {
      String name = key % 3 == 0 ? "Zoë-" + key : "caller-" + key;
      boolean byUs =
          flags.effectiveReads().includes(Router.bucket(flags, new Caller(name, name, null, 0)));
      assertThat(byUs)
          .as("%s at %d %%", name, percent)
          .isEqualTo(unleash.isEnabled("reads", context(stickiness, name)).value);
      in += byUs ? 1 : 0;
    }
    // Six standard deviations.
    double deviation = 6 * Math.sqrt(KEYS * percent / 100.0 * (1 - percent / 100.0));
    assertThat((double) in)
        .isBetween(KEYS * percent / 100.0 - deviation, KEYS * percent / 100.0 + deviation);
  }

  private static Context context(String stickiness, String key) {
    Context context = new Context();
    if (stickiness.equals("userId")) {
      context.setUserId(key);
    } else {
      context.setSessionId(key);
    }
    context.setProperties(new HashMap<>());
    return context;
  }

  /** As the control plane would tell sidecars. */
  private static MigrationFlags flags(String json) {
    Asked asked =
        (Asked)
            new FlagEvaluation(
                    FlagJson.read(json), Map.of(), new EngineCheck(InstantSource.system()))
                .read(
                    new FollowedFlag(
                        "reads", null, Map.of(), FollowedFlag.Percentage.ROLLOUT, null));
    assertThat(asked.stickiness()).isIn(Stickiness.USER, Stickiness.SESSION);
    return new MigrationFlags(
        "orders",
        Stage.RAMP,
        asked.reads(),
        asked.stickiness(),
        Consistency.USUAL,
        asked.bucketGroup());
  }
}
