package dev.crossfade.charts;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which pods the PodMonitor of the sidecars finds, and what it asks them for. */
class MonitoringTest {
  private static final Path INJECTED =
      Path.of("../control-plane/server/src/test/resources/dev/crossfade/server/inject");

  private static JsonNode specOf(String kind, String rendered) {
    return Manifest.all(rendered).stream()
        .filter(it -> it.kind().equals(kind))
        .map(it -> it.content().path("spec"))
        .findAny()
        .orElseThrow();
  }

  private static String rendered(String values) {
    return Chart.CROSSFADE.render("podMonitor: {enabled: true, " + values + "}");
  }

  /** How often a pod is scraped: once for each port of the name that is chosen. */
  private static long targets(JsonNode pod) {
    String port = specOf("PodMonitor", rendered("")).at("/podMetricsEndpoints/0/port").asText();
    return pod.findValues("ports").stream()
        .flatMap(JsonNode::valueStream)
        .filter(it -> it.path("name").asText().equals(port))
        .count();
  }

  @Test
  void itAsksAllPodsThatHaveThePortAndNamesThemByTheirNames() throws IOException {
    assertThat(specOf("PodMonitor", rendered("interval: 30s")))
        .isEqualTo(
            Manifest.MAPPER.readTree(
                """
                {"selector": {},
                 "namespaceSelector": {"any": true},
                 "podMetricsEndpoints": [{
                   "port": "crossfade-admin", "path": "/metrics", "interval": "30s",
                   "relabelings": [{
                     "sourceLabels": ["__meta_kubernetes_namespace", "__meta_kubernetes_pod_name"],
                     "separator": "/", "targetLabel": "instance"}]}]}
                """));
  }

  @Test
  void itLooksWhereItIsTold() throws IOException {
    assertThat(specOf("PodMonitor", rendered("namespaces: [shop, stock]")).get("namespaceSelector"))
        .isEqualTo(Manifest.MAPPER.readTree("{\"matchNames\": [\"shop\", \"stock\"]}"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"pod.json", "pod-standby.json"})
  void aPodOfTheWebhookIsScrapedOnce(String golden) throws IOException {
    JsonNode pod = Manifest.MAPPER.readTree(Files.readString(INJECTED.resolve(golden)));
    assertThat(targets(pod)).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({"false, 9090", "true, 9191"})
  void aPodOfTheLibraryChartIsScrapedOnce(boolean standby, int adminPort) {
    String values =
        "sidecar: {name: shop-db, standby: " + standby + ", adminPort: " + adminPort + "}";
    assertThat(targets(specOf("Deployment", Chart.EXAMPLE.render(values)))).isEqualTo(1);
  }

  @Test
  void nothingElseOfTheChartIsScrapedByIt() {
    List<Manifest> manifests = Manifest.all(rendered(""));
    assertThat(manifests)
        .filteredOn(it -> KubernetesApi.podOf(it).isPresent())
        .isNotEmpty()
        .allMatch(it -> targets(it.content()) == 0);
  }
}
