package dev.crossfade.server.inject;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import dev.crossfade.sql.yaml.InvalidFileException;
import dev.crossfade.sql.yaml.YamlNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads what is added to pods.
 *
 * <pre>
 * parameters:                                        # what pods may say by crossfade.dev/NAME
 *   config: {form: name, default: crossfade-sidecar} # name, quantity or port
 * container:                                         # as Kubernetes has it
 *   name: crossfade
 *   image: crossfade/sidecar:0.1.0
 *   restartPolicy: Always                            # a native sidecar
 *   startupProbe: {...}
 *   volumeMounts: [{name: crossfade-config, mountPath: /etc/crossfade, readOnly: true}]
 * withStandby:                                       # the containers where crossfade.dev/standby is "true"
 *   - {name: crossfade, ...}
 *   - {name: crossfade-standby, ...}
 * volumes:
 *   - {name: crossfade-config, configMap: {name: "${config}"}}
 * </pre>
 *
 * Of the container only what injection itself relies on is checked; the rest is the API server's
 * business.
 */
public final class TemplateFile {
  private static final long MAX_BYTES = 256 << 10;
  private static final int PARAMETERS_MAX = 16;
  private static final int VOLUMES_MAX = 16;
  private static final int CONTAINERS_MAX = 4;
  private static final Pattern PARAMETER = Pattern.compile("[a-z][a-z0-9-]{0,29}");
  private static final Pattern LABEL = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");

  private final YamlNode root;
  private final Map<String, Parameter> parameters = new LinkedHashMap<>();

  private TemplateFile(YamlNode root) {
    this.root = root;
  }

  /**
   * @throws IOException when it cannot be read
   * @throws InvalidFileException with everything that is wrong with it
   */
  public static InjectTemplate read(Path file) throws IOException, InvalidFileException {
    if (Files.size(file) > MAX_BYTES) {
      throw new IOException("it is larger than " + (MAX_BYTES >> 10) + " KiB");
    }
    return parse(Files.readString(file), file.toString());
  }

  /**
   * @param source the file's name, for messages
   */
  static InjectTemplate parse(String yaml, String source) throws InvalidFileException {
    YamlNode root = YamlNode.parse(yaml, source);
    InjectTemplate template = new TemplateFile(root).template();
    root.finish();
    return template;
  }

  private InjectTemplate template() {
    root.allowKeys("parameters", "container", "withStandby", "volumes");
    readParameters();
    JsonArray volumes = volumes();
    Set<String> mountable = names(volumes);
    JsonObject container = container(root.requiredChild("container"), mountable);
    return new InjectTemplate(parameters, container, withStandby(container, mountable), volumes);
  }

  private void readParameters() {
    YamlNode all = root.child("parameters");
    if (!all.isPresent()) {
      return;
    }
    all.children()
        .forEach(
            (name, node) -> {
              node.allowKeys("form", "default");
              Form form = form(node);
              String usual = node.requiredString("default");
              if (!PARAMETER.matcher(name).matches() || Annotations.isOwn(name)) {
                node.report("no name for a parameter; a few small letters are, such as config");
              } else if (!usual.isEmpty() && !form.fits(usual)) {
                node.child("default").report("\"" + usual + "\" is not " + form.expected());
              }
              parameters.put(name, new Parameter(name, form, usual));
            });
    if (parameters.size() > PARAMETERS_MAX) {
      all.report("more than " + PARAMETERS_MAX + " parameters; leave some out");
    }
  }

  private static Form form(YamlNode node) {
    String form = node.oneOf("form", Set.of("name", "quantity", "port"), "name");
    return Form.valueOf(form.toUpperCase(Locale.ROOT));
  }

  private JsonArray volumes() {
    YamlNode node = root.child("volumes");
    JsonArray volumes = new JsonArray();
    Set<String> names = new HashSet<>();
    for (YamlNode volume : node.items()) {
      String name = label(volume);
      if (!names.add(name)) {
        volume.child("name").report("\"" + name + "\" is there twice; give each its own name");
      }
      volumes.add(json(volume));
    }
    if (volumes.size() > VOLUMES_MAX) {
      node.report("more than " + VOLUMES_MAX + " volumes; leave some out");
    }
    return volumes;
  }

  /** Of all that have one. */
  static Set<String> names(JsonArray items) {
    Set<String> names = new HashSet<>();
    for (JsonElement item : items) {
      if (item instanceof JsonObject object && object.get("name") instanceof JsonPrimitive name) {
        names.add(name.getAsString());
      }
    }
    return names;
  }

  /** Whoever finds the container in a pod finds these, too. */
  private JsonArray withStandby(JsonObject container, Set<String> volumes) {
    YamlNode node = root.child("withStandby");
    JsonArray containers = new JsonArray();
    Set<String> names = new HashSet<>();
    for (YamlNode item : node.items()) {
      JsonObject one = container(item, volumes);
      JsonElement name = one.get("name");
      if (names.isEmpty() && !Objects.equals(name, container.get("name"))) {
        item.child("name").report("the first one has the name of the container above");
      }
      if (name != null && !names.add(name.getAsString())) {
        item.child("name").report(name + " is there twice; give each its own name");
      }
      containers.add(one);
    }
    if (containers.size() > CONTAINERS_MAX) {
      node.report("more than " + CONTAINERS_MAX + " containers; leave some out");
    }
    return containers;
  }

  private JsonObject container(YamlNode node, Set<String> volumes) {
    if (!node.isPresent()) {
      return new JsonObject();
    }
    label(node);
    node.requiredString("image");
    String restart = node.requiredString("restartPolicy");
    if (!restart.isEmpty() && !restart.equals("Always")) {
      node.child("restartPolicy")
          .report(
              "\""
                  + restart
                  + "\" does not make it a sidecar, which runs as long as the pod; Always does");
    }
    node.requiredChild("startupProbe");
    for (YamlNode mount : node.child("volumeMounts").items()) {
      String volume = mount.requiredString("name");
      if (!volume.isEmpty() && !volumes.contains(volume)) {
        mount.child("name").report("\"" + volume + "\" is none of the volumes below");
      }
    }
    return json(node) instanceof JsonObject object ? object : new JsonObject();
  }

  /** A name that stands there as it is: what is in a pod already is found by it. */
  private static String label(YamlNode node) {
    String name = node.requiredString("name");
    if (!name.isEmpty() && !LABEL.matcher(name).matches()) {
      node.child("name").report("\"" + name + "\" is no name; small letters, digits and - are");
    }
    return name;
  }

  private JsonElement json(YamlNode node) {
    if (node.isMapping()) {
      JsonObject object = new JsonObject();
      node.children()
          .forEach(
              (key, child) -> {
                if (child.isPresent()) {
                  object.add(key, json(child));
                }
              });
      return object;
    }
    if (node.isList()) {
      JsonArray array = new JsonArray();
      node.items().forEach(item -> array.add(json(item)));
      return array;
    }
    return node.value().map(value -> scalar(node, value)).orElse(JsonNull.INSTANCE);
  }

  private JsonElement scalar(YamlNode node, Object value) {
    return switch (value) {
      case Boolean flag -> new JsonPrimitive(flag);
      case Long number -> new JsonPrimitive(number);
      default -> {
        String text = value.toString();
        checkPlaceholders(node, text);
        yield new JsonPrimitive(text);
      }
    };
  }

  private void checkPlaceholders(YamlNode node, String text) {
    Matcher matcher = InjectTemplate.PLACEHOLDER.matcher(text);
    while (matcher.find()) {
      if (!parameters.containsKey(matcher.group(1))) {
        node.report(
            matcher.group()
                + " is none of the parameters above, which are "
                + (parameters.isEmpty() ? "none" : String.join(", ", parameters.keySet())));
      }
    }
  }
}
