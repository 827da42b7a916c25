package dev.crossfade.engine.rollout;

import dev.crossfade.engine.rollout.Guard.Remedy;
import dev.crossfade.sql.lens.RolloutKeys;
import dev.crossfade.sql.yaml.YamlNode;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/** Reads the guards of a rollout or of one of its steps. */
final class GuardReader {
  private static final Duration LONGEST = Duration.ofDays(31);
  private static final int COUNT_MAX = 1_000_000_000;
  private static final double RATIO_MAX = 1_000;

  private GuardReader() {}

  static List<Guard> read(YamlNode node) {
    List<Guard> guards = new ArrayList<>();
    node.allowKeys(List.copyOf(RolloutKeys.GUARDS.keySet()));
    for (Map.Entry<String, YamlNode> entry : node.children().entrySet()) {
      List<String> keys = RolloutKeys.GUARDS.get(entry.getKey());
      if (keys != null && entry.getValue().isPresent()) {
        read(entry.getKey(), entry.getValue().allowKeys(keys), guards);
      }
    }
    return guards;
  }

  private static void read(String name, YamlNode node, List<Guard> guards) {
    switch (name) {
      case "errors" ->
          guards.add(
              guard(
                  name,
                  node,
                  new Measure.Errors(
                      share(node, "max"), node.oneOf("over", Set.of("old"), "").equals("old")),
                  Remedy.ROLLBACK));
      case "latency" -> latency(node, guards);
      case "mismatches" ->
          guards.add(
              guard(name, node, new Measure.Mismatches(share(node, "max")), Remedy.ROLLBACK));
      case "drift" ->
          guards.add(guard(name, node, new Measure.Drift(count(node)), Remedy.ROLLBACK));
      case "lag" -> {
        node.requiredChild("max");
        guards.add(
            guard(
                name,
                node,
                new Measure.Lag(
                    node.duration("max", Duration.ofMillis(10), LONGEST, Duration.ofSeconds(5)),
                    lasting(node, Duration.ofSeconds(30))),
                Remedy.PAUSE));
      }
      case "deadLetters" ->
          guards.add(
              guard(
                  name,
                  node,
                  new Measure.DeadLetters(count(node), lasting(node, Duration.ZERO)),
                  Remedy.PAUSE));
      case "coverage" ->
          guards.add(guard(name, node, new Measure.Coverage(percentage(node, "min")), Remedy.WAIT));
      case "verified" -> {
        node.requiredChild("within");
        guards.add(
            guard(
                name,
                node,
                new Measure.Verified(
                    node.duration("within", Duration.ofSeconds(1), LONGEST, Duration.ofHours(24))),
                Remedy.WAIT));
      }
      case "silent" ->
          guards.add(
              guard(
                  name,
                  node,
                  new Measure.Silent(count(node), lasting(node, Duration.ofSeconds(30))),
                  Remedy.PAUSE));
      case "benchmark" -> benchmark(node, guards);
      default -> throw new IllegalStateException(name);
    }
  }

  private static void latency(YamlNode node, List<Guard> guards) {
    if (!node.child("p50").isPresent() && !node.child("p99").isPresent()) {
      node.report("says nothing; give p50 or p99: how many times as long as old new may take");
    }
    for (Map.Entry<String, Double> share : Map.of("p50", 0.5, "p99", 0.99).entrySet()) {
      OptionalDouble ratio = number(node, share.getKey());
      if (ratio.isPresent()) {
        if (ratio.getAsDouble() < 0.1 || ratio.getAsDouble() > RATIO_MAX) {
          node.child(share.getKey()).report("not usable; a number from 0.1 to 1000 is");
        }
        guards.add(
            guard(
                "latency." + share.getKey(),
                node,
                new Measure.Latency(share.getValue(), ratio.getAsDouble()),
                Remedy.ROLLBACK));
      }
    }
  }

  private static void benchmark(YamlNode node, List<Guard> guards) {
    Duration within = node.duration("within", Duration.ofSeconds(1), LONGEST, Duration.ofDays(7));
    if (node.child("verdict").isPresent()) {
      node.oneOf("verdict", Set.of("go"), "go");
      for (String other : List.of("name", "min", "max")) {
        if (node.child(other).isPresent()) {
          node.child(other).report("is for a result with a name, not for a verdict");
        }
      }
      guards.add(guard("benchmark", node, new Measure.Verdict(within), Remedy.PAUSE));
      return;
    }
    OptionalDouble min = number(node, "min");
    OptionalDouble max = number(node, "max");
    if (min.isEmpty() && max.isEmpty()) {
      node.report("takes any value; give min or max");
    }
    guards.add(
        guard(
            "benchmark",
            node,
            new Measure.Benchmark(node.requiredString("name"), min, max, within),
            Remedy.PAUSE));
  }

  private static Guard guard(String name, YamlNode node, Measure measure, Remedy usual) {
    return new Guard(name, measure, PlanReader.remedy(node, usual), node.bool("dryRun", false));
  }

  private static Duration lasting(YamlNode node, Duration usual) {
    return node.duration("for", Duration.ZERO, LONGEST, usual);
  }

  private static long count(YamlNode node) {
    return node.integer("max", 0, COUNT_MAX, 0);
  }

  /** A bound that evidence can be collected against: none is no bound, and neither is all. */
  private static double share(YamlNode node, String key) {
    double share = percentage(node, key);
    if (node.child(key).isPresent() && (share < 0.00001 || share > 0.5)) {
      node.child(key)
          .report(
              "not usable; a share from 0.001% to 50% is: what must never happen cannot be shown"
                  + " by samples");
    }
    return share;
  }

  private static double percentage(YamlNode node, String key) {
    node.requiredChild(key);
    Optional<String> text = node.child(key).text();
    if (text.isEmpty()) {
      return 0;
    }
    String number = text.get().strip();
    if (number.endsWith("%")) {
      number = number.substring(0, number.length() - 1).strip();
    }
    try {
      double value = new BigDecimal(number).movePointLeft(2).doubleValue();
      if (value >= 0 && value <= 1) {
        return value;
      }
    } catch (NumberFormatException e) {
      // Told below, like a number out of range.
    }
    node.child(key).report("\"" + text.get() + "\" is no percentage; one such as 0.5% is");
    return 0;
  }

  private static OptionalDouble number(YamlNode node, String key) {
    Optional<String> text = node.child(key).text();
    if (text.isEmpty()) {
      return OptionalDouble.empty();
    }
    try {
      return OptionalDouble.of(new BigDecimal(text.get().strip()).doubleValue());
    } catch (NumberFormatException e) {
      node.child(key).report("\"" + text.get() + "\" is no number");
      return OptionalDouble.empty();
    }
  }
}
