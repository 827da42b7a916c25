package dev.crossfade.charts;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What the webhook is told by the chart, and what it makes of a pod. The control plane's tests have
 * the other half: they read the template that is kept here, and keep the pod that came out.
 */
class InjectionTest {
  private static final Path SERVER =
      Path.of("../control-plane/server/src/test/resources/dev/crossfade/server/inject");

  private static String template() {
    return Manifest.all(Chart.CROSSFADE.render()).stream()
        .filter(it -> it.kind().equals("ConfigMap"))
        .map(it -> it.content().at("/data/inject.yaml").asText())
        .findAny()
        .orElseThrow();
  }

  @Test
  void theControlPlaneIsTestedWithTheTemplateOfTheChart() throws IOException {
    Golden.check(SERVER.resolve("template.yaml"), template());
  }

  private static JsonNode injected(String golden) throws IOException {
    return Manifest.MAPPER.readTree(Files.readString(SERVER.resolve(golden)));
  }

  @ParameterizedTest
  @CsvSource({"pod.json, 1", "pod-standby.json, 2"})
  void aPodStaysValidAndRestrictedWithItsSidecar(String golden, int sidecars) throws IOException {
    JsonNode pod = injected(golden);
    Manifest manifest = new Manifest(pod);
    assertThat(KubernetesApi.problems(manifest)).isEmpty();
    assertThat(PodSecurity.violations(KubernetesApi.podOf(manifest).orElseThrow())).isEmpty();
    assertThat(pod.at("/spec/initContainers")).hasSize(sidecars);
  }

  @ParameterizedTest
  @CsvSource({"pod.json, false", "pod-standby.json, true"})
  void bothWaysLeadToTheSameSidecar(String golden, boolean standby) throws IOException {
    JsonNode injected = injected(golden);
    JsonNode own =
        Manifest.all(
                Chart.EXAMPLE.render(
                    "sidecar: {config: crossfade-sidecar, secret: crossfade-sidecar, standby: "
                        + standby
                        + "}"))
            .stream()
            .filter(it -> it.kind().equals("Deployment"))
            .map(it -> it.content().at("/spec/template"))
            .findAny()
            .orElseThrow();
    assertThat(injected.at("/spec/initContainers")).isEqualTo(own.at("/spec/initContainers"));
    assertThat(members(injected.at("/spec/volumes"))).isEqualTo(members(own.at("/spec/volumes")));
  }

  private static Set<JsonNode> members(JsonNode list) {
    return list.valueStream().collect(Collectors.toSet());
  }
}
