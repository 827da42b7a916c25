package dev.crossfade.server.inject;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.crossfade.sql.yaml.InvalidFileException;

/** Templates, pods and reviews for tests. */
final class Pods {
  static final String TEMPLATE =
      """
      parameters:
        config: {form: name, default: crossfade-sidecar}
        memory: {form: quantity, default: 160Mi}
        admin-port: {form: port, default: "9090"}
      container:
        name: crossfade
        image: crossfade/sidecar:1.2.3
        args: [--config, /etc/crossfade/sidecar.yaml]
        restartPolicy: Always
        env: [{name: DEBUG, value: "true"}]
        startupProbe: {httpGet: {path: /readyz, port: "${admin-port}"}, periodSeconds: 1}
        resources: {limits: {memory: "${memory}"}}
        securityContext: {runAsNonRoot: true, readOnlyRootFilesystem: true}
        volumeMounts:
          - {name: crossfade-config, mountPath: /etc/crossfade, readOnly: true}
          - {name: crossfade-state, mountPath: /var/lib/crossfade}
      withStandby:
        - name: crossfade
          image: crossfade/sidecar:1.2.3
          args: [--config, /etc/crossfade/sidecar.yaml, --standby]
          restartPolicy: Always
          startupProbe: {httpGet: {path: /readyz, port: "${admin-port}"}}
        - name: crossfade-standby
          image: crossfade/sidecar:1.2.3
          args: [--config, /etc/crossfade/sidecar.yaml, --standby]
          restartPolicy: Always
          startupProbe: {httpGet: {path: /readyz, port: "${admin-port}"}}
      volumes:
        - {name: crossfade-config, configMap: {name: "${config}"}}
        - {name: crossfade-state, emptyDir: {sizeLimit: 64Mi}}
      """;

  private Pods() {}

  static InjectTemplate template() throws InvalidFileException {
    return TemplateFile.parse(TEMPLATE, "inject.yaml");
  }

  /** A pod whose annotations are these members of JSON. */
  static JsonObject pod(String annotations) {
    return object(
        """
        {"apiVersion": "v1", "kind": "Pod",
         "metadata": {"generateName": "shop-", "annotations": {%s}},
         "spec": {"containers": [{"name": "shop", "image": "shop:1"}]}}
        """
            .formatted(annotations));
  }

  static JsonObject asking() {
    return pod("\"crossfade.dev/inject\": \"true\"");
  }

  /** What the API server asks when somebody makes this pod. */
  static String review(JsonObject pod) {
    JsonObject review =
        object(
            """
            {"apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview",
             "request": {
               "uid": "705ab4f5-6393-11e8-b7cc-42010a800002",
               "kind": {"group": "", "version": "v1", "kind": "Pod"},
               "resource": {"group": "", "version": "v1", "resource": "pods"},
               "requestKind": {"group": "", "version": "v1", "kind": "Pod"},
               "requestResource": {"group": "", "version": "v1", "resource": "pods"},
               "namespace": "shop", "operation": "CREATE",
               "userInfo": {"username": "system:serviceaccount:kube-system:replicaset-controller"},
               "object": null, "oldObject": null, "dryRun": false,
               "options": {"kind": "CreateOptions", "apiVersion": "meta.k8s.io/v1"}}}
            """);
    review.getAsJsonObject("request").add("object", pod);
    return review.toString();
  }

  static JsonObject object(String json) {
    return JsonParser.parseString(json).getAsJsonObject();
  }

  /** The pod with a patch of additions applied, as the API server does it. */
  static JsonObject patched(JsonObject pod, JsonArray patch) {
    JsonObject patched = pod.deepCopy();
    for (JsonElement element : patch) {
      JsonObject operation = element.getAsJsonObject();
      if (!operation.get("op").getAsString().equals("add")) {
        throw new IllegalArgumentException("only additions are expected: " + operation);
      }
      add(patched, operation.get("path").getAsString(), operation.get("value").deepCopy());
    }
    return patched;
  }

  private static void add(JsonObject root, String path, JsonElement value) {
    String[] steps = path.substring(1).split("/");
    JsonElement parent = root;
    for (int i = 0; i < steps.length - 1; i++) {
      parent = parent.getAsJsonObject().get(unescaped(steps[i]));
      if (parent == null) {
        throw new IllegalArgumentException("the API server finds nothing at " + path);
      }
    }
    String last = unescaped(steps[steps.length - 1]);
    if (parent instanceof JsonArray array) {
      insert(array, last.equals("-") ? array.size() : Integer.parseInt(last), value);
    } else {
      parent.getAsJsonObject().add(last, value);
    }
  }

  private static void insert(JsonArray array, int at, JsonElement value) {
    JsonArray behind = new JsonArray();
    while (array.size() > at) {
      behind.add(array.remove(at));
    }
    array.add(value);
    array.addAll(behind);
  }

  private static String unescaped(String step) {
    return step.replace("~1", "/").replace("~0", "~");
  }
}
