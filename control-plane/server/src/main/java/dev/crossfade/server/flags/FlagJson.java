package dev.crossfade.server.flags;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import dev.crossfade.core.migration.ReadShare;
import dev.crossfade.core.migration.Stickiness;
import dev.crossfade.engine.flag.FlagDefinition;
import dev.crossfade.engine.flag.FlagDefinition.Condition;
import dev.crossfade.engine.flag.FlagDefinition.NoShare;
import dev.crossfade.engine.flag.FlagDefinition.Payload;
import dev.crossfade.engine.flag.FlagDefinition.Share;
import dev.crossfade.engine.flag.FlagDefinition.Strategy;
import dev.crossfade.engine.flag.FlagDefinition.Variant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads what Unleash tells its clients ({@code GET /api/client/features}, version 2). */
final class FlagJson {
  private static final int FLAGS_MAX = 20_000;

  private final Map<String, JsonArray> segments = new HashMap<>();

  private FlagJson() {}

  /**
   * All flags by their names.
   *
   * @throws IllegalArgumentException when it is something else; the message says what
   */
  static Map<String, FlagDefinition> read(String json) {
    try {
      return new FlagJson().flags(JsonParser.parseString(json).getAsJsonObject());
    } catch (JsonParseException
        | IllegalStateException
        | UnsupportedOperationException
        | NumberFormatException e) {
      throw new IllegalArgumentException(
          "Unleash's answer is not what clients are told: " + e.getMessage(), e);
    }
  }

  private Map<String, FlagDefinition> flags(JsonObject root) {
    if (!root.has("features")) {
      throw new IllegalStateException("it has no features");
    }
    for (JsonElement segment : list(root, "segments")) {
      JsonObject object = segment.getAsJsonObject();
      segments.put(of(object, "id").getAsString(), list(object, "constraints"));
    }
    JsonArray features = list(root, "features");
    if (features.size() > FLAGS_MAX) {
      throw new IllegalStateException(
          "it has " + features.size() + " flags, more than " + FLAGS_MAX);
    }
    Map<String, FlagDefinition> flags = new HashMap<>();
    for (JsonElement feature : features) {
      FlagDefinition flag = flag(feature.getAsJsonObject());
      flags.put(flag.name(), flag);
    }
    return flags;
  }

  private FlagDefinition flag(JsonObject feature) {
    List<Strategy> strategies = new ArrayList<>();
    for (JsonElement strategy : list(feature, "strategies")) {
      strategies.add(strategy(strategy.getAsJsonObject()));
    }
    return new FlagDefinition(
        of(feature, "name").getAsString(),
        of(feature, "enabled").getAsBoolean(),
        strategies,
        variants(feature));
  }

  private Strategy strategy(JsonObject strategy) {
    Map<String, String> parameters = new HashMap<>();
    if (strategy.has("parameters") && strategy.get("parameters").isJsonObject()) {
      strategy
          .getAsJsonObject("parameters")
          .asMap()
          .forEach(
              (name, value) -> {
                if (value.isJsonPrimitive()) {
                  parameters.put(name, value.getAsString());
                }
              });
    }
    return new Strategy(
        of(strategy, "name").getAsString(), parameters, condition(strategy), variants(strategy));
  }

  /** A segment is no more than constraints that others share. */
  private Condition condition(JsonObject strategy) {
    JsonArray all = new JsonArray();
    Set<String> fields = new HashSet<>();
    all.addAll(list(strategy, "constraints"));
    for (JsonElement id : list(strategy, "segments")) {
      JsonArray constraints = segments.get(id.getAsString());
      if (constraints == null) {
        fields.add("segment " + id.getAsString() + " (which Unleash does not tell)");
      } else {
        all.addAll(constraints);
      }
    }
    for (JsonElement constraint : all) {
      fields.add(of(constraint.getAsJsonObject(), "contextName").getAsString());
    }
    return fields.isEmpty() ? Condition.NONE : new Condition(fields, all.toString());
  }

  private static List<Variant> variants(JsonObject owner) {
    List<Variant> variants = new ArrayList<>();
    for (JsonElement element : list(owner, "variants")) {
      JsonObject variant = element.getAsJsonObject();
      variants.add(
          new Variant(
              of(variant, "name").getAsString(),
              of(variant, "weight").getAsInt(),
              !list(variant, "overrides").isEmpty(),
              payload(variant)));
    }
    return variants;
  }

  private static JsonElement of(JsonObject owner, String key) {
    JsonElement element = owner.get(key);
    if (element == null) {
      throw new IllegalStateException("something has no " + key);
    }
    return element;
  }

  private static JsonArray list(JsonObject owner, String key) {
    JsonElement element = owner.get(key);
    return element == null || element.isJsonNull() ? new JsonArray() : element.getAsJsonArray();
  }

  private static Payload payload(JsonObject variant) {
    if (!variant.has("payload") || !variant.get("payload").isJsonObject()) {
      return new NoShare("carries no payload; a number, or {\"percentage\": 12.5}, is expected");
    }
    JsonObject payload = variant.getAsJsonObject("payload");
    String value = of(payload, "value").getAsString();
    try {
      return switch (of(payload, "type").getAsString()) {
        case "number", "string" -> new Share(ReadShare.parse(value), null);
        case "json" -> share(JsonParser.parseString(value).getAsJsonObject());
        default -> new NoShare("carries neither a number nor JSON");
      };
    } catch (IllegalArgumentException | IllegalStateException | JsonParseException e) {
      return new NoShare("carries no percentage: " + e.getMessage());
    }
  }

  private static Share share(JsonObject json) {
    for (String key : json.keySet()) {
      if (!key.equals("percentage") && !key.equals("stickiness")) {
        throw new IllegalArgumentException(
            "'" + key + "' is not known there; percentage and stickiness are");
      }
    }
    JsonElement percentage = json.get("percentage");
    if (percentage == null || !percentage.isJsonPrimitive()) {
      throw new IllegalArgumentException("it has no number 'percentage'");
    }
    JsonElement sticky = json.get("stickiness");
    return new Share(
        ReadShare.parse(percentage.getAsString()),
        sticky == null ? null : stickiness(sticky.getAsString()));
  }

  private static @Nullable Stickiness stickiness(String text) {
    for (Stickiness stickiness : Stickiness.values()) {
      if (stickiness.name().toLowerCase(Locale.ROOT).equals(text)) {
        return stickiness;
      }
    }
    throw new IllegalArgumentException(
        "'" + text + "' is no stickiness; session, entity, user and random are");
  }
}
