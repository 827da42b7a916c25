package dev.crossfade.server.inject;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import dev.crossfade.sql.yaml.InvalidFileException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class InjectorTest {
  private final Injector injector = new Injector(template());

  private static InjectTemplate template() {
    try {
      return Pods.template();
    } catch (InvalidFileException e) {
      throw new AssertionError(e);
    }
  }

  private Injection.Added added(JsonObject pod) {
    return switch (injector.decide(pod)) {
      case Injection.Added added -> added;
      case Injection.Untouched untouched -> throw new AssertionError(untouched);
      case Injection.Impossible impossible -> throw new AssertionError(impossible);
    };
  }

  private JsonObject injected(JsonObject pod) {
    return Pods.patched(pod, added(pod).patch());
  }

  @Test
  void aPodThatAsksGetsASidecarAndItsVolumes() {
    JsonObject pod = injected(Pods.asking());
    JsonObject spec = pod.getAsJsonObject("spec");
    JsonObject sidecar = spec.getAsJsonArray("initContainers").get(0).getAsJsonObject();
    assertThat(sidecar.get("name").getAsString()).isEqualTo("crossfade");
    assertThat(sidecar.get("restartPolicy").getAsString()).isEqualTo("Always");
    assertThat(spec.getAsJsonArray("volumes"))
        .isEqualTo(
            Pods.object(
                    """
                    {"volumes": [
                      {"name": "crossfade-config", "configMap": {"name": "crossfade-sidecar"}},
                      {"name": "crossfade-state", "emptyDir": {"sizeLimit": "64Mi"}}]}
                    """)
                .get("volumes"));
    assertThat(spec.getAsJsonArray("containers"))
        .isEqualTo(Pods.asking().getAsJsonObject("spec").getAsJsonArray("containers"));
    assertThat(
            pod.getAsJsonObject("metadata")
                .getAsJsonObject("annotations")
                .get("crossfade.dev/injected")
                .getAsString())
        .isEqualTo("crossfade/sidecar:1.2.3");
  }

  @Test
  void valuesKeepTheTypesThatTheTemplateGivesThem() {
    JsonObject sidecar = sidecar(injected(Pods.asking()));
    assertThat(sidecar.getAsJsonArray("env").get(0))
        .isEqualTo(Pods.object("{\"name\": \"DEBUG\", \"value\": \"true\"}"));
    assertThat(sidecar.getAsJsonObject("startupProbe"))
        .isEqualTo(
            Pods.object(
                "{\"httpGet\": {\"path\": \"/readyz\", \"port\": 9090}, \"periodSeconds\": 1}"));
    assertThat(sidecar.getAsJsonObject("securityContext"))
        .isEqualTo(Pods.object("{\"runAsNonRoot\": true, \"readOnlyRootFilesystem\": true}"));
  }

  private static JsonObject sidecar(JsonObject pod) {
    return pod.getAsJsonObject("spec").getAsJsonArray("initContainers").get(0).getAsJsonObject();
  }

  @Test
  void annotationsTakeThePlaceOfWhatIsUsual() {
    JsonObject pod =
        injected(
            Pods.pod(
                """
                "crossfade.dev/inject": "true", "crossfade.dev/config": "billing",
                "crossfade.dev/memory": "1Gi", "crossfade.dev/admin-port": "9191"
                """));
    assertThat(pod.getAsJsonObject("spec").getAsJsonArray("volumes").get(0))
        .isEqualTo(
            Pods.object(
                "{\"name\": \"crossfade-config\", \"configMap\": {\"name\": \"billing\"}}"));
    assertThat(sidecar(pod).toString()).contains("\"memory\":\"1Gi\"").contains("\"port\":9191");
  }

  @Test
  void injectedTwiceIsInjectedOnce() {
    assertThat(injector.decide(injected(Pods.asking()))).isEqualTo(new Injection.Untouched());
  }

  @Test
  void theSidecarComesBeforeThePodsOwnInitContainers() {
    JsonObject pod = Pods.asking();
    pod.getAsJsonObject("spec")
        .add(
            "initContainers",
            Pods.object("{\"all\": [{\"name\": \"flyway\"}, {\"name\": \"warm\"}]}").get("all"));
    assertThat(initContainers(injected(pod))).containsExactly("crossfade", "flyway", "warm");
  }

  private static List<String> initContainers(JsonObject pod) {
    return pod.getAsJsonObject("spec").getAsJsonArray("initContainers").asList().stream()
        .map(container -> container.getAsJsonObject().get("name").getAsString())
        .toList();
  }

  private static JsonObject askingForStandby() {
    return Pods.pod("\"crossfade.dev/inject\": \"true\", \"crossfade.dev/standby\": \"true\"");
  }

  @Test
  void whereOneIsToStandByThereAreTwo() {
    JsonObject pod = injected(askingForStandby());
    assertThat(initContainers(pod)).containsExactly("crossfade", "crossfade-standby");
    assertThat(sidecar(pod).toString()).contains("\"--standby\"").contains("\"port\":9090");
    assertThat(added(askingForStandby()).warnings()).isEmpty();
    assertThat(injector.decide(pod)).isEqualTo(new Injection.Untouched());
  }

  @Test
  void bothComeBeforeThePodsOwnInitContainers() {
    JsonObject pod = askingForStandby();
    pod.getAsJsonObject("spec")
        .add("initContainers", Pods.object("{\"all\": [{\"name\": \"flyway\"}]}").get("all"));
    assertThat(initContainers(injected(pod)))
        .containsExactly("crossfade", "crossfade-standby", "flyway");
  }

  @Test
  void aContainerOfThePodsOwnByTheStandbysNameIsNotTakenForIt() {
    JsonObject pod = askingForStandby();
    pod.getAsJsonObject("spec")
        .add(
            "initContainers",
            Pods.object("{\"all\": [{\"name\": \"crossfade-standby\"}]}").get("all"));
    assertThat(injector.decide(pod))
        .isEqualTo(
            new Injection.Impossible(
                "the pod has a container named crossfade-standby itself; give it another name"));
  }

  @Test
  void withoutAnythingThatStandsByAPodCannotAskForIt() throws InvalidFileException {
    String alone =
        Pods.TEMPLATE.substring(0, Pods.TEMPLATE.indexOf("withStandby:"))
            + Pods.TEMPLATE.substring(Pods.TEMPLATE.indexOf("volumes:\n"));
    Injector without = new Injector(TemplateFile.parse(alone, "inject.yaml"));
    assertThat(without.decide(askingForStandby()))
        .isEqualTo(
            new Injection.Impossible(
                "annotation crossfade.dev/standby: the template has nothing that stands by; leave"
                    + " the annotation out"));
    assertThat(without.decide(Pods.asking())).isInstanceOf(Injection.Added.class);
  }

  @Test
  void aVolumeOfThePodsOwnStays() {
    JsonObject pod = Pods.asking();
    String own = "[{\"name\": \"crossfade-config\", \"csi\": {\"driver\": \"vault\"}}]";
    pod.getAsJsonObject("spec").add("volumes", Pods.object("{\"all\": " + own + "}").get("all"));
    assertThat(injected(pod).getAsJsonObject("spec").getAsJsonArray("volumes").toString())
        .isEqualTo(
            "[{\"name\":\"crossfade-config\",\"csi\":{\"driver\":\"vault\"}},"
                + "{\"name\":\"crossfade-state\",\"emptyDir\":{\"sizeLimit\":\"64Mi\"}}]");
    assertThat(added(pod).warnings())
        .containsExactly("the pod's own volume crossfade-config is used");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "\"crossfade.dev/inject\": \"false\"",
        "\"crossfade.dev/config\": \"billing\"",
        "\"example.org/inject\": \"true\""
      })
  void aPodThatDoesNotAskStaysAsItIs(String annotations) {
    assertThat(injector.decide(Pods.pod(annotations))).isEqualTo(new Injection.Untouched());
  }

  @Test
  void whatAnnotationsHaveNoMeaningIsSaid() {
    assertThat(
            added(Pods.pod("\"crossfade.dev/inject\": \"true\", \"crossfade.dev/cofnig\": \"x\""))
                .warnings())
        .containsExactly("annotation crossfade.dev/cofnig has no meaning here");
  }

  @ParameterizedTest
  @CsvSource({
    "inject, yes, \"true\" or \"false\"",
    "standby, yes, \"true\" or \"false\"",
    "config, ../secrets, 'a Kubernetes name, such as shop-sidecar'",
    "config, '', 'a Kubernetes name, such as shop-sidecar'",
    "memory, lots, 'a quantity, such as 100m or 128Mi'",
    "admin-port, 65536, a port from 1 to 65535",
    "admin-port, 0, a port from 1 to 65535"
  })
  void whatCannotBeIsSaidWithWhatWouldBeRight(String name, String value, String expected) {
    String asks = name.equals("inject") ? "" : "\"crossfade.dev/inject\": \"true\", ";
    assertThat(
            injector.decide(Pods.pod(asks + "\"crossfade.dev/" + name + "\": \"" + value + "\"")))
        .isEqualTo(
            new Injection.Impossible(
                "annotation crossfade.dev/"
                    + name
                    + ": \""
                    + value
                    + "\" is not usable; "
                    + expected
                    + " is"));
  }

  @Test
  void aContainerOfThePodsOwnByTheSidecarsNameIsNotTakenForIt() {
    JsonObject pod = Pods.asking();
    pod.getAsJsonObject("spec")
        .add("containers", Pods.object("{\"all\": [{\"name\": \"crossfade\"}]}").get("all"));
    assertThat(injector.decide(pod))
        .isEqualTo(
            new Injection.Impossible(
                "the pod has a container named crossfade itself; give it another name"));
  }

  @Test
  void podsOfStrangeShapesAreNoReasonToFail() {
    assertThat(injector.decide(new JsonObject())).isEqualTo(new Injection.Untouched());
    assertThat(injector.decide(Pods.object("{\"metadata\": 7, \"spec\": []}")))
        .isEqualTo(new Injection.Untouched());
    assertThat(
            injector.decide(
                Pods.object(
                    "{\"metadata\": {\"annotations\": {\"crossfade.dev/inject\": \"true\"}},"
                        + " \"spec\": {\"containers\": 1, \"volumes\": [3]}}")))
        .isInstanceOf(Injection.Added.class);
  }
}
