package dev.crossfade.charts;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whether what checks the charts finds what is wrong. */
class CheckerTest {
  private static final String POD =
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: good}
      spec:
        automountServiceAccountToken: false
        securityContext: {runAsNonRoot: true, seccompProfile: {type: RuntimeDefault}}
        containers:
          - name: main
            image: example
            ports: [{containerPort: 80}]
            resources: {limits: {memory: 1Gi}}
            securityContext:
              allowPrivilegeEscalation: false
              readOnlyRootFilesystem: true
              capabilities: {drop: [ALL]}
        volumes: [{name: tmp, emptyDir: {}}]
      """;

  private static Manifest manifest(String yaml) {
    return Manifest.all(yaml).getFirst();
  }

  @Test
  void aGoodPodPasses() {
    assertThat(KubernetesApi.problems(manifest(POD))).isEmpty();
    assertThat(PodSecurity.violations(KubernetesApi.podOf(manifest(POD)).orElseThrow())).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "image: example|imagePulPolicy: Always|imagePulPolicy is not known",
        "containers:|container:|container is not known",
        "containerPort: 80|containerPort: eighty|eighty",
        "metadata: {name: good}|metadata: {}|v1/Pod has no name",
        "kind: Pod|kind: Pot|v1/Pot is no type that the charts are to make",
        "memory: 1Gi}|memory: 1Gi}, limit: {}|limit is not known",
        "emptyDir: {}|emptyDir: [a]|EmptyDirVolumeSource"
      })
  void whatTheApiDoesNotKnowIsFound(String right, String wrong, String told) {
    String yaml = POD.replace(right, wrong);
    assertThat(yaml).isNotEqualTo(POD);
    assertThat(KubernetesApi.problems(manifest(yaml))).anyMatch(it -> it.contains(told));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "runAsNonRoot: true, |''|main: runAsNonRoot",
        "runAsNonRoot: true|runAsNonRoot: true, runAsUser: 0|the pod runs as root",
        ", seccompProfile: {type: RuntimeDefault}|''|main: seccompProfile",
        "type: RuntimeDefault|type: Unconfined|the pod's seccompProfile",
        "allowPrivilegeEscalation: false|runAsGroup: 5|main: privilege escalation",
        "readOnlyRootFilesystem: true|privileged: true|main: privileged",
        "drop: [ALL]|drop: [KILL]|main: capabilities are not dropped",
        "drop: [ALL]|drop: [ALL], add: [SYS_ADMIN]|main: capabilities are added",
        "readOnlyRootFilesystem: true|runAsUser: 5|main: a root to write to",
        "containerPort: 80|containerPort: 80, hostPort: 80|main: a port of the host's",
        "emptyDir: {}|hostPath: {path: /}|the type of volume tmp",
        "automountServiceAccountToken: false|hostNetwork: true|hostNetwork",
        "automountServiceAccountToken: false|hostPID: true|hostPID",
        "automountServiceAccountToken: false|hostIPC: true|a token of the API server's",
        "limits: {memory: 1Gi}|limits: {cpu: 1}|main: no limit of memory"
      })
  void whatTheProfileForbidsIsFound(String right, String wrong, String told) {
    String yaml = POD.replace(right, wrong);
    assertThat(yaml).isNotEqualTo(POD);
    assertThat(PodSecurity.violations(KubernetesApi.podOf(manifest(yaml)).orElseThrow()))
        .contains(told);
  }
}
