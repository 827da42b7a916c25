package dev.crossfade.sql.lens;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.crossfade.sql.yaml.InvalidFileException;
import dev.crossfade.sql.yaml.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.node.ObjectNode;

/** The schema and the reader say the same. */
final class MigrationSchemaTest {
  private static final Path REPOSITORY = Path.of("../..").toAbsolutePath().normalize();
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final JsonNode TREE = JSON.readTree(MigrationSchema.json());
  private static final Schema SCHEMA =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12).getSchema(TREE);

  /** Java's text blocks, and what stands between the fences of a page. */
  private static final Pattern EMBEDDED =
      Pattern.compile("\"\"\"\\n(.*?)\"\"\"|```yaml\\n(.*?)```", Pattern.DOTALL);

  /** What a schema cannot say: names and numbers that must agree with others. */
  private static final List<String> BEYOND_A_SCHEMA =
      List.of("is mapped twice", "one for each of the key's", "given twice", "is the partner of");

  @Test
  void theSchemaIsOneOfItsDialect() {
    Schema dialect =
        SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
            .getSchema(SchemaLocation.of("https://json-schema.org/draft/2020-12/schema"));
    assertThat(dialect.validate(TREE)).isEmpty();
  }

  @Test
  void everyFileOfTheRepositoryIsJudgedAsByTheReader() throws IOException {
    Map<String, String> files = files();
    int accepted = 0;
    int refused = 0;
    for (Map.Entry<String, String> file : files.entrySet()) {
      List<Problem> problems = problems(file.getValue());
      if (problems.isEmpty()) {
        accepted++;
        assertThat(SCHEMA.validate(json(file.getValue()))).as(file.toString()).isEmpty();
      } else if (problems.stream().anyMatch(MigrationSchemaTest::isStructural)
          && readable(file.getValue())) {
        refused++;
        assertThat(SCHEMA.validate(json(file.getValue())))
            .as(file + " which the reader refuses: " + problems)
            .isNotEmpty();
      }
    }
    assertThat(accepted).as("accepted of " + files.keySet()).isGreaterThan(20);
    assertThat(refused).isGreaterThan(5);
  }

  @Test
  void everyCombinationOfUpToThreeOfAColumnsKeysIsJudgedAlike() {
    List<String> keys =
        List.of(
            "rename: x",
            "cast: text",
            "up: a",
            "down: b",
            "values: {A: B}",
            "nulls: 0",
            "uuid: ids",
            "rows: {table: t, key: [id], position: p, value: v}",
            "archive: kept.t",
            "drop: true",
            "add: true",
            "default: 1",
            "lossy: true",
            "drop: false",
            "cast:");
    int accepted = 0;
    for (int i = 0; i < keys.size(); i++) {
      for (int j = i; j < keys.size(); j++) {
        for (int k = j; k < keys.size(); k++) {
          Map<String, String> chosen = new LinkedHashMap<>();
          for (String key : List.of(keys.get(i), keys.get(j), keys.get(k))) {
            chosen.put(key.substring(0, key.indexOf(':')), key);
          }
          String column = String.join(", ", chosen.values());
          accepted += judgedAlike("columns: {c: {" + column + " }}") ? 1 : 0;
        }
      }
    }
    assertThat(accepted).isBetween(100, 400);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "columns: {c: {rows: {table: t, key: [id], position: p, fields: {a: b}}}}",
        "columns: {c: {rows: {table: t, key: [id], position: p, fields: {a: b}, value: v}}}",
        "columns: {c: {rows: {table: t, key: [id], position: p, value: v, fields: {}}}}",
        "columns: {c: {rows: {table: t, key: [id], position: p, fields: {}}}}",
        "columns: {c: {rows: {table: t, key: [id], position: p, fields: {a: }}}}",
        "columns: {c: {rows: {table: t, key: [], position: p, value: v}}}",
        "columns: {c: {rows: {table: t, position: p, value: v, nullWhenEmpty: yes}}}",
        "columns: {c: {rows: {table: t, key: [id], value: v}}}",
        "columns: {c: {rows: {table: t, key: [id], position: ' ', value: v}}}",
        "columns: {c: {rows: {table: t, key: [id], position: p, value: v, nullWhenEmpty: true}}}",
        "columns: {c: {rows: {key: [id], position: p, value: v}}}",
        "columns: {c: {values: {}}}",
        "columns: {c: {values: {a: }}}",
        "columns: {c: {values: {a: [b]}}}",
        "columns: {c: {values: [a]}}",
        "columns: {c: {archive: a.b.c}}",
        "columns: {c: {archive: '\"a.b\".c'}}",
        "columns: {c: {uuid: ' '}}",
        "split:",
        "split: {}",
        "split: {t: }",
        "split: {t: {}}",
        "split: {t: {columns: []}}",
        "split: {t: {columns: [a]}}",
        "split: {a.b.c: {columns: [a]}}",
        "split: {t: {columns: [a], key: [], when: [a]}}",
        "split: {t: {columns: [a], when: []}}",
        "split: {t: {columns: a}}",
        "split: {t: {columns: [a], merge: b}}",
        "merge: {t: }",
        "merge: {t: {when: [a]}}",
        "merge: {t: {present: a}}",
        "merge: {t: {present: a, when: [b]}}",
        "merge: {t: {present: , when: [b]}}",
        "merge: {t: {when: []}}",
        "merge: {t: {columns: {a: {rename: b}}, key: [k]}}",
        "merge: {t: {columns: {a: {renam: b}}}}",
        "merge: {t: {columns: {a: {drop: true, default: 1}}}}",
        "{merge: {t: }, present: a}",
        "collect: {t: }",
        "collect: {t: {key: [k], position: p, value: v}}",
        "collect: {t: {key: [k], position: p, value: v, into: i}}",
        "collect: {t: {key: [k], position: p, fields: {f: v}, into: i}}",
        "collect: {t: {key: [k], position: p, into: i}}",
        "collect: {t: {position: p, value: v, into: i}}",
        "collect: [t]",
        "present: {a: b}"
      })
  void everyFormOfATableIsJudgedAlike(String table) {
    judgedAlike(table);
  }

  /** Whether both accept it, having found that both say the same. */
  private static boolean judgedAlike(String table) {
    return judgedAlike(
        "capture: triggers",
        table.startsWith("{") ? table.substring(1, table.length() - 1) : table);
  }

  /**
   * @param ofSpec a key of the file's spec
   * @param entry more keys of its one table
   */
  static boolean judgedAlike(String ofSpec, String entry) {
    String yaml =
        "{apiVersion: crossfade.dev/v1, kind: Migration, metadata: {name: m}, spec: {engine:"
            + " postgresql, "
            + ofSpec
            + ", tables: [{old: o, "
            + entry
            + "}]}}";
    List<Problem> problems = problems(yaml);
    assertThat(SCHEMA.validate(json(yaml)).isEmpty())
        .as(yaml + " of which the reader says " + problems)
        .isEqualTo(problems.isEmpty());
    return problems.isEmpty();
  }

  @Test
  void everyKeyOfTheReaderIsInTheSchemaAndNoOther() {
    Set<String> known = new TreeSet<>();
    for (Level level : Level.ALL) {
      level.keys().forEach(key -> known.add(level.path() + '.' + key));
    }
    Set<String> described = new TreeSet<>();
    collect(TREE, "", described);
    assertThat(described).isEqualTo(known);
  }

  @Test
  void everyKeyIsDescribed() {
    for (Level level : Level.ALL) {
      JsonNode properties = at(level.path()).path("properties");
      for (String key : level.keys()) {
        assertThat(properties.path(key).path("description").asString(""))
            .as(level.path() + '.' + key)
            .isNotBlank();
      }
      assertThat(at(level.path()).path("additionalProperties").asBoolean(true))
          .as(level.path())
          .isFalse();
    }
  }

  @Test
  void closedSetsAndPatternsAreTheReadersOwn() {
    JsonNode metadata = at("metadata").path("properties");
    List<String> risks =
        Arrays.stream(MigrationFile.Risk.values())
            .map(risk -> risk.name().toLowerCase(Locale.ROOT))
            .toList();
    List<String> known = new ArrayList<>();
    metadata.path("risk").path("enum").forEach(risk -> known.add(risk.asString("null")));
    known.remove("null");
    assertThat(known).isEqualTo(risks);
    assertThat(metadata.path("name").path("pattern").asString())
        .isEqualTo('^' + MigrationReader.MIGRATION_NAME.pattern() + '$');
    assertThat(TREE.path("$defs").path("tableName").path("pattern").asString())
        .isEqualTo('^' + TableNames.NAME.pattern() + '$');
  }

  @Test
  void theExamplesAreValid() {
    examples(TREE);
  }

  private static void examples(JsonNode schema) {
    if (schema.has("examples")) {
      // References lead into the whole.
      ObjectNode whole = (ObjectNode) schema.deepCopy();
      whole.set("$defs", TREE.path("$defs"));
      Schema part =
          SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12).getSchema(whole);
      for (JsonNode example : schema.path("examples")) {
        assertThat(part.validate(example)).as(schema.toString()).isEmpty();
      }
    }
    schema.forEach(MigrationSchemaTest::examples);
  }

  /** Every fixed key of the schema, by its path. */
  private static void collect(JsonNode written, String path, Set<String> keys) {
    JsonNode schema = resolve(written);
    for (Map.Entry<String, JsonNode> property : schema.path("properties").properties()) {
      keys.add(path + '.' + property.getKey());
      collect(
          property.getValue(),
          path.isEmpty() ? property.getKey() : path + '.' + property.getKey(),
          keys);
    }
    for (String inner : List.of("additionalProperties", "items")) {
      if (schema.path(inner).isObject()) {
        collect(schema.path(inner), path + ".*", keys);
      }
    }
  }

  private static JsonNode at(String path) {
    JsonNode schema = TREE;
    for (String step : path.isEmpty() ? new String[0] : path.split("\\.")) {
      JsonNode inner =
          schema.path("items").isObject()
              ? schema.path("items")
              : schema.path("additionalProperties");
      schema = resolve(step.equals("*") ? inner : schema.path("properties").path(step));
    }
    return schema;
  }

  private static JsonNode resolve(JsonNode schema) {
    String reference = schema.path("$ref").asString("");
    return reference.isEmpty() ? schema : TREE.at(reference.substring(1));
  }

  private static boolean isStructural(Problem problem) {
    return BEYOND_A_SCHEMA.stream().noneMatch(problem.message()::contains);
  }

  private static List<Problem> problems(String yaml) {
    try {
      MigrationFile.parse(yaml, "m.yaml");
      return List.of();
    } catch (InvalidFileException e) {
      return e.problems();
    }
  }

  private static boolean readable(String yaml) {
    try {
      json(yaml);
      return true;
    } catch (YamlEngineException e) {
      return false;
    }
  }

  private static JsonNode json(String yaml) {
    return JSON.valueToTree(new Load(LoadSettings.builder().build()).loadFromString(yaml));
  }

  /** Every migration file of the repository, by the file it stands in. */
  private static Map<String, String> files() throws IOException {
    Map<String, String> files = new LinkedHashMap<>();
    List<Path> sources;
    try (Stream<Path> tree = Files.walk(REPOSITORY)) {
      sources =
          tree.filter(path -> !path.toString().contains("/target/"))
              .filter(path -> path.toString().matches(".*\\.(ya?ml|md|java|golden)"))
              .filter(Files::isRegularFile)
              .sorted()
              .toList();
    }
    for (Path source : sources) {
      List<String> texts = migrations(source);
      for (int i = 0; i < texts.size(); i++) {
        files.put(REPOSITORY.relativize(source) + "#" + i, texts.get(i));
      }
    }
    return files;
  }

  private static List<String> migrations(Path source) throws IOException {
    String text = Files.readString(source);
    List<String> found = new ArrayList<>();
    if (source.toString().endsWith(".golden")) {
      for (String block : text.strip().split("\n{2,}")) {
        found.add(block.replaceAll("(?m)^=>.*$", "").strip());
      }
    } else if (source.toString().matches(".*\\.(md|java)")) {
      Matcher matcher = EMBEDDED.matcher(text);
      while (matcher.find()) {
        String block = matcher.group(1) == null ? matcher.group(2) : matcher.group(1);
        found.add(block.stripIndent().replace("%s", "word").replace("\\\"", "\""));
      }
    } else {
      found.add(text);
    }
    return found.stream()
        .filter(yaml -> yaml.contains("crossfade.dev/v1") || yaml.contains("kind: Migration"))
        .toList();
  }
}
