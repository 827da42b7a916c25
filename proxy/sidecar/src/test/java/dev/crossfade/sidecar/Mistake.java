package dev.crossfade.sidecar;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * One mistake in an otherwise right file, as the files of mistakes have it:
 *
 * <pre>
 * # name
 * - what stands in the right file; \n is a line's end
 * + what is written instead
 * > what the one line says about it, part by part, in this order
 * </pre>
 */
record Mistake(String name, String right, String wrong, List<String> told) {
  /** All mistakes of a file beside this class. */
  static Stream<Mistake> read(String resource) throws IOException {
    try (InputStream stream = Mistake.class.getResourceAsStream(resource)) {
      String text =
          new String(Objects.requireNonNull(stream).readAllBytes(), StandardCharsets.UTF_8);
      return Stream.of(text.split("\n\n")).map(Mistake::parse);
    }
  }

  private static Mistake parse(String block) {
    List<String> lines = block.lines().toList();
    List<String> told = new ArrayList<>();
    for (String line : lines.subList(3, lines.size())) {
      told.add(value(line, "> "));
    }
    return new Mistake(
        value(lines.get(0), "# "), value(lines.get(1), "- "), value(lines.get(2), "+ "), told);
  }

  private static String value(String line, String prefix) {
    if (!line.startsWith(prefix)) {
      throw new IllegalArgumentException("not a line of " + prefix + ": " + line);
    }
    return line.substring(prefix.length()).replace("\\n", "\n");
  }

  @Override
  public String toString() {
    return name;
  }
}
