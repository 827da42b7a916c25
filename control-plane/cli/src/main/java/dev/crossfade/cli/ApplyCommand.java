package dev.crossfade.cli;

import dev.crossfade.api.v1.ApplyRequest;
import dev.crossfade.api.v1.CatalogEvidence;
import dev.crossfade.api.v1.LensReport;
import dev.crossfade.api.v1.MigrationResponse;
import dev.crossfade.core.migration.Side;
import dev.crossfade.inspect.catalog.CatalogCheck;
import dev.crossfade.inspect.catalog.CatalogFingerprint;
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
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code ctl apply -f FILE [--old URL --new URL]}. */
@Command(
    name = "apply",
    description = {
      "Adds a migration to the catalog, or replaces its file while it is OFF.",
      "With --old and --new it first compares the catalogs of both databases, as lens preflight"
          + " does, and ends with 4 when something blocks a stage."
    },
    footer = {
      "  crossfade ctl apply -f split-customers.yaml --reason \"one table per concern\"",
      "  crossfade ctl apply -f split-customers.yaml --old postgresql://reader@old:5432/shop"
          + " --new postgresql://reader@new:5432/shop"
    })
final class ApplyCommand extends CtlCommand {
  @Option(
      names = {"-f", "--file"},
      required = true,
      paramLabel = "FILE",
      description = "The migration file; - for standard input.")
  private String file = "";

  @Option(
      names = "--if-version",
      paramLabel = "N",
      description = "Only if the migration is at this version; 0: only if it does not exist.")
  private @Nullable Long ifVersion;

  @ArgGroup(exclusive = false, multiplicity = "0..1")
  private @Nullable DatabaseOptions databases;

  @Mixin private ChangeOptions change = new ChangeOptions();

  private @Nullable FileText text;
  private @Nullable CatalogEvidence evidence;

  @Override
  int before(Output output, PrintWriter err) throws UsageException {
    FileText read = FileText.read(file);
    text = read;
    return databases == null ? 0 : compareCatalogs(databases, read, output, err);
  }

  private int compareCatalogs(DatabaseOptions given, FileText read, Output output, PrintWriter err)
      throws UsageException {
    try (Database old = given.open(Side.OLD, main());
        Database next = given.open(Side.NEW, main())) {
      CompiledLens lens =
          LensCompiler.compile(
              MigrationFile.parse(read.yaml(), read.source()), old.catalog(), next.catalog());
      List<Finding> findings = new ArrayList<>(CatalogCheck.run(lens, old, next));
      findings.sort(Comparator.comparing(Finding::severity).thenComparing(Finding::code));
      if (count(findings, Severity.BLOCKING) > 0) {
        refuse(lens, findings, output);
        err.println("ctl: not applied: what blocks a stage has to be put right first");
        return CtlMain.EXIT_FINDINGS;
      }
      evidence =
          CatalogEvidence.newBuilder()
              .setOldDatabase(given.place(Side.OLD, main()))
              .setNewDatabase(given.place(Side.NEW, main()))
              .setFingerprint(CatalogFingerprint.of(lens))
              .setWarnings(count(findings, Severity.WARNING))
              .build();
      return 0;
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

  private static int count(List<Finding> findings, Severity severity) {
    return (int) findings.stream().filter(finding -> finding.severity() == severity).count();
  }

  private static void refuse(CompiledLens lens, List<Finding> findings, Output output) {
    if (output.isJson()) {
      output.printJson(
          LensReport.newBuilder()
              .setMigration(lens.migration())
              .addAllFindings(findings.stream().map(LensFindings::message).toList()));
    } else {
      LensFindings.print(findings, output);
    }
  }

  @Override
  void on(Connection connection) throws UsageException {
    FileText read = text;
    if (read == null) {
      throw new IllegalStateException("the file is read before");
    }
    ApplyRequest.Builder request =
        ApplyRequest.newBuilder()
            .setYaml(read.yaml())
            .setSource(read.source())
            .setNote(change.note(main()));
    if (ifVersion != null) {
      request.setExpectedVersion(ifVersion);
    }
    if (evidence != null) {
      request.setCatalogEvidence(evidence);
    }
    MigrationResponse response = connection.migrations().apply(request.build());
    Answers.changed(connection, response);
    if (!connection.isJson()) {
      connection.print(
          response.getMigration().hasCatalogCheck()
              ? "catalogs: " + Show.check(response.getMigration().getCatalogCheck())
              : "catalogs: not compared; --old and --new do it");
    }
  }
}
