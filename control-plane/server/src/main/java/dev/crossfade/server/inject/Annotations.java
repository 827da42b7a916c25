package dev.crossfade.server.inject;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.util.LinkedHashMap;
import java.util.Map;

/** The annotations of a pod that are meant for Crossfade. */
final class Annotations {
  static final String PREFIX = "crossfade.dev/";

  /** Whether a sidecar is wanted. */
  static final String INJECT = "inject";

  /** Whether another sidecar is to stand by. */
  static final String STANDBY = "standby";

  /** What was added; written, not read. */
  static final String INJECTED = "injected";

  private Annotations() {}

  /** Whether a name has a meaning that no parameter can have. */
  static boolean isOwn(String name) {
    return name.equals(INJECT) || name.equals(STANDBY) || name.equals(INJECTED);
  }

  /** Their values, by what is behind the prefix. */
  static Map<String, String> of(JsonObject pod) {
    Map<String, String> values = new LinkedHashMap<>();
    if (pod.get("metadata") instanceof JsonObject metadata
        && metadata.get("annotations") instanceof JsonObject annotations) {
      for (Map.Entry<String, JsonElement> annotation : annotations.entrySet()) {
        if (annotation.getKey().startsWith(PREFIX)
            && annotation.getValue() instanceof JsonPrimitive value) {
          values.put(annotation.getKey().substring(PREFIX.length()), value.getAsString());
        }
      }
    }
    return values;
  }
}
