package dev.crossfade.charts;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * One object of a rendered chart.
 *
 * @param content all of it
 */
record Manifest(JsonNode content) {
  static final JsonMapper MAPPER =
      JsonMapper.builder()
          .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .build();

  /** Every document that is not empty. */
  static List<Manifest> all(String yaml) {
    List<Manifest> manifests = new ArrayList<>();
    for (Object document : new Load(LoadSettings.builder().build()).loadAllFromString(yaml)) {
      if (document instanceof Map<?, ?>) {
        manifests.add(new Manifest(MAPPER.valueToTree(document)));
      }
    }
    return manifests;
  }

  String kind() {
    return content.path("kind").asText();
  }

  String apiVersion() {
    return content.path("apiVersion").asText();
  }

  String name() {
    return content.path("metadata").path("name").asText();
  }

  /** For people. */
  String label() {
    return kind() + " " + name();
  }
}
