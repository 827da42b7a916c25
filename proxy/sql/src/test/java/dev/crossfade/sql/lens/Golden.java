package dev.crossfade.sql.lens;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.UnaryOperator;

/**
 * A file of inputs, each followed by what came out: blocks between blank lines, the output's lines
 * begin with {@code =>}. Run with {@code -Dgoldens=update} to write the outputs anew, then read the
 * difference.
 */
public final class Golden {
  private static final Path FOLDER = Path.of("src/test/resources/dev/crossfade/sql");

  private Golden() {}

  static void check(String name, UnaryOperator<String> run) {
    check("lens", name, run);
  }

  /**
   * @param folder beside the package of that name
   */
  public static void check(String folder, String name, UnaryOperator<String> run) {
    Path file = FOLDER.resolve(folder).resolve(name);
    try {
      String expected = Files.readString(file);
      StringBuilder actual = new StringBuilder();
      for (String block : expected.strip().split("\n{2,}")) {
        StringBuilder input = new StringBuilder();
        for (String line : block.split("\n")) {
          if (!line.startsWith("=>")) {
            input.append(line).append('\n');
          }
        }
        actual.append(input);
        run.apply(input.toString().strip())
            .lines()
            .forEach(line -> actual.append("=> ").append(line).append('\n'));
        actual.append('\n');
      }
      String result = actual.toString().strip() + '\n';
      if ("update".equals(System.getProperty("goldens"))) {
        Files.writeString(file, result);
      } else {
        assertThat(result).isEqualTo(expected);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
