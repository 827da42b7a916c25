package dev.crossfade.docker;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The files that start everything together, read without an engine. */
final class ComposeTest {
  private static final Path DOCKER = Path.of("").toAbsolutePath();
  private static final Pattern DEFAULTED = Pattern.compile("\\$\\{[A-Z_]+:-([^}]*)}");

  /** What docker/start.sh makes before it starts who reads it. */
  private static final String TOKENS = "./.tokens/";

  /** Another part of the repository; what is mounted from there is its own to test. */
  private static final String CHARTS = "../charts/";

  @Test
  void allOfTheSiteIsThere() {
    assertThat(services().keySet())
        .contains(
            "db-old",
            "db-new",
            "unleash",
            "control-plane",
            "sidecar",
            "service",
            "ctl",
            "prometheus",
            "grafana");
  }

  @Test
  void everyImageIsOfOneVersion() {
    for (Map.Entry<String, Map<String, Object>> service : services().entrySet()) {
      String image = resolved(String.valueOf(service.getValue().get("image")));
      assertThat(image).as(service.getKey()).matches(".+:v?[0-9].*");
    }
  }

  @Test
  void ourImagesAreThoseOfThisVersion() throws IOException {
    Matcher version =
        Pattern.compile("<version>(.*?)</version>")
            .matcher(Files.readString(DOCKER.resolve("pom.xml")));
    assertThat(version.find()).isTrue();
    for (String name : List.of("control-plane", "sidecar", "ctl")) {
      assertThat(resolved(String.valueOf(service(name).get("image"))))
          .isEqualTo("crossfade/" + name + ":" + version.group(1));
    }
  }

  @Test
  void oursCanWriteNothingAndAreAllowedNothing() {
    for (String name : List.of("control-plane", "sidecar", "ctl")) {
      assertThat(service(name))
          .containsEntry("read_only", true)
          .containsEntry("cap_drop", List.of("ALL"))
          .containsEntry("security_opt", List.of("no-new-privileges:true"));
    }
  }

  @Test
  void whatIsMountedIsThere() {
    TreeSet<String> seen = new TreeSet<>();
    for (Map.Entry<String, Map<String, Object>> service : services().entrySet()) {
      for (String volume : strings(service.getValue().get("volumes"))) {
        String source = volume.substring(0, volume.indexOf(':'));
        if (source.startsWith(".") && !source.startsWith(TOKENS) && !source.startsWith(CHARTS)) {
          assertThat(DOCKER.resolve(source).normalize()).as(service.getKey()).exists();
          seen.add(source);
        }
      }
    }
    assertThat(seen).contains("./example", "./prometheus.yaml");
  }

  @Test
  void nothingIsPublishedToOtherMachines() {
    for (Map.Entry<String, Map<String, Object>> service : services().entrySet()) {
      assertThat(strings(service.getValue().get("ports")))
          .as(service.getKey())
          .allMatch(port -> port.startsWith("127.0.0.1:"));
    }
  }

  private static Map<String, Object> service(String name) {
    return services().getOrDefault(name, Map.of());
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Map<String, Object>> services() {
    try {
      LoadSettings settings = LoadSettings.builder().setLabel("compose.yaml").build();
      Map<String, Object> file =
          (Map<String, Object>)
              new Load(settings).loadFromString(Files.readString(DOCKER.resolve("compose.yaml")));
      return (Map<String, Map<String, Object>>) file.getOrDefault("services", Map.of());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> strings(@Nullable Object list) {
    List<String> strings = new ArrayList<>();
    if (list instanceof List<?> values) {
      values.forEach(value -> strings.add(String.valueOf(value)));
    }
    return strings;
  }

  private static String resolved(String image) {
    return DEFAULTED.matcher(image).replaceAll("$1");
  }
}
