package dev.crossfade.charts;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The values that there are, that are documented, and that the schema knows are the same. */
class DocumentedValuesTest {
  private static final Pattern NAME = Pattern.compile("`([a-zA-Z]+(?:\\.[a-zA-Z]+)*)`");

  /** Whose members are the user's own. */
  private static final Set<String> OPEN =
      Set.of(
          "inject.namespaceSelector", "resources", "database.trial.resources", "dashboards.labels");

  private static Set<String> values() throws IOException {
    Set<String> names = new TreeSet<>();
    collect(
        "",
        Manifest.all(Files.readString(Chart.CROSSFADE.folder().resolve("values.yaml")))
            .getFirst()
            .content(),
        names);
    return names;
  }

  private static void collect(String path, JsonNode node, Set<String> names) {
    if (!node.isObject() || node.isEmpty() || OPEN.contains(path)) {
      names.add(path);
      return;
    }
    for (Map.Entry<String, JsonNode> child : node.properties()) {
      collect(
          path.isEmpty() ? child.getKey() : path + '.' + child.getKey(), child.getValue(), names);
    }
  }

  @Test
  void everyValueIsDocumentedAndEveryDocumentedValueIsThere() throws IOException {
    String text = Files.readString(Path.of("../docs/kubernetes.md"));
    Set<String> documented =
        text.substring(text.indexOf("\n## Values\n"))
            .lines()
            .filter(line -> line.startsWith("| `"))
            .flatMap(line -> NAME.matcher(line.split("\\|", -1)[1]).results())
            .map(found -> found.group(1))
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(documented).isEqualTo(values());
  }

  @Test
  void theSchemaKnowsEveryValueAndNothingElse() throws IOException {
    JsonNode schema =
        Manifest.MAPPER.readTree(
            Files.readString(Chart.CROSSFADE.folder().resolve("values.schema.json")));
    for (String name : values()) {
      JsonNode at = schema;
      for (String step : name.split("\\.")) {
        assertThat(at.path("additionalProperties").asBoolean(true)).as(name).isFalse();
        at = at.path("properties").path(step);
        assertThat(at.isObject()).as(name).isTrue();
      }
    }
  }
}
