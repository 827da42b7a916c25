package dev.crossfade.sql.yaml;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** What is wrong with one document so far. The same problem found twice is told once. */
final class YamlProblems {
  private static final int MAX_PROBLEMS = 100;

  private final String source;
  private final Set<Problem> found = new LinkedHashSet<>();

  YamlProblems(String source) {
    this.source = source;
  }

  void add(int line, int column, String path, String message) {
    if (found.size() < MAX_PROBLEMS) {
      found.add(new Problem(source, line, column, path, message));
    }
  }

  String source() {
    return source;
  }

  boolean isEmpty() {
    return found.isEmpty();
  }

  void throwIfAny() throws InvalidFileException {
    if (found.isEmpty()) {
      return;
    }
    List<Problem> sorted = new ArrayList<>(found);
    sorted.sort(Comparator.comparingInt(Problem::line).thenComparingInt(Problem::column));
    throw new InvalidFileException(sorted);
  }
}
