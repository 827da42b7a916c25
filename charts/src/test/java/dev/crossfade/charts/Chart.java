package dev.crossfade.charts;

import com.marcnuri.helm.Helm;
import com.marcnuri.helm.LintResult;
import com.marcnuri.helm.TemplateCommand;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A chart in the hands of Helm's own engine.
 *
 * @param folder with its Chart.yaml
 */
record Chart(Path folder) {
  static final Chart CROSSFADE = new Chart(Path.of("crossfade"));

  /** A service that uses the library chart. */
  static final Chart EXAMPLE = new Chart(Path.of("example"));

  private static final String KUBERNETES = "1.33.0";

  /** The values that are kept in {@code ci/}, by their names. */
  static List<String> kept() {
    return List.of("ha", "webhookless", "locked-down");
  }

  Path keptValues(String name) {
    return folder.resolve("ci").resolve(name + "-values.yaml");
  }

  LintResult lint() {
    return new Helm(folder).lint().strict().call();
  }

  /** All manifests, with the defaults. */
  String render() {
    return command().call();
  }

  /** All manifests, with the values of a file. */
  String render(Path values) {
    return command().withValuesFile(values).call();
  }

  /** All manifests, with these values in YAML. */
  String render(String values) {
    try {
      Path file = Files.createTempFile("values-", ".yaml");
      try {
        return render(Files.writeString(file, values));
      } finally {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private TemplateCommand command() {
    return new Helm(folder)
        .template()
        .withName("crossfade")
        .withNamespace("crossfade-system")
        .withKubeVersion(KUBERNETES);
  }
}
