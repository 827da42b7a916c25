package dev.crossfade.bench.operations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.sidecar.config.ConfigFile;
import dev.crossfade.sidecar.config.SidecarConfig;
import dev.crossfade.sql.yaml.InvalidFileException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What docs/ refers to is there, and what it says of limits is so. */
class PagesTest {
  private static final Pattern LINK = Pattern.compile("\\[([^\\]]*)]\\(([^)\\s]+)\\)");
  private static final Pattern BLOCK = Pattern.compile("(?ms)^```.*?^```$");

  private static final Pattern CODE = Pattern.compile("`([^`]+)`");

  /** Names of limits whose keys are called otherwise. */
  private static final Map<String, String> KEYS =
      Map.of(
          "batchBytes", "batchSize",
          "heldReplyBytes", "heldReplySize",
          "statements", "preparedStatements");

  static Stream<Path> pages() {
    return Stream.concat(
        Repository.list("docs", ".md").stream(),
        Stream.of("README.md", "ARCHITECTURE.md", "CONTRIBUTING.md").map(Repository::path));
  }

  @ParameterizedTest
  @MethodSource("pages")
  void everyLinkLeadsSomewhere(Path page) {
    Matcher link = LINK.matcher(Repository.read(page));
    while (link.find()) {
      String target = link.group(2);
      if (!target.matches("[a-z]+:.*")) {
        String file = target.replaceFirst("#.*", "");
        Path there =
            file.isEmpty()
                ? page
                : Objects.requireNonNull(page.getParent()).resolve(file).normalize();
        assertThat(there).as("a link of %s", page.getFileName()).exists();
        if (target.contains("#") && there.toString().endsWith(".md")) {
          assertThat(anchors(there))
              .as("anchors of %s, for a link of %s", file, page.getFileName())
              .contains(target.replaceFirst(".*#", ""));
        }
      }
    }
  }

  private static List<String> anchors(Path page) {
    return Repository.read(page)
        .lines()
        .filter(line -> line.matches("#+ .*"))
        .map(line -> Repository.anchor(line.replaceFirst("#+ ", "")))
        .toList();
  }

  /** The last cell names tests: a class, or a class and a method of it. */
  @ParameterizedTest
  @ValueSource(strings = {"docs/failure-matrix.md", "docs/compatibility.md"})
  void eachRowIsShownByATestThatExists(String page) {
    List<List<String>> rows = Repository.rows(Repository.read(page));
    assertThat(rows).hasSizeGreaterThan(15);
    for (List<String> row : rows) {
      List<String> tests =
          LINK.matcher(row.getLast()).results().map(found -> found.group(1)).toList();
      assertThat(tests).as("tests of '%s' in %s", row.getFirst(), page).isNotEmpty();
      Matcher link = LINK.matcher(row.getLast());
      while (link.find()) {
        assertTest(link.group(1), Repository.path("docs").resolve(link.group(2)).normalize());
      }
    }
  }

  private static void assertTest(String name, Path file) {
    String[] parts = name.split("#");
    assertThat(file).isRegularFile().hasFileName(parts[0] + ".java");
    assertThat(file.toString()).contains("/src/test/");
    if (parts.length == 2) {
      assertThat(Repository.read(file)).containsPattern("\\bvoid " + parts[1] + "\\(");
    }
  }

  @Test
  void limitsHaveTheDefaultsThatTheirPageSays() throws InvalidFileException {
    SortedMap<String, String> told = new TreeMap<>();
    for (List<String> row :
        Repository.rows(Repository.section(Repository.read("docs/limits.md"), "## Settings"))) {
      told.put(row.get(0).replace("`", ""), row.get(1));
    }
    SidecarConfig.Limits limits = defaults().limits();
    SortedMap<String, String> real = new TreeMap<>();
    put(real, limits);
    put(real, limits.session());
    // Of the machine: said in words.
    assertThat(told.get("loops")).isEqualTo("processors, at most 4");
    assertThat(limits.loops()).isEqualTo(Math.min(4, Runtime.getRuntime().availableProcessors()));
    told.remove("loops");
    real.remove("loops");
    assertThat(told).isEqualTo(real);
  }

  private static SidecarConfig defaults() throws InvalidFileException {
    return ConfigFile.parse(
        """
        service: shop
        listen: {port: 0}
        old: {database: shop, user: crossfade}
        new: {database: shop, user: crossfade}
        controlPlane: {port: 7432}
        """,
        Path.of("sidecar.yaml").toAbsolutePath().toString(),
        Map.of());
  }

  private static void put(Map<String, String> limits, Record values) {
    for (RecordComponent component : values.getClass().getRecordComponents()) {
      Object value = value(component, values);
      if (!(value instanceof Record)) {
        String key = KEYS.getOrDefault(component.getName(), component.getName());
        limits.put(key, text(key, value));
      }
    }
  }

  private static Object value(RecordComponent component, Record values) {
    try {
      return component.getAccessor().invoke(values);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String text(String key, Object value) {
    return switch (value) {
      case Duration time -> time.toSeconds() + "s";
      case Integer bytes when key.endsWith("Size") -> bytes / 1024 + "KiB";
      default -> value.toString();
    };
  }

  @Test
  void metricsThatPagesNameAreListed() {
    List<String> names =
        pages()
            .filter(page -> !page.endsWith("metrics.md"))
            .map(Repository::read)
            .map(text -> BLOCK.matcher(text).replaceAll(""))
            .flatMap(text -> CODE.matcher(text).results().map(found -> found.group(1)))
            .filter(code -> code.matches("crossfade_(?!control$|w$|sample)\\w+[a-z]"))
            .toList();
    assertThat(names).hasSizeGreaterThan(30);
    assertThat(Queries.unknown(names).stream().filter(PagesTest::isNoFamily).toList())
        .as("not in %s", MetricFamily.PAGE)
        .isEmpty();
  }

  /** Pages name a histogram by its family. */
  private static boolean isNoFamily(String name) {
    return Stream.of(MetricFamily.OF_THE_SIDECAR, MetricFamily.OF_THE_CONTROL_PLANE)
        .flatMap(heading -> MetricFamily.listed(heading).stream())
        .map(MetricFamily::name)
        .collect(Collectors.toSet())
        .stream()
        .noneMatch(name::equals);
  }

  @Test
  void everyPageIsNamedByTheReadme() {
    String readme = Repository.read("README.md");
    for (Path page : Repository.list("docs", ".md")) {
      assertThat(Files.exists(page) && readme.contains("docs/" + page.getFileName()))
          .as("README.md names %s", page.getFileName())
          .isTrue();
    }
  }
}
