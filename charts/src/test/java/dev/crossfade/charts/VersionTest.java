package dev.crossfade.charts;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The charts ask for the images that docker/build.sh makes: of the version in pom.xml. */
class VersionTest {
  /** As docker/build.sh looks for it: the project's own, not a dependency's. */
  private static final Pattern OWN = Pattern.compile("(?m)^  <version>(.*)</version>$");

  private static final Pattern IMAGE =
      Pattern.compile("crossfade/((?:sidecar|control-plane|ctl):[\\w.-]+)");

  private static String version() throws IOException {
    return OWN.matcher(Files.readString(Path.of("../pom.xml")))
        .results()
        .map(found -> found.group(1))
        .findFirst()
        .orElseThrow();
  }

  private static List<String> images(String text) {
    return IMAGE.matcher(text).results().map(found -> found.group(1)).toList();
  }

  @ParameterizedTest
  @ValueSource(strings = {"crossfade", "crossfade-sidecar"})
  void theApplicationOfAChartIsThatOfThePom(String chart) throws IOException {
    String file = Files.readString(Path.of(chart, "Chart.yaml"));
    assertThat(Manifest.all(file).getFirst().content().path("appVersion").asText())
        .isEqualTo(version());
  }

  @Test
  void whoSaysNothingGetsTheImagesOfThisVersion() throws IOException {
    String version = version();
    assertThat(images(Chart.CROSSFADE.render() + '\n' + Chart.EXAMPLE.render()))
        .containsOnly("sidecar:" + version, "control-plane:" + version);
  }

  @Test
  void noFileAndNoPageNamesAnotherTag() throws IOException {
    String version = version();
    try (Stream<Path> crossfade = Files.walk(Path.of("crossfade"));
        Stream<Path> sidecar = Files.walk(Path.of("crossfade-sidecar"));
        Stream<Path> example = Files.walk(Path.of("example"))) {
      List<Path> files =
          Stream.of(crossfade, sidecar, example, Stream.of(Path.of("../docs/kubernetes.md")))
              .flatMap(it -> it)
              .filter(Files::isRegularFile)
              .toList();
      assertThat(files).hasSizeGreaterThan(20);
      for (Path file : files) {
        assertThat(images(Files.readString(file)))
            .as(file.toString())
            .allMatch(it -> it.endsWith(':' + version));
      }
    }
  }
}
