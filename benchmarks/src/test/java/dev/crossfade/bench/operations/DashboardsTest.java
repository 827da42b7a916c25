package dev.crossfade.bench.operations;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The dashboards of Grafana that are delivered. */
class DashboardsTest {
  private static final String FOLDER = "charts/crossfade/dashboards";

  static Stream<Path> dashboards() {
    return Repository.list(FOLDER, ".json").stream();
  }

  private static List<String> queries(Yaml dashboard) {
    return dashboard.all("panels").stream()
        .flatMap(panel -> panel.all("targets").stream())
        .map(target -> target.text("expr"))
        .toList();
  }

  @Test
  void thereIsOneOfTheFleetAndOneOfAMigration() {
    assertThat(dashboards().map(file -> String.valueOf(file.getFileName())))
        .containsExactly("fleet.json", "migration.json");
  }

  @ParameterizedTest
  @MethodSource("dashboards")
  void panelsAskOnlyForMetricsThatAreListed(Path file) {
    Yaml dashboard = Yaml.parse(Repository.read(file));
    List<String> queries = queries(dashboard);
    assertThat(queries).hasSizeGreaterThan(10).allMatch(query -> !Queries.named(query).isEmpty());
    // Variables, too: everything in the file that reads like a metric.
    List<String> texts =
        dashboard
            .tree()
            .map(Yaml::value)
            .filter(String.class::isInstance)
            .map(String::valueOf)
            .toList();
    assertThat(Queries.unknown(texts)).as("not in %s", MetricFamily.PAGE).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("dashboards")
  void panelsHaveIdsOfTheirOwnAndDoNotLieOnEachOther(Path file) {
    List<Yaml> panels = Yaml.parse(Repository.read(file)).all("panels");
    assertThat(panels).extracting(panel -> panel.text("id")).doesNotHaveDuplicates();
    for (Yaml one : panels) {
      for (Yaml other : panels) {
        assertThat(one.equals(other) || !overlap(one.at("gridPos"), other.at("gridPos")))
            .as("'%s' and '%s' lie on each other", one.text("title"), other.text("title"))
            .isTrue();
      }
    }
  }

  private static boolean overlap(Yaml one, Yaml other) {
    return number(one, "x") < number(other, "x") + number(other, "w")
        && number(other, "x") < number(one, "x") + number(one, "w")
        && number(one, "y") < number(other, "y") + number(other, "h")
        && number(other, "y") < number(one, "y") + number(one, "h");
  }

  private static int number(Yaml place, String key) {
    return Integer.parseInt(place.text(key));
  }

  /** Prometheus reads a query in the form of a rule. */
  @ParameterizedTest
  @MethodSource("dashboards")
  void prometheusCanReadEveryQuery(Path file, @TempDir Path folder) throws Exception {
    StringBuilder rules = new StringBuilder("groups:\n  - name: dashboard\n    rules:\n");
    int number = 0;
    for (String query : Set.copyOf(queries(Yaml.parse(Repository.read(file))))) {
      String plain = query.replace("$__rate_interval", "5m").replace("'", "''");
      rules.append("      - {record: 'q").append(number++).append("', expr: '").append(plain);
      rules.append("'}\n");
    }
    Path written = Files.writeString(folder.resolve("queries.yaml"), rules);
    Promtool.assertContent("check", "rules", written.toString());
  }
}
