package dev.crossfade.bench.operations;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;

/** The files of this repository, and its Markdown as far as tests read it. */
final class Repository {
  static final Path ROOT = Objects.requireNonNull(Path.of("").toAbsolutePath().getParent());

  private Repository() {}

  static Path path(String relative) {
    return ROOT.resolve(relative);
  }

  static String read(String relative) {
    return read(path(relative));
  }

  static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The files of a folder that end so, sorted. */
  static List<Path> list(String folder, String ending) {
    try (Stream<Path> files = Files.list(path(folder))) {
      return files.filter(file -> file.toString().endsWith(ending)).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The cells of each table row; neither heads nor rules. */
  static List<List<String>> rows(String markdown) {
    List<List<String>> rows = new ArrayList<>();
    boolean inBody = false;
    for (String line : markdown.split("\n")) {
      if (!line.startsWith("|")) {
        inBody = false;
      } else if (line.matches("[|\\s:-]+")) {
        inBody = true;
      } else if (inBody) {
        String inner = line.strip().substring(1, line.strip().length() - 1);
        rows.add(Arrays.stream(inner.split("(?<!\\\\)\\|")).map(String::strip).toList());
      }
    }
    return rows;
  }

  /** What stands under a heading, up to the next one of the same or a higher level. */
  static String section(String markdown, String heading) {
    int level = heading.indexOf(' ');
    StringBuilder text = new StringBuilder();
    boolean within = false;
    for (String line : markdown.split("\n")) {
      if (line.equals(heading)) {
        within = true;
      } else if (within && line.matches("#{1," + level + "} .*")) {
        break;
      } else if (within) {
        text.append(line).append('\n');
      }
    }
    if (!within) {
      throw new IllegalArgumentException("there is no heading '" + heading + "'");
    }
    return text.toString();
  }

  /** The headings of one level, without their signs. */
  static List<String> headings(String markdown, int level) {
    String start = "#".repeat(level) + " ";
    return markdown
        .lines()
        .filter(line -> line.startsWith(start))
        .map(line -> line.substring(start.length()))
        .toList();
  }

  /** As GitHub makes an anchor of a heading. */
  static String anchor(String heading) {
    return heading.toLowerCase(Locale.ROOT).replaceAll("[^\\p{Alnum} _-]", "").replace(' ', '-');
  }
}
