package dev.crossfade.cli;

import dev.crossfade.api.v1.LensProblem;
import dev.crossfade.sql.yaml.Problem;

/** How what is wrong with a file is told. */
final class ProblemText {
  private ProblemText() {}

  /** {@code file:line:column: path: what is wrong; what would be right}, which editors follow. */
  static String line(Problem problem) {
    String path = problem.path().isEmpty() ? "" : problem.path() + ": ";
    return problem.source()
        + ':'
        + problem.line()
        + ':'
        + problem.column()
        + ": "
        + path
        + problem.message();
  }

  static LensProblem message(Problem problem) {
    return LensProblem.newBuilder()
        .setSource(problem.source())
        .setLine(problem.line())
        .setColumn(problem.column())
        .setPath(problem.path())
        .setMessage(problem.message())
        .build();
  }
}
