package dev.crossfade.server.flags;

import dev.crossfade.engine.flag.FlagDefinition.Condition;
import dev.crossfade.engine.flag.FlagEvaluation.ConditionCheck;
import io.getunleash.engine.Context;
import io.getunleash.engine.UnleashEngine;
import io.getunleash.engine.YggdrasilInvalidInputException;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Evaluates constraints by the engine of Unleash's own clients, so that they mean the same here. It
 * is native code, loaded when the first constraint is seen. Of one thread.
 */
final class EngineCheck implements ConditionCheck {
  private static final String FLAG = "condition";

  private final InstantSource clock;
  private @Nullable UnleashEngine engine;

  EngineCheck(InstantSource clock) {
    this.clock = clock;
  }

  @Override
  public boolean holds(Condition condition, Map<String, String> context) {
    if (condition.text().isEmpty()) {
      return true;
    }
    UnleashEngine evaluating = engine == null ? new UnleashEngine() : engine;
    engine = evaluating;
    try {
      // A flag that is on for everybody under the condition is on for whom the condition holds.
      evaluating.takeState(
          """
          {"version": 2, "features": [{"name": "%s", "enabled": true, "strategies":
            [{"name": "default", "parameters": {}, "constraints": %s}]}]}
          """
              .formatted(FLAG, condition.text()));
      return Boolean.TRUE.equals(evaluating.isEnabled(FLAG, context(context)).value);
    } catch (YggdrasilInvalidInputException e) {
      throw new IllegalArgumentException(
          "Unleash's engine cannot evaluate a constraint: " + e.getMessage(), e);
    }
  }

  private Context context(Map<String, String> fields) {
    Map<String, String> properties = new HashMap<>(fields);
    Context context = new Context();
    context.setUserId(properties.remove("userId"));
    context.setSessionId(properties.remove("sessionId"));
    context.setRemoteAddress(properties.remove("remoteAddress"));
    context.setEnvironment(properties.remove("environment"));
    context.setAppName(properties.remove("appName"));
    String now = properties.remove("currentTime");
    context.setCurrentTime(now == null ? clock.instant().toString() : now);
    context.setProperties(properties);
    return context;
  }
}
