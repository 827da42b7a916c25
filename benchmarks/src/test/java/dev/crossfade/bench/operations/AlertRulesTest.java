package dev.crossfade.bench.operations;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The alerts that are delivered, and what docs/operations.md says to do about them. */
class AlertRulesTest {
  private static final String RULES = "charts/crossfade/rules/crossfade.yaml";
  private static final String TESTS = "benchmarks/src/test/resources/alerts/crossfade.test.yaml";
  private static final String RUNBOOK = "docs/operations.md";
  private static final Set<String> SEVERITIES = Set.of("critical", "warning");

  private static final List<Yaml> ALERTS =
      Yaml.parse(Repository.read(RULES)).all("groups").stream()
          .flatMap(group -> group.all("rules").stream())
          .toList();

  private static List<String> names() {
    return ALERTS.stream().map(alert -> alert.text("alert")).toList();
  }

  @Test
  void alertsNameOnlyMetricsThatAreListed() {
    List<String> queries = ALERTS.stream().map(alert -> alert.text("expr")).toList();
    assertThat(queries).hasSizeGreaterThan(15).allMatch(query -> !Queries.named(query).isEmpty());
    assertThat(Queries.unknown(queries)).as("not in %s", MetricFamily.PAGE).isEmpty();
  }

  @Test
  void eachAlertHasANameASeverityAndAPlaceInTheRunbook() {
    assertThat(names())
        .doesNotHaveDuplicates()
        .allMatch(name -> name.matches("Crossfade[A-Z]\\w+"));
    for (Yaml alert : ALERTS) {
      assertThat(SEVERITIES).contains(alert.at("labels").text("severity"));
      assertThat(alert.at("annotations").text("summary")).isNotBlank();
      assertThat(alert.at("annotations").text("runbook_url"))
          .isEqualTo(RUNBOOK + "#" + Repository.anchor(alert.text("alert")));
    }
  }

  @Test
  void theRunbookSaysOfEachAlertWhatItMeansWhatToCheckAndWhatToDo() {
    String runbook = Repository.read(RUNBOOK);
    List<String> sections =
        Repository.headings(Repository.section(runbook, "## Alerts"), 3).stream().toList();
    assertThat(sections).containsExactlyInAnyOrderElementsOf(names());
    for (String alert : sections) {
      assertThat(Repository.section(runbook, "### " + alert).lines())
          .as(alert)
          .anyMatch(line -> line.startsWith("- **Meaning.** "))
          .anyMatch(line -> line.startsWith("- **Check.** "))
          .anyMatch(line -> line.startsWith("- **Action.** "));
    }
  }

  @Test
  void eachAlertIsTestedToFireAndNotToFire() {
    Set<String> tested =
        Yaml.parse(Repository.read(TESTS)).all("tests").stream()
            .flatMap(
                test ->
                    test.all("alert_rule_test").stream()
                        .map(
                            expected ->
                                expected.text("alertname")
                                    + (expected.all("exp_alerts").isEmpty() ? " not" : " fires")))
            .collect(Collectors.toSet());
    for (String name : names()) {
      assertThat(tested).contains(name + " fires", name + " not");
    }
  }

  @Test
  void prometheusTakesTheRulesAndTheyFireWhenTheyShould() throws Exception {
    Promtool.assertContent("check", "rules", Repository.path(RULES).toString());
    Promtool.assertContent("test", "rules", Repository.path(TESTS).toString());
  }
}
