package dev.crossfade.charts;

import com.marcnuri.helm.Helm;
import com.marcnuri.helm.LintResult;
import com.marcnuri.helm.TemplateCommand;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/**
 * A chart in the hands of Helm's own engine.
 *
 * @param folder with its Chart.yaml
 */
record Chart(Path folder) {
  private static final String KUBERNETES = "1.33.0";
  private static final Path COPIES = Path.of("target", "charts");

  static final Chart CROSSFADE = of("crossfade");

  /** A service that uses the library chart. */
  static final Chart EXAMPLE = of("example");

  /** A copy of a chart of this folder: Helm remarks on each link that it follows. */
  static Chart of(String name) {
    try {
      Path copy = COPIES.resolve(name);
      delete(copy);
      return new Chart(Path.of(name)).copy(copy);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** This chart at another place, with what its links lead to. */
  Chart copy(Path to) throws IOException {
    copy(folder, to);
    return new Chart(to);
  }

  private static void copy(Path from, Path to) throws IOException {
    Files.createDirectories(to);
    try (Stream<Path> children = Files.list(from)) {
      for (Path child : children.toList()) {
        Path target = to.resolve(child.getFileName().toString());
        if (Files.isDirectory(child)) {
          copy(child, target);
        } else {
          Files.copy(child, target);
        }
      }
    }
  }

  private static void delete(Path tree) throws IOException {
    if (Files.exists(tree)) {
      try (Stream<Path> paths = Files.walk(tree)) {
        for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(path);
        }
      }
    }
  }

  /** Values that are kept in {@code ci/}. */
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
