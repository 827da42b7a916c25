package dev.crossfade.cli;

import dev.crossfade.api.v1.LensReport;
import dev.crossfade.core.migration.Side;
import dev.crossfade.inspect.database.Database;
import dev.crossfade.inspect.database.QueryException;
import dev.crossfade.inspect.finding.Severity;
import dev.crossfade.inspect.law.LawReport;
import dev.crossfade.inspect.law.LensCheck;
import dev.crossfade.sql.catalog.CatalogTooLargeException;
import dev.crossfade.sql.lens.CompiledLens;
import dev.crossfade.sql.lens.LensCompiler;
import dev.crossfade.sql.lens.MigrationFile;
import dev.crossfade.sql.yaml.InvalidFileException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ctl lens check FILE --old URL --new URL}. */
@Command(
    name = "check",
    description = {
      "Checks on every row that nothing is lost: down(up(x)) = x over the old tables, up(down(y)) ="
          + " y over what new already has, and that old's rows fit new's constraints.",
      "Only reads, a chunk at a time. Ends with 0 when every column is lossless, else with 4.",
      "Give a role that may read all rows of the mapped tables."
    },
    footer = {
      "  crossfade ctl lens check split-customers.yaml --old postgresql://reader@old:5432/shop"
          + " --new postgresql://reader@new:5432/shop"
    })
final class LensCheckCommand extends LocalCommand {
  @Parameters(
      index = "0",
      paramLabel = "FILE",
      description = "The migration file; - for standard input.")
  private String file = "";

  @Mixin private DatabaseOptions databases = new DatabaseOptions();

  @Option(
      names = "--chunk",
      paramLabel = "ROWS",
      defaultValue = "5000",
      description = "Rows that one query looks at, about. Default: ${DEFAULT-VALUE}")
  private int chunk = 5000;

  @Option(
      names = "--checkpoint",
      paramLabel = "FILE",
      description =
          "Keep there how far the check has come, and go on from there when it exists. It holds"
              + " keys of rows.")
  private @Nullable Path checkpoint;

  @Option(names = "--show-values", description = "Show what is in the rows that differ.")
  private boolean showValues;

  @Option(
      names = "--whole-table-timeout",
      paramLabel = "SECONDS",
      defaultValue = "600",
      description =
          "How long a query for unique keys and foreign keys may run, which needs a whole table."
              + " Default: ${DEFAULT-VALUE}")
  private int wholeTableSeconds = 600;

  @Override
  int run(Output output, PrintWriter err) throws UsageException {
    if (chunk < 1 || chunk > 1_000_000 || wholeTableSeconds < 1) {
      throw new UsageException("--chunk: 1 to 1,000,000 rows; timeouts: at least 1 second");
    }
    FileText text = FileText.read(file);
    try (Database old = databases.open(Side.OLD, main());
        Database next = databases.open(Side.NEW, main())) {
      CompiledLens lens =
          LensCompiler.compile(
              MigrationFile.parse(text.yaml(), text.source()), old.catalog(), next.catalog());
      LensCheck.Options options =
          new LensCheck.Options(
              chunk,
              showValues,
              Duration.ofSeconds(wholeTableSeconds),
              checkpoint,
              subject(text.yaml()));
      boolean terminal = System.console() != null && System.console().isTerminal();
      CheckProgress progress = new CheckProgress(terminal ? err : null, System::nanoTime);
      LawReport report = LensCheck.run(lens, new LensCheck.Sides(old, next), options, progress);
      progress.end();
      print(lens.migration(), report, output);
      return report.findings().stream().allMatch(finding -> finding.severity() == Severity.NOTE)
          ? 0
          : CtlMain.EXIT_FINDINGS;
    } catch (InvalidFileException e) {
      e.problems().forEach(problem -> err.println(ProblemText.line(problem)));
      return CtlMain.EXIT_USAGE;
    } catch (CatalogTooLargeException | IOException e) {
      throw new UsageException(String.valueOf(e.getMessage()));
    } catch (QueryException e) {
      err.println("ctl: a database does not answer: " + e.withoutValues());
      return CtlMain.EXIT_UNREACHABLE;
    }
  }

  private void print(String migration, LawReport report, Output output) {
    if (output.isJson()) {
      output.printJson(
          LensReport.newBuilder()
              .setMigration(migration)
              .addAllTables(report.tables().stream().map(LensFindings::message).toList())
              .setNewRows(report.newRows())
              .addAllFindings(report.findings().stream().map(LensFindings::message).toList()));
      return;
    }
    Table table = new Table("TABLE", "ROWS", "COLUMN", "LOSS", "ROWS CHANGED");
    for (LawReport.Table checked : report.tables()) {
      String name = checked.name().toString();
      String rows = String.valueOf(checked.rows());
      for (LawReport.Column column : checked.columns()) {
        String loss = column.loss().name().toLowerCase(Locale.ROOT);
        table.row(name, rows, column.name(), loss, String.valueOf(column.rows()));
      }
    }
    output.print(table.toString());
    LensFindings.print(report.findings(), output);
  }

  /** A checkpoint of something else must not be gone on from. */
  private String subject(String yaml) throws UsageException {
    String all = databases.described(main()) + "\n" + showValues + "\n" + yaml;
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(all.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
