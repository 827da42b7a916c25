package dev.crossfade.server.inject;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The template that charts/crossfade renders, which the tests of the charts keep here, and the pod
 * that comes out, which they hold against the Kubernetes API. {@code -Dgoldens=update} writes the
 * pod anew.
 */
class ChartTemplateTest {
  private static final Path FOLDER = Path.of("src/test/resources/dev/crossfade/server/inject");
  private static final Gson GSON = new GsonBuilder().setPrettyPrinting().create();

  private static String kept(String name) throws IOException {
    try (InputStream file =
        Optional.ofNullable(ChartTemplateTest.class.getResourceAsStream(name)).orElseThrow()) {
      return new String(file.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @ParameterizedTest
  @CsvSource({"pod.json, false", "pod-standby.json, true"})
  void whatTheChartSaysIsWhatAPodGets(String golden, boolean standby) throws Exception {
    Injector injector = new Injector(TemplateFile.parse(kept("template.yaml"), "template.yaml"));
    JsonObject pod =
        Pods.object(
            """
            {"apiVersion": "v1", "kind": "Pod",
             "metadata": {"name": "shop", "annotations": {"crossfade.dev/inject": "true", "crossfade.dev/standby": "%s"}},
             "spec": {
               "automountServiceAccountToken": false,
               "securityContext": {"runAsNonRoot": true, "seccompProfile": {"type": "RuntimeDefault"}},
               "containers": [{
                 "name": "shop", "image": "shop:1", "resources": {"limits": {"memory": "1Gi"}},
                 "securityContext": {"allowPrivilegeEscalation": false,
                   "readOnlyRootFilesystem": true, "capabilities": {"drop": ["ALL"]}}}]}}
            """
                .formatted(standby));
    JsonObject injected =
        switch (injector.decide(pod)) {
          case Injection.Added added -> {
            assertThat(added.warnings()).isEmpty();
            yield Pods.patched(pod, added.patch());
          }
          case Injection.Untouched untouched -> throw new AssertionError(untouched);
          case Injection.Impossible impossible -> throw new AssertionError(impossible);
        };
    String actual = GSON.toJson(injected) + '\n';
    if ("update".equals(System.getProperty("goldens"))) {
      Files.writeString(FOLDER.resolve(golden), actual);
    } else {
      assertThat(actual).isEqualTo(kept(golden));
    }
  }
}
