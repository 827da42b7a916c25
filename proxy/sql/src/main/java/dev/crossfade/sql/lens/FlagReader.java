package dev.crossfade.sql.lens;

import dev.crossfade.core.migration.Stage;
import dev.crossfade.sql.lens.FollowedFlag.Kill;
import dev.crossfade.sql.lens.FollowedFlag.Percentage;
import dev.crossfade.sql.yaml.YamlNode;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads {@code spec.flag} of a migration file. */
final class FlagReader {
  /** What Unleash allows. */
  static final Pattern FLAG_NAME = Pattern.compile("[A-Za-z0-9._~-]{1,100}");

  static final int CONTEXT_MAX = 32;
  static final int VALUE_MAX_CHARS = 1_000;

  /** A rollback to RAMP would be none of reads. */
  static final Set<String> STAGES = Set.of("OFF", "DUAL_WRITE", "SHADOW");

  private FlagReader() {}

  /** Null where there is none. */
  static @Nullable FollowedFlag read(YamlNode spec) {
    YamlNode flag = spec.child("flag");
    if (!flag.isPresent()) {
      return null;
    }
    if (spec.child("rollout").isPresent()) {
      flag.report(
          "flag and rollout both decide the share of reads; keep one of them: the flag of Unleash"
              + " or the steps of the rollout");
    }
    flag.allowKeys(Level.FLAG.keys());
    return new FollowedFlag(
        name(flag, "unleash"),
        environment(flag),
        context(flag.child("context")),
        Percentage.valueOf(
            flag.oneOf("percentage", Set.of("rollout", "variant"), "rollout")
                .toUpperCase(Locale.ROOT)),
        kill(flag.child("kill")));
  }

  private static String name(YamlNode parent, String key) {
    String name = parent.requiredString(key);
    check(parent.child(key), name);
    return name;
  }

  private static void check(YamlNode node, String name) {
    if (!name.isBlank() && !FLAG_NAME.matcher(name).matches()) {
      node.report(
          "\"" + name + "\" is no name of a flag; up to 100 of A-Z, a-z, 0-9, '.', '_', '~', '-'");
    }
  }

  private static @Nullable String environment(YamlNode flag) {
    Optional<String> environment = flag.optionalString("environment");
    if (environment.isPresent() && !FLAG_NAME.matcher(environment.get()).matches()) {
      flag.child("environment")
          .report(
              "\""
                  + environment.get()
                  + "\" is no name of an environment; up to 100 of A-Z, a-z, 0-9, '.', '_', '~',"
                  + " '-'");
    }
    return environment.orElse(null);
  }

  private static Map<String, String> context(YamlNode node) {
    Map<String, String> context = new LinkedHashMap<>();
    Map<String, YamlNode> fields = node.children();
    if (fields.size() > CONTEXT_MAX) {
      node.report(fields.size() + " fields; at most " + CONTEXT_MAX);
    }
    fields.forEach(
        (field, value) -> {
          String text = value.text().orElse("");
          if (!value.isPresent() || text.length() > VALUE_MAX_CHARS) {
            value.report("not usable; a text of up to " + VALUE_MAX_CHARS + " characters is");
          }
          context.put(field, text);
        });
    return context;
  }

  private static @Nullable Kill kill(YamlNode node) {
    if (!node.isPresent()) {
      return null;
    }
    if (!node.isMapping()) {
      String name = node.text().orElse("");
      if (name.isBlank()) {
        node.report("empty; the name of a flag is required here");
      }
      check(node, name);
      return new Kill(name, null);
    }
    node.allowKeys(Level.KILL.keys());
    String to = node.oneOf("to", STAGES, "");
    return new Kill(name(node, "flag"), to.isEmpty() ? null : Stage.valueOf(to));
  }
}
