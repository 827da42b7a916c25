package dev.crossfade.charts;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.PodSecurityContext;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.SeccompProfile;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.fabric8.kubernetes.api.model.Volume;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The profile "restricted" of the Pod Security Standards (kubernetes.io/docs/concepts/security/
 * pod-security-standards), and beyond it what the charts promise: root file systems that nobody
 * writes, no token of the API server's, limits of memory.
 */
final class PodSecurity {
  private static final Set<String> SECCOMP = Set.of("RuntimeDefault", "Localhost");

  private final PodSpec pod;
  private final PodSecurityContext context;
  private final List<String> violations = new ArrayList<>();

  private PodSecurity(PodSpec pod) {
    this.pod = pod;
    this.context = Optional.ofNullable(pod.getSecurityContext()).orElseGet(PodSecurityContext::new);
  }

  /** What speaks against a pod; empty: nothing. */
  static List<String> violations(PodSpec pod) {
    PodSecurity check = new PodSecurity(pod);
    check.pod();
    Stream.concat(pod.getInitContainers().stream(), pod.getContainers().stream())
        .forEach(check::container);
    return check.violations;
  }

  private void refuse(boolean violated, String what) {
    if (violated) {
      violations.add(what);
    }
  }

  private void pod() {
    refuse(Boolean.TRUE.equals(pod.getHostNetwork()), "hostNetwork");
    refuse(Boolean.TRUE.equals(pod.getHostPID()), "hostPID");
    refuse(Boolean.TRUE.equals(pod.getHostIPC()), "hostIPC");
    refuse(isRoot(context.getRunAsUser()), "the pod runs as root");
    refuse(!context.getSysctls().isEmpty(), "sysctls");
    refuse(context.getSeLinuxOptions() != null, "seLinuxOptions");
    refuse(isUnconfined(context.getSeccompProfile()), "the pod's seccompProfile");
    refuse(!pod.getEphemeralContainers().isEmpty(), "ephemeral containers");
    for (Volume volume : pod.getVolumes()) {
      boolean isAllowed =
          Stream.of(
                  volume.getConfigMap(),
                  volume.getCsi(),
                  volume.getDownwardAPI(),
                  volume.getEmptyDir(),
                  volume.getEphemeral(),
                  volume.getPersistentVolumeClaim(),
                  volume.getProjected(),
                  volume.getSecret())
              .anyMatch(Objects::nonNull);
      refuse(!isAllowed, "the type of volume " + volume.getName());
    }
    refuse(
        !Boolean.FALSE.equals(pod.getAutomountServiceAccountToken()),
        "a token of the API server's");
  }

  private void container(Container container) {
    String name = container.getName() + ": ";
    SecurityContext own =
        Optional.ofNullable(container.getSecurityContext()).orElseGet(SecurityContext::new);
    refuse(Boolean.TRUE.equals(own.getPrivileged()), name + "privileged");
    refuse(!Boolean.FALSE.equals(own.getAllowPrivilegeEscalation()), name + "privilege escalation");
    refuse(!isNonRoot(own), name + "runAsNonRoot");
    refuse(isRoot(own.getRunAsUser()), name + "runs as root");
    refuse(
        isUnconfined(own.getSeccompProfile())
            || own.getSeccompProfile() == null && context.getSeccompProfile() == null,
        name + "seccompProfile");
    refuse(
        own.getCapabilities() == null || !own.getCapabilities().getDrop().contains("ALL"),
        name + "capabilities are not dropped");
    refuse(
        own.getCapabilities() != null
            && !Set.of("NET_BIND_SERVICE").containsAll(own.getCapabilities().getAdd()),
        name + "capabilities are added");
    refuse(own.getProcMount() != null && !own.getProcMount().equals("Default"), name + "procMount");
    refuse(own.getSeLinuxOptions() != null, name + "seLinuxOptions");
    refuse(
        container.getPorts().stream().anyMatch(port -> port.getHostPort() != null),
        name + "a port of the host's");
    refuse(!Boolean.TRUE.equals(own.getReadOnlyRootFilesystem()), name + "a root to write to");
    refuse(
        container.getResources() == null
            || !container.getResources().getLimits().containsKey("memory"),
        name + "no limit of memory");
  }

  private boolean isNonRoot(SecurityContext own) {
    return Boolean.TRUE.equals(
        own.getRunAsNonRoot() == null ? context.getRunAsNonRoot() : own.getRunAsNonRoot());
  }

  private static boolean isRoot(@Nullable Long user) {
    return user != null && user == 0;
  }

  private static boolean isUnconfined(@Nullable SeccompProfile profile) {
    return profile != null && !SECCOMP.contains(profile.getType());
  }
}
