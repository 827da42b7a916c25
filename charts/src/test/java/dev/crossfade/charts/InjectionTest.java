package dev.crossfade.charts;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

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

  @Test
  void aPodStaysValidAndRestrictedWithItsSidecar() throws IOException {
    JsonNode pod = Manifest.MAPPER.readTree(Files.readString(SERVER.resolve("pod.json")));
    Manifest manifest = new Manifest(pod);
    assertThat(KubernetesApi.problems(manifest)).isEmpty();
    assertThat(PodSecurity.violations(KubernetesApi.podOf(manifest).orElseThrow())).isEmpty();
    assertThat(pod.at("/spec/initContainers")).hasSize(1);
  }

  @Test
  void bothWaysLeadToTheSameSidecar() throws IOException {
    JsonNode injected = Manifest.MAPPER.readTree(Files.readString(SERVER.resolve("pod.json")));
    JsonNode own =
        Manifest.all(
                Chart.EXAMPLE.render(
                    "sidecar: {config: crossfade-sidecar, secret: crossfade-sidecar}"))
            .stream()
            .filter(it -> it.kind().equals("Deployment"))
            .map(it -> it.content().at("/spec/template"))
            .findAny()
            .orElseThrow();
    assertThat(injected.at("/spec/initContainers/0")).isEqualTo(own.at("/spec/initContainers/0"));
    assertThat(members(injected.at("/spec/volumes"))).isEqualTo(members(own.at("/spec/volumes")));
  }

  private static Set<JsonNode> members(JsonNode list) {
    return list.valueStream().collect(Collectors.toSet());
  }
}
