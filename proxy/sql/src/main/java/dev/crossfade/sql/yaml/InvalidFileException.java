package dev.crossfade.sql.yaml;

import java.util.List;
import java.util.stream.Collectors;

/** A file that cannot be used, with everything that is wrong with it. The message is one line for each problem. */
public final class InvalidFileException extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient List<Problem> problems;

  /**
   * @param problems at least one
   */
  public InvalidFileException(List<Problem> problems) {
    super(problems.stream().map(Problem::toString).collect(Collectors.joining("\n")));
    if (problems.isEmpty()) {
      throw new IllegalArgumentException("an invalid file has at least one problem");
    }
    this.problems = List.copyOf(problems);
  }

  /** In the order of their places in the file. */
  public List<Problem> problems() {
    return problems;
  }
}
