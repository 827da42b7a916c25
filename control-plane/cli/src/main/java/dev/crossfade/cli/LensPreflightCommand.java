package dev.crossfade.cli;

import dev.crossfade.api.v1.LensReport;
import dev.crossfade.core.migration.Side;
import dev.crossfade.inspect.catalog.CatalogCheck;
import dev.crossfade.inspect.catalog.Preflight;
import dev.crossfade.inspect.database.Database;
import dev.crossfade.inspect.database.QueryException;
import dev.crossfade.inspect.finding.Finding;
import dev.crossfade.inspect.finding.Severity;
import dev.crossfade.sql.catalog.CatalogTooLargeException;
import dev.crossfade.sql.lens.CompiledLens;
import dev.crossfade.sql.lens.LensCompiler;
import dev.crossfade.sql.lens.MigrationFile;
import dev.crossfade.sql.yaml.InvalidFileException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code ctl lens preflight FILE --old URL --new URL}. */
@Command(
    name = "preflight",
    description = {
      "Compares the catalogs of both databases for a migration: types, keys, constraints,"
          + " collations, grants, row-level security; and lists what else hangs on its tables:"
          + " views, functions, triggers, foreign keys, rules, publications.",
      "Looks at no row. Ends with 4 when something blocks a stage."
    },
    footer = {
      "  crossfade ctl lens preflight split-customers.yaml --old postgresql://reader@old:5432/shop"
          + " --new postgresql://reader@new:5432/shop"
    })
final class LensPreflightCommand extends LocalCommand {
  @Parameters(
      index = "0",
      paramLabel = "FILE",
      description = "The migration file; - for standard input.")
  private String file = "";

  @Mixin private DatabaseOptions databases = new DatabaseOptions();

  @Override
  int run(Output output, PrintWriter err) throws UsageException {
    FileText text = FileText.read(file);
    try (Database old = databases.open(Side.OLD, main());
        Database next = databases.open(Side.NEW, main())) {
      CompiledLens lens =
          LensCompiler.compile(
              MigrationFile.parse(text.yaml(), text.source()), old.catalog(), next.catalog());
      List<Finding> findings = new ArrayList<>(CatalogCheck.run(lens, old, next));
      findings.addAll(Preflight.run(lens, old, next));
      findings.sort(Comparator.comparing(Finding::severity).thenComparing(Finding::code));
      if (output.isJson()) {
        output.printJson(
            LensReport.newBuilder()
                .setMigration(lens.migration())
                .addAllFindings(findings.stream().map(LensFindings::message).toList()));
      } else {
        LensFindings.print(findings, output);
      }
      return findings.stream().noneMatch(finding -> finding.severity() == Severity.BLOCKING)
          ? 0
          : CtlMain.EXIT_FINDINGS;
    } catch (InvalidFileException e) {
      e.problems().forEach(problem -> err.println(ProblemText.line(problem)));
      return CtlMain.EXIT_USAGE;
    } catch (CatalogTooLargeException e) {
      throw new UsageException(String.valueOf(e.getMessage()));
    } catch (QueryException e) {
      err.println("ctl: a database does not answer: " + e.withoutValues());
      return CtlMain.EXIT_UNREACHABLE;
    }
  }
}
