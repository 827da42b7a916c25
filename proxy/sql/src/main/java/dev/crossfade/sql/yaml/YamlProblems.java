package dev.crossfade.sql.yaml;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.snakeyaml.engine.v2.exceptions.Mark;

/** What is wrong with one document so far. The same problem found twice is told once. */
final class YamlProblems {
  private static final int MAX_PROBLEMS = 100;

  private final String source;
  private final String yaml;
  private final Set<Problem> found = new LinkedHashSet<>();

  YamlProblems(String source, String yaml) {
    this.source = source;
    this.yaml = yaml;
  }

  void add(int line, int column, String path, String message) {
    if (found.size() < MAX_PROBLEMS) {
      found.add(new Problem(source, line, column, path, message));
    }
  }

  String source() {
    return source;
  }

  /** The document itself, between two places of it. */
  String written(Mark from, Mark to) {
    int start = yaml.offsetByCodePoints(0, from.getIndex());
    return yaml.substring(start, yaml.offsetByCodePoints(start, to.getIndex() - from.getIndex()));
  }

  boolean isEmpty() {
    return found.isEmpty();
  }

  void throwIfAny() throws InvalidFileException {
    if (!found.isEmpty()) {
      throw new InvalidFileException(List.copyOf(found));
    }
  }
}
