package dev.crossfade.server.inject;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Decides what is added to a pod. The sidecar comes before the pod's own init containers, for these
 * may need the database too. A volume that the pod has under a name of the template stays the
 * pod's: so it can bring secrets from elsewhere.
 */
final class Injector {
  private static final int SHOWN_MAX = 64;

  private final InjectTemplate template;

  /** A pod's wish is not one that can be fulfilled. */
  private static final class WrongException extends Exception {
    private static final long serialVersionUID = 1L;

    WrongException(String message) {
      super(message);
    }
  }

  Injector(InjectTemplate template) {
    this.template = template;
  }

  Injection decide(JsonObject pod) {
    Map<String, String> annotations = Annotations.of(pod);
    try {
      if (!asks(annotations, Annotations.INJECT) || !(pod.get("spec") instanceof JsonObject spec)) {
        return new Injection.Untouched();
      }
      if (names(spec, "initContainers").contains(template.containerName())) {
        return new Injection.Untouched();
      }
      boolean standby = asks(annotations, Annotations.STANDBY);
      if (standby && !template.hasStandby()) {
        throw new WrongException(
            "annotation "
                + Annotations.PREFIX
                + Annotations.STANDBY
                + ": the template has nothing that stands by; leave the annotation out");
      }
      List<String> warnings = new ArrayList<>();
      Map<String, String> values = values(annotations, warnings);
      JsonArray containers = template.containers(standby, values);
      refuseTwins(spec, containers);
      return new Injection.Added(patch(spec, containers, values, warnings), warnings);
    } catch (WrongException e) {
      return new Injection.Impossible(String.valueOf(e.getMessage()));
    }
  }

  private static void refuseTwins(JsonObject spec, JsonArray containers) throws WrongException {
    Set<String> taken = names(spec, "containers");
    taken.addAll(names(spec, "initContainers"));
    for (String name : TemplateFile.names(containers)) {
      if (taken.contains(name)) {
        throw new WrongException(
            "the pod has a container named " + name + " itself; give it another name");
      }
    }
  }

  private static boolean asks(Map<String, String> annotations, String annotation)
      throws WrongException {
    String wish = annotations.get(annotation);
    if (wish == null || wish.equals("false")) {
      return false;
    }
    if (!wish.equals("true")) {
      throw wrong(annotation, wish, "\"true\" or \"false\"");
    }
    return true;
  }

  private Map<String, String> values(Map<String, String> annotations, List<String> warnings)
      throws WrongException {
    Map<String, String> values = new LinkedHashMap<>();
    for (Parameter parameter : template.parameters().values()) {
      String value = annotations.getOrDefault(parameter.name(), parameter.usual());
      if (!parameter.form().fits(value)) {
        throw wrong(parameter.name(), value, parameter.form().expected());
      }
      values.put(parameter.name(), value);
    }
    for (String name : annotations.keySet()) {
      if (!values.containsKey(name) && !Annotations.isOwn(name)) {
        warnings.add("annotation " + Annotations.PREFIX + shown(name) + " has no meaning here");
      }
    }
    return values;
  }

  private JsonArray patch(
      JsonObject spec, JsonArray containers, Map<String, String> values, List<String> warnings) {
    JsonArray patch = new JsonArray();
    if (spec.get("initContainers") instanceof JsonArray) {
      for (int i = 0; i < containers.size(); i++) {
        patch.add(add("/spec/initContainers/" + i, containers.get(i)));
      }
    } else {
      patch.add(add("/spec/initContainers", containers));
    }
    Set<String> taken = names(spec, "volumes");
    JsonArray volumes = new JsonArray();
    for (JsonElement volume : template.volumes(values)) {
      String name = volume.getAsJsonObject().get("name").getAsString();
      if (taken.contains(name)) {
        warnings.add("the pod's own volume " + name + " is used");
      } else {
        volumes.add(volume);
      }
    }
    if (spec.get("volumes") instanceof JsonArray) {
      volumes.forEach(volume -> patch.add(add("/spec/volumes/-", volume)));
    } else {
      patch.add(add("/spec/volumes", volumes));
    }
    // "~1" is how a JSON pointer writes a slash.
    String note = "/metadata/annotations/" + Annotations.PREFIX.replace("/", "~1");
    patch.add(add(note + Annotations.INJECTED, containers.get(0).getAsJsonObject().get("image")));
    return patch;
  }

  private static JsonObject add(String path, JsonElement value) {
    JsonObject operation = new JsonObject();
    operation.addProperty("op", "add");
    operation.addProperty("path", path);
    operation.add("value", value);
    return operation;
  }

  private static Set<String> names(JsonObject spec, String list) {
    return spec.get(list) instanceof JsonArray items ? TemplateFile.names(items) : new HashSet<>();
  }

  private static WrongException wrong(String annotation, String value, String expected) {
    return new WrongException(
        "annotation "
            + Annotations.PREFIX
            + annotation
            + ": \""
            + shown(value)
            + "\" is not usable; "
            + expected
            + " is");
  }

  private static String shown(String text) {
    return text.length() <= SHOWN_MAX ? text : text.substring(0, SHOWN_MAX) + "...";
  }
}
