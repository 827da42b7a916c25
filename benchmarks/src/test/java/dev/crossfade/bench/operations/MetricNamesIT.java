package dev.crossfade.bench.operations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.testkit.process.Await;
import java.time.Duration;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Dashboards and alerts of others depend on names, types and labels of metrics. So what a real
 * sidecar and a real control plane show must be what docs/metrics.md lists, no more and no less.
 */
class MetricNamesIT {
  private static final Duration SOON = Duration.ofMinutes(2);

  @SuppressWarnings("NullAway.Init")
  private static Installation installation;

  @BeforeAll
  static void start() throws Exception {
    installation = new Installation();
  }

  @AfterAll
  static void stop() {
    installation.close();
  }

  @Test
  void theSidecarShowsWhatIsListed() {
    assertShown(MetricFamily.OF_THE_SIDECAR, installation::sidecarMetrics);
  }

  @Test
  void theControlPlaneShowsWhatIsListed() {
    assertShown(MetricFamily.OF_THE_CONTROL_PLANE, installation::controlPlaneMetrics);
  }

  /** Some are there once something has happened, and reports take a second. */
  private static void assertShown(String heading, Callable<String> scrape) {
    SortedSet<MetricFamily> listed = MetricFamily.listed(heading);
    SortedSet<MetricFamily> shown = new TreeSet<>();
    try {
      Await.until(
          "all metrics of " + heading,
          SOON,
          () -> {
            installation.use();
            shown.clear();
            shown.addAll(MetricFamily.shown(scrape.call()));
            return shown.containsAll(listed);
          });
    } catch (AssertionError missing) {
      assertThat(without(listed, shown))
          .as(
              "%s lists these under '%s', and nobody shows them like that. Metrics are not"
                  + " renamed: bring them back, or say in CHANGELOG.md under which name they are"
                  + " found now and change the list, charts/crossfade/rules and dashboards",
              MetricFamily.PAGE, heading)
          .isEmpty();
      throw missing;
    }
    assertThat(without(shown, listed))
        .as(
            "these are new: add a row for each of them to %s under '%s'",
            MetricFamily.PAGE, heading)
        .isEmpty();
  }

  private static SortedSet<MetricFamily> without(
      SortedSet<MetricFamily> all, SortedSet<MetricFamily> others) {
    SortedSet<MetricFamily> rest = new TreeSet<>(all);
    rest.removeAll(others);
    return rest;
  }
}
