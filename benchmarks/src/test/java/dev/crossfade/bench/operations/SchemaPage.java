package dev.crossfade.bench.operations;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The keys of a JSON schema as a page: a row for each that has a description. A definition that is
 * used again is told once.
 */
final class SchemaPage {
  private static final String HEAD =
      """
      # The keys of a migration file

      Made from the JSON schema that `ctl lens schema` prints; do not edit it by hand. [migration-file.md](migration-file.md) explains them.
      `*` stands for a name of yours, `[]` for each element of a list. **Bold** keys are required where the map that they are in is there.

      | key | value | default | what it says |
      | --- | --- | --- | --- |
      """;

  /** Small definitions, which need no place of their own. */
  private static final int SMALL = 1;

  private final Yaml schema;
  private final Map<String, String> told = new HashMap<>();
  private final List<String> rows = new ArrayList<>();

  private SchemaPage(Yaml schema) {
    this.schema = schema;
  }

  static String of(String schema) {
    SchemaPage page = new SchemaPage(Yaml.parse(schema));
    page.inner(page.schema, "");
    return HEAD + String.join("\n", page.rows) + "\n";
  }

  private void inner(Yaml node, String path) {
    Set<String> required =
        node.find("required").stream()
            .flatMap(list -> ((List<?>) list.value()).stream())
            .map(String::valueOf)
            .collect(Collectors.toSet());
    node.find("properties")
        .ifPresent(
            properties ->
                ((Map<?, ?>) properties.value())
                    .forEach(
                        (key, value) ->
                            key(
                                new Yaml(value),
                                path.isEmpty() ? "" + key : path + "." + key,
                                required.contains("" + key))));
    deeper(node, "additionalProperties", path + ".*");
    deeper(node, "items", path + "[]");
    for (Yaml alternative : node.all("anyOf")) {
      if (alternative.find("description").isPresent()) {
        inner(alternative, path);
      }
    }
  }

  private void deeper(Yaml node, String key, String path) {
    node.find(key)
        .filter(next -> next.value() instanceof Map<?, ?>)
        .ifPresent(next -> key(next, path, false));
  }

  private void key(Yaml node, String path, boolean required) {
    Optional<String> name =
        node.find("$ref").map(ref -> ref.value().toString().replaceFirst(".*/", ""));
    Yaml definition = name.map(key -> schema.at("$defs").at(key)).orElse(node);
    String before = name.map(key -> told.getOrDefault(key, "")).orElse("");
    Optional<String> description =
        node.find("description")
            .or(() -> definition.find("description"))
            .map(Yaml::value)
            .map(String::valueOf);
    if (description.isPresent()) {
      rows.add(
          "| %s | %s | %s | %s%s |"
              .formatted(
                  required ? "**`" + path + "`**" : "`" + path + "`",
                  value(definition),
                  cell(node.find("default").or(() -> definition.find("default"))),
                  description.get().replace("|", "\\|"),
                  before.isEmpty() ? "" : " Keys as under `" + before + "`."));
    }
    if (!before.isEmpty()) {
      return;
    }
    int length = rows.size();
    inner(definition, path);
    if (rows.size() - length > SMALL) {
      name.ifPresent(key -> told.put(key, path));
    }
  }

  private static String cell(Optional<Yaml> value) {
    return value.map(found -> "`" + found.value() + "`").orElse("");
  }

  /** What may stand there, without the null that stands for leaving it out. */
  private static String value(Yaml node) {
    if (node.find("const").isPresent()) {
      return cell(node.find("const"));
    }
    if (node.find("enum").isPresent()) {
      return ((List<?>) node.at("enum").value())
          .stream()
              .filter(
                  each ->
                      each != null && !(each instanceof String text && text.matches("true|false")))
              .map(each -> "`" + each + "`")
              .collect(Collectors.joining(", "));
    }
    Object type = node.find("type").map(Yaml::value).orElse("");
    List<?> types = type instanceof List<?> list ? list : List.of(type);
    if (types.contains("object")) {
      return types.contains("string") ? "text or map" : "map";
    }
    if (types.contains("array")) {
      return "list";
    }
    return types.contains("string") ? "text" : types.contains("integer") ? "number" : "";
  }
}
