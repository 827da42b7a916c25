package dev.crossfade.charts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.PodSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The charts, as Helm lints and renders them. */
class ChartTest {
  /** What everything that is rendered has to pass. */
  private static List<Manifest> checked(String rendered) {
    List<Manifest> manifests = Manifest.all(rendered);
    assertThat(manifests).isNotEmpty();
    for (Manifest manifest : manifests) {
      assertThat(KubernetesApi.problems(manifest)).as(manifest.label()).isEmpty();
      KubernetesApi.podOf(manifest)
          .ifPresent(pod -> assertThat(PodSecurity.violations(pod)).as(manifest.label()).isEmpty());
    }
    assertThat(manifests).extracting(Manifest::label).doesNotHaveDuplicates();
    return manifests;
  }

  private static Manifest only(List<Manifest> manifests, String kind) {
    List<Manifest> found = manifests.stream().filter(it -> it.kind().equals(kind)).toList();
    assertThat(found).as(kind).hasSize(1);
    return found.getFirst();
  }

  @ParameterizedTest
  @CsvSource({"crossfade", "example", "crossfade-sidecar"})
  void lintFindsNothing(String name) {
    var result = Chart.of(name).lint();
    assertThat(result.getMessages())
        .as("of %s", name)
        .noneMatch(it -> it.startsWith("[WARNING]") || it.startsWith("[ERROR]"));
    assertThat(result.isFailed()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({"default", "ha", "webhookless", "locked-down"})
  void whatIsRenderedIsWhatWasLookedAt(String name) throws IOException {
    Path values = Chart.CROSSFADE.keptValues(name);
    String rendered =
        name.equals("default") ? Chart.CROSSFADE.render() : Chart.CROSSFADE.render(values);
    checked(rendered);
    Golden.check(name + ".yaml", rendered);
  }

  @Test
  void aServiceBringsItsSidecarAlongByTheLibraryChart() throws IOException {
    String rendered = Chart.EXAMPLE.render();
    List<Manifest> manifests = Manifest.all(rendered);
    for (Manifest manifest : manifests) {
      assertThat(KubernetesApi.problems(manifest)).as(manifest.label()).isEmpty();
    }
    PodSpec pod = KubernetesApi.podOf(only(manifests, "Deployment")).orElseThrow();
    assertThat(PodSecurity.violations(pod))
        .as("only the service itself is not as strict as the sidecar")
        .allMatch(it -> it.startsWith("shop: "));
    Golden.check("example.yaml", rendered);
  }

  @Test
  void aSettingThatTheLibraryChartDoesNotKnowIsNamed() {
    assertThatThrownBy(() -> Chart.EXAMPLE.render("sidecar: {cofnig: shop}"))
        .hasMessageContaining("crossfade-sidecar: \"cofnig\" is no setting; there are adminPort");
  }

  static List<String> combinations() {
    List<String> databases =
        List.of(
            "database: {mode: trial}",
            "database: {mode: external, external: {host: db, caSecret: ca, sslMode: verify-ca}}");
    List<String> certificates =
        List.of(
            "tls: {mode: cert-manager}",
            "tls: {mode: cert-manager, certManager: {issuer: {name: i, kind: Issuer}}}",
            "tls: {mode: secret, existingSecret: s, clientCaSecret: c}\naccess: {certificates: []}",
            "tls: {mode: none}");
    List<String> injection =
        List.of(
            "inject: {enabled: false}",
            "inject: {failurePolicy: Ignore, caBundle: x, sidecar: {adminPort: 9191}}");
    List<String> network =
        List.of(
            "networkPolicy: {enabled: false}\npodDisruptionBudget: {enabled: false}",
            "networkPolicy: {sidecars: [{podSelector: {}}], databases: [{podSelector: {}}]}");
    List<String> others =
        List.of(
            "tokenJob: {enabled: false}\nserviceAccount: {create: false}",
            """
            replicas: 2
            images: {registry: r.example, tag: v1, pullSecrets: [a, b]}
            databases: {default: {old: {url: "postgresql://a@b/c"}}}
            unleash: {url: "http://u/api", token: "file:t"}
            secretFiles: [one, two]
            service: {type: LoadBalancer, annotations: {a: b}}
            ingress: {enabled: true, host: c.example, className: x, tlsSecret: t}
            serviceMonitor: {enabled: true}
            podMonitor: {enabled: true, labels: {a: b}, namespaces: [shop, stock]}
            rules: {enabled: true}
            dashboards: {enabled: true}
            tests: {tokenSecret: t}
            extraEnv: [{name: A, value: b}]
            podAnnotations: {a: b}
            podLabels: {a: b}
            nodeSelector: {a: b}
            tolerations: [{key: a, operator: Exists}]
            affinity: {podAntiAffinity: {}}
            priorityClassName: high
            fullnameOverride: other
            """);
    List<String> all = new ArrayList<>();
    for (String database : databases) {
      for (String certificate : certificates) {
        for (String inject : injection) {
          for (String policy : network) {
            for (String other : others) {
              all.add(String.join("\n", database, certificate, inject, policy, other));
            }
          }
        }
      }
    }
    return all;
  }

  @Test
  void everyCombinationOfValuesIsValid() {
    int refused = 0;
    for (String values : combinations()) {
      if (values.contains("mode: none") && values.contains("failurePolicy")) {
        assertThatThrownBy(() -> Chart.CROSSFADE.render(values))
            .as(values)
            .hasMessageContaining("inject.enabled: the API server speaks TLS only");
        refused++;
      } else {
        // Nothing here asks the API server for anything, and secrets are the user's to make.
        assertThat(checked(Chart.CROSSFADE.render(values)))
            .extracting(Manifest::kind)
            .doesNotContain("Role", "ClusterRole", "RoleBinding", "ClusterRoleBinding", "Secret");
      }
    }
    assertThat(refused).isEqualTo(8);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "replicas: 0|replicas",
        "replicas: two|replicas",
        "replica: 2|replica",
        "database: {mode: embedded}|database",
        "database: {mode: external}|host",
        "database: {external: {port: 70000}}|port",
        "database: {existingSecret: ''}|existingSecret",
        "tls: {mode: secret}|existingSecret",
        "tls: {certManager: {issuer: {kind: Isuer}}}|kind",
        "inject: {failurePolicy: Fial}|failurePolicy",
        "inject: {timeoutSeconds: 60}|timeoutSeconds",
        "inject: {sidecar: {memoryLimit: lots}}|memoryLimit",
        "inject: {sidecar: {config: ../x}}|config",
        "ingress: {enabled: true}|host",
        "images: {pullPolicy: Sometimes}|pullPolicy",
        "images: {tag: 'a b'}|tag",
        "podMonitor: {interval: often}|interval",
        "podMonitor: {namespaces: shop}|namespaces",
        "podMonitor: {namespaces: [Shop]}|namespaces",
        "podMonitor: {namespace: [shop]}|namespace",
        "podDisruptionBudget: {maxUnavailable: 0}|maxUnavailable",
        "networkPolicy: {databasePorts: []}|databasePorts",
        "tls: {mode: secret, existingSecret: s}|say whom the API server is to believe",
        "access: {certificates: []}|say which are genuine by tls.clientCaSecret",
        "tls: {clientCaSecret: c}|say whom they stand for by access"
      })
  void aWrongValueIsRefusedByName(String values, String named) {
    assertThatThrownBy(() -> Chart.CROSSFADE.render(values)).hasMessageContaining(named);
  }

  /** Helm renders hooks apart from the rest, so a copy is looked at whose hooks are none. */
  @Test
  void testsAreHooksThatHelmRunsAndRemoves(@TempDir Path folder) throws IOException {
    Path copy = Chart.CROSSFADE.copy(folder.resolve("crossfade")).folder();
    try (Stream<Path> tests = Files.list(copy.resolve("templates/tests"))) {
      for (Path test : tests.toList()) {
        String hook = Files.readString(test);
        assertThat(hook)
            .contains("\n    helm.sh/hook: test\n")
            .contains("\n    helm.sh/hook-delete-policy: before-hook-creation,hook-succeeded\n");
        Files.writeString(test, hook.replace("helm.sh/hook", "example.org/hook"));
      }
    }
    String values =
        """
        tests: {tokenSecret: token}
        images: {pullSecrets: [registry]}
        """;
    List<Manifest> tests =
        checked(new Chart(copy).render(values)).stream()
            .filter(it -> it.kind().equals("Pod"))
            .toList();
    assertThat(tests)
        .extracting(Manifest::label)
        .containsExactlyInAnyOrder("Pod crossfade-test-ready", "Pod crossfade-test-catalog");
    for (Manifest test : tests) {
      assertThat(test.content().at("/spec/restartPolicy").asText()).isEqualTo("Never");
    }
    assertThat(Chart.CROSSFADE.render(values)).doesNotContain("kind: Pod\n");
  }

  @Test
  void onlyPodsThatSaySomethingAreAskedAbout() {
    JsonNode webhook =
        only(checked(Chart.CROSSFADE.render()), "MutatingWebhookConfiguration")
            .content()
            .at("/webhooks/0");
    assertThat(webhook.get("failurePolicy").asText()).isEqualTo("Fail");
    assertThat(webhook.get("sideEffects").asText()).isEqualTo("None");
    assertThat(webhook.at("/matchConditions/0/expression").asText())
        .contains("\"crossfade.dev/inject\" in object.metadata.annotations");
    assertThat(webhook.at("/rules/0/operations").toString()).isEqualTo("[\"CREATE\"]");
  }

  @Test
  void whatTheSelectorsChooseIsThere() {
    List<Manifest> manifests = checked(Chart.CROSSFADE.render());
    JsonNode pod = only(manifests, "Deployment").content().at("/spec/template/metadata/labels");
    JsonNode trial = only(manifests, "StatefulSet").content().at("/spec/template/metadata/labels");
    JsonNode ports =
        only(manifests, "Deployment").content().at("/spec/template/spec/containers/0/ports");
    for (Manifest manifest : manifests) {
      if (manifest.kind().equals("Service")) {
        JsonNode labels = manifest.name().endsWith("trial-postgresql") ? trial : pod;
        for (String key : (Iterable<String>) manifest.content().at("/spec/selector")::fieldNames) {
          assertThat(labels.get(key)).isEqualTo(manifest.content().at("/spec/selector").get(key));
        }
        if (labels == pod) {
          assertThat(manifest.content().at("/spec/ports").findValuesAsText("targetPort"))
              .isSubsetOf(ports.findValuesAsText("name"));
        }
      }
    }
  }

  /** Helm shows notes to people only, so a copy is looked at that has them in a ConfigMap. */
  @Test
  void theNotesSayWhatIsToBeDone(@TempDir Path folder) throws IOException {
    Chart copy = Chart.CROSSFADE.copy(folder.resolve("crossfade"));
    Path templates = copy.folder().resolve("templates");
    Files.writeString(
        templates.resolve("notes.yaml"),
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: notes}\ndata:\n  notes: |\n"
            + Files.readString(templates.resolve("NOTES.txt")).indent(4));
    assertThat(notes(copy.render()))
        .contains("ITS STATE IS IN A TRIAL DATABASE")
        .contains("create secret generic crossfade-database --from-literal=password=...")
        .contains("create job --from=cronjob/crossfade-token first-token")
        .contains("https://localhost:7480/")
        .contains("crossfade.dev/inject: \"true\"")
        .contains("helm test crossfade -n crossfade-system");
    assertThat(notes(copy.render(copy.keptValues("ha"))))
        .contains("https://crossfade.example.org/")
        .doesNotContain("TRIAL", "CLEAR TEXT");
    assertThat(notes(copy.render("tls: {mode: none}\ninject: {enabled: false}")))
        .contains("IT SERVES IN CLEAR TEXT", "http://localhost:7480/")
        .doesNotContain("crossfade.dev/inject");
  }

  private static String notes(String rendered) {
    return Manifest.all(rendered).stream()
        .filter(it -> it.name().equals("notes"))
        .map(it -> it.content().at("/data/notes").asText())
        .findAny()
        .orElseThrow();
  }

  @Test
  void whateverDashboardsAndRulesThereAreAreTakenAlong(@TempDir Path folder) throws IOException {
    Path copy = Chart.CROSSFADE.copy(folder.resolve("crossfade")).folder();
    Files.createDirectories(copy.resolve("rules"));
    Files.createDirectories(copy.resolve("dashboards"));
    Files.writeString(
        copy.resolve("rules/mine.yaml"),
        """
        # {{ not a template }}
        groups:
          - name: mine
            rules:
              - {alert: Mine, expr: "up == 0", annotations: {summary: "{{ $labels.instance }}"}}
        """);
    Files.writeString(copy.resolve("dashboards/mine.json"), "{\"title\": \"{{mine}}\"}\n");
    List<Manifest> manifests =
        checked(new Chart(copy).render("rules: {enabled: true}\ndashboards: {enabled: true}"));
    Manifest rule =
        manifests.stream().filter(it -> it.name().equals("crossfade-mine")).findAny().orElseThrow();
    assertThat(rule.content().at("/spec/groups/0/rules/0/annotations/summary").asText())
        .isEqualTo("{{ $labels.instance }}");
    Manifest dashboard =
        manifests.stream()
            .filter(it -> it.name().equals("crossfade-dashboard-mine"))
            .findAny()
            .orElseThrow();
    assertThat(dashboard.content().at("/metadata/labels/grafana_dashboard").asText())
        .isEqualTo("1");
    assertThat(Manifest.MAPPER.readTree(dashboard.content().at("/data/mine.json").asText()))
        .isEqualTo(Manifest.MAPPER.readTree("{\"title\": \"{{mine}}\"}"));
  }

  @Test
  void thoseOfTheChartAreRendered() throws IOException {
    List<Manifest> manifests =
        checked(Chart.CROSSFADE.render("rules: {enabled: true}\ndashboards: {enabled: true}"));
    assertThat(manifests.stream().filter(it -> it.kind().equals("PrometheusRule")))
        .hasSize(files("rules"));
    assertThat(manifests.stream().filter(it -> it.name().contains("-dashboard-")))
        .hasSize(files("dashboards"));
  }

  private static int files(String folder) throws IOException {
    Path path = Chart.CROSSFADE.folder().resolve(folder);
    if (!Files.isDirectory(path)) {
      return 0;
    }
    try (Stream<Path> files = Files.list(path)) {
      return (int) files.count();
    }
  }
}
