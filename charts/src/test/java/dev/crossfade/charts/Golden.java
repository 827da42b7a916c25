package dev.crossfade.charts;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What was rendered when somebody last looked. Run with {@code -Dgoldens=update} to write it anew,
 * then read the difference.
 */
final class Golden {
  private static final Path FOLDER = Path.of("src/test/resources/golden");

  private Golden() {}

  static void check(String name, String rendered) throws IOException {
    check(FOLDER.resolve(name), rendered);
  }

  static void check(Path file, String rendered) throws IOException {
    String actual = rendered.strip() + '\n';
    if ("update".equals(System.getProperty("goldens"))) {
      Files.writeString(file, actual);
    } else {
      assertThat(actual).isEqualTo(Files.readString(file));
    }
  }
}
