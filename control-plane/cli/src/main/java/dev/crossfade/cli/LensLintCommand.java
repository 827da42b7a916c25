package dev.crossfade.cli;

import dev.crossfade.api.v1.LensProblems;
import dev.crossfade.engine.catalog.LensFileCheck;
import dev.crossfade.engine.catalog.MigrationText;
import dev.crossfade.sql.yaml.Problem;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code ctl lens lint FILE...}. */
@Command(
    name = "lint",
    description = {
      "Prints what is wrong with migration files, a line for each problem: in the lens, the flag"
          + " and the rollout."
    },
    footer = "  crossfade ctl lens lint migrations/*.yaml")
final class LensLintCommand extends LocalCommand {
  @Parameters(
      arity = "1..*",
      paramLabel = "FILE",
      description = "Migration files; - for standard input.")
  private List<String> files = List.of();

  @Override
  int run(Output output, PrintWriter err) {
    List<Problem> problems = new ArrayList<>();
    boolean unreadable = false;
    for (String file : files) {
      try {
        FileText text = FileText.read(file);
        problems.addAll(LensFileCheck.problems(new MigrationText(text.yaml(), text.source())));
      } catch (UsageException e) {
        // The others are still worth looking at.
        err.println("ctl: " + e.getMessage());
        unreadable = true;
      }
    }
    if (output.isJson()) {
      output.printJson(
          LensProblems.newBuilder()
              .addAllProblems(problems.stream().map(ProblemText::message).toList()));
    } else {
      problems.forEach(problem -> output.print(ProblemText.line(problem)));
    }
    return problems.isEmpty() && !unreadable ? 0 : CtlMain.EXIT_USAGE;
  }
}
