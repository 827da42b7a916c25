package dev.crossfade.sql.lens;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The fixed keys of a migration file's {@code spec.rollout}. What they mean is the control plane's
 * affair; that a file has no others, and that its schema knows them, is said here.
 */
public final class RolloutKeys {
  public static final List<String> ROLLOUT = List.of("rollback", "guards", "steps", "webhooks");
  public static final List<String> STEP =
      List.of("name", "stage", "reads", "hold", "confirm", "job", "guards");
  public static final List<String> WEBHOOK = List.of("name", "kind", "url", "token", "timeout");

  /** Of each guard by its name. */
  public static final Map<String, List<String>> GUARDS = guards();

  private RolloutKeys() {}

  private static Map<String, List<String>> guards() {
    Map<String, List<String>> guards = new LinkedHashMap<>();
    guards.put("errors", List.of("max", "over", "then", "dryRun"));
    guards.put("latency", List.of("p50", "p99", "then", "dryRun"));
    guards.put("mismatches", List.of("max", "then", "dryRun"));
    guards.put("drift", List.of("max", "then", "dryRun"));
    guards.put("lag", List.of("max", "for", "then", "dryRun"));
    guards.put("deadLetters", List.of("max", "for", "then", "dryRun"));
    guards.put("coverage", List.of("min", "then", "dryRun"));
    guards.put("verified", List.of("within", "then", "dryRun"));
    guards.put("silent", List.of("max", "for", "then", "dryRun"));
    guards.put("benchmark", List.of("name", "min", "max", "verdict", "within", "then", "dryRun"));
    return guards;
  }

  /** All of them by path, as {@link Level} has them. */
  static Map<String, List<String>> byPath() {
    Map<String, List<String>> all = new LinkedHashMap<>();
    all.put("spec.rollout", ROLLOUT);
    all.put("spec.rollout.steps.*", STEP);
    all.put("spec.rollout.webhooks.*", WEBHOOK);
    for (String path : List.of("spec.rollout.guards", "spec.rollout.steps.*.guards")) {
      all.put(path, List.copyOf(GUARDS.keySet()));
      GUARDS.forEach((guard, keys) -> all.put(path + '.' + guard, keys));
    }
    return all;
  }
}
