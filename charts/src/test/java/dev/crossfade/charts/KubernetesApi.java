package dev.crossfade.charts;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.MutatingWebhookConfiguration;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.batch.v1.CronJob;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The schema of the Kubernetes API: types that were generated from it. What these do not know lands
 * in their {@code additionalProperties}, so all of them are searched. Of custom resources the
 * fields that the charts use are listed here.
 */
final class KubernetesApi {
  private static final Map<String, Class<? extends HasMetadata>> TYPES =
      Map.ofEntries(
          Map.entry("v1/ConfigMap", ConfigMap.class),
          Map.entry("v1/Pod", Pod.class),
          Map.entry("v1/Secret", Secret.class),
          Map.entry("v1/Service", Service.class),
          Map.entry("v1/ServiceAccount", ServiceAccount.class),
          Map.entry("apps/v1/Deployment", Deployment.class),
          Map.entry("apps/v1/StatefulSet", StatefulSet.class),
          Map.entry("batch/v1/CronJob", CronJob.class),
          Map.entry("networking.k8s.io/v1/Ingress", Ingress.class),
          Map.entry("networking.k8s.io/v1/NetworkPolicy", NetworkPolicy.class),
          Map.entry("policy/v1/PodDisruptionBudget", PodDisruptionBudget.class),
          Map.entry(
              "admissionregistration.k8s.io/v1/MutatingWebhookConfiguration",
              MutatingWebhookConfiguration.class));

  private static final Map<String, Set<String>> CUSTOM =
      Map.of(
          "cert-manager.io/v1/Issuer",
          Set.of("selfSigned", "ca"),
          "cert-manager.io/v1/Certificate",
          Set.of(
              "isCA",
              "commonName",
              "secretName",
              "duration",
              "privateKey",
              "usages",
              "dnsNames",
              "issuerRef"),
          "monitoring.coreos.com/v1/ServiceMonitor",
          Set.of("selector", "endpoints"),
          "monitoring.coreos.com/v1/PodMonitor",
          Set.of("selector", "namespaceSelector", "podMetricsEndpoints"),
          "monitoring.coreos.com/v1/PrometheusRule",
          Set.of("groups"));

  private KubernetesApi() {}

  /** What is wrong with an object; empty: nothing. */
  static List<String> problems(Manifest manifest) {
    String type = manifest.apiVersion() + "/" + manifest.kind();
    List<String> problems = new ArrayList<>();
    if (manifest.name().isEmpty()) {
      problems.add(type + " has no name");
    }
    Class<? extends HasMetadata> known = TYPES.get(type);
    Set<String> custom = CUSTOM.get(type);
    if (known != null) {
      try {
        walk(manifest.label(), typed(manifest, known), problems);
      } catch (IllegalArgumentException e) {
        problems.add(manifest.label() + ": " + e.getMessage());
      }
    } else if (custom != null) {
      for (String field : (Iterable<String>) manifest.content().path("spec")::fieldNames) {
        if (!custom.contains(field)) {
          problems.add(manifest.label() + ".spec." + field + " is not known");
        }
      }
    } else {
      problems.add(type + " is no type that the charts are to make");
    }
    return problems;
  }

  private static <T> T typed(Manifest manifest, Class<T> type) {
    return Manifest.MAPPER.convertValue(manifest.content(), type);
  }

  /** The pod that an object is or makes. */
  static Optional<PodSpec> podOf(Manifest manifest) {
    JsonNode spec = manifest.content().path("spec");
    JsonNode pod =
        switch (manifest.kind()) {
          case "Pod" -> spec;
          case "Deployment", "StatefulSet" -> spec.path("template").path("spec");
          case "CronJob" -> spec.at("/jobTemplate/spec/template/spec");
          default -> Manifest.MAPPER.missingNode();
        };
    return pod.isMissingNode()
        ? Optional.empty()
        : Optional.of(Manifest.MAPPER.convertValue(pod, PodSpec.class));
  }

  private static void walk(String path, @Nullable Object value, List<String> problems) {
    switch (value) {
      case List<?> list -> {
        for (int i = 0; i < list.size(); i++) {
          walk(path + '[' + i + ']', list.get(i), problems);
        }
      }
      case Map<?, ?> map -> map.forEach((key, it) -> walk(path + '.' + key, it, problems));
      case null -> {}
      default -> walkType(path, value, problems);
    }
  }

  private static void walkType(String path, Object value, List<String> problems) {
    if (!value.getClass().getName().startsWith("io.fabric8.")) {
      return;
    }
    getters(value)
        .forEach(
            getter -> {
              Object got = got(value, getter);
              if (!getter.getName().equals("getAdditionalProperties")) {
                walk(path + '.' + getter.getName().substring(3), got, problems);
              } else if (got instanceof Map<?, ?> unknown) {
                unknown.keySet().forEach(key -> problems.add(path + ": " + key + " is not known"));
              }
            });
  }

  private static Stream<Method> getters(Object value) {
    return Arrays.stream(value.getClass().getDeclaredMethods())
        .filter(it -> it.getName().startsWith("get") && it.getParameterCount() == 0)
        .filter(it -> Modifier.isPublic(it.getModifiers()) && !it.isBridge());
  }

  private static @Nullable Object got(Object value, Method getter) {
    try {
      return getter.invoke(value);
    } catch (IllegalAccessException | InvocationTargetException e) {
      throw new IllegalStateException(getter + " cannot be asked", e);
    }
  }
}
