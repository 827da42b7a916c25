package dev.crossfade.sql.yaml;

import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A file that cannot be used, with everything that is wrong with it. The message is one line for
 * each problem.
 */
public final class InvalidFileException extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient List<Problem> problems;

  /**
   * @param problems at least one
   */
  public InvalidFileException(List<Problem> problems) {
    super(sorted(problems).stream().map(Problem::toString).collect(Collectors.joining("\n")));
    if (problems.isEmpty()) {
      throw new IllegalArgumentException("an invalid file has at least one problem");
    }
    this.problems = sorted(problems);
  }

  private static List<Problem> sorted(List<Problem> problems) {
    return problems.stream()
        .sorted(Comparator.comparingInt(Problem::line).thenComparingInt(Problem::column))
        .toList();
  }

  /** In the order of their places in the file. */
  public List<Problem> problems() {
    return problems;
  }
}
