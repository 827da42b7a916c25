package dev.crossfade.server.inject;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What is added to a pod, with {@code ${name}} where a parameter's value belongs. A text that is
 * nothing but one of these becomes what the parameter's form is in JSON. {@link TemplateFile} reads
 * it.
 */
public final class InjectTemplate {
  static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{([^}]*)}");

  private final Map<String, Parameter> parameters;
  private final JsonObject container;
  private final JsonArray withStandby;
  private final JsonArray volumes;

  /**
   * @param container whose name is not a placeholder
   * @param withStandby the containers of pods that want another one to stand by, of which the first
   *     has the same name; may be empty
   * @param volumes whose names are not, either
   */
  InjectTemplate(
      Map<String, Parameter> parameters,
      JsonObject container,
      JsonArray withStandby,
      JsonArray volumes) {
    this.parameters = Map.copyOf(parameters);
    this.container = container.deepCopy();
    this.withStandby = withStandby.deepCopy();
    this.volumes = volumes.deepCopy();
  }

  Map<String, Parameter> parameters() {
    return parameters;
  }

  String containerName() {
    return container.get("name").getAsString();
  }

  /** Whether a pod can have another one that stands by. */
  boolean hasStandby() {
    return !withStandby.isEmpty();
  }

  /**
   * The containers for one pod, the sidecar first.
   *
   * @param standby whether another one is to stand by, which there has to be then
   * @param values of all parameters
   */
  JsonArray containers(boolean standby, Map<String, String> values) {
    if (standby) {
      return filled(withStandby, values).getAsJsonArray();
    }
    JsonArray alone = new JsonArray();
    alone.add(filled(container, values));
    return alone;
  }

  /** The volumes for one pod. */
  JsonArray volumes(Map<String, String> values) {
    return filled(volumes, values).getAsJsonArray();
  }

  private JsonElement filled(JsonElement element, Map<String, String> values) {
    if (element instanceof JsonObject object) {
      JsonObject filled = new JsonObject();
      object.entrySet().forEach(it -> filled.add(it.getKey(), filled(it.getValue(), values)));
      return filled;
    }
    if (element instanceof JsonArray array) {
      JsonArray filled = new JsonArray();
      array.forEach(it -> filled.add(filled(it, values)));
      return filled;
    }
    return element instanceof JsonPrimitive text && text.isString()
        ? filled(text.getAsString(), values)
        : element;
  }

  private JsonPrimitive filled(String text, Map<String, String> values) {
    Matcher matcher = PLACEHOLDER.matcher(text);
    if (matcher.matches()) {
      Parameter whole = parameter(matcher.group(1));
      return whole.form().json(value(whole.name(), values));
    }
    return new JsonPrimitive(
        matcher.replaceAll(
            found -> Matcher.quoteReplacement(value(parameter(found.group(1)).name(), values))));
  }

  private Parameter parameter(String name) {
    Parameter parameter = parameters.get(name);
    if (parameter == null) {
      throw new IllegalStateException("the file was read with an unknown parameter: " + name);
    }
    return parameter;
  }

  private static String value(String name, Map<String, String> values) {
    String value = values.get(name);
    if (value == null) {
      throw new IllegalArgumentException("no value for " + name);
    }
    return value;
  }
}
