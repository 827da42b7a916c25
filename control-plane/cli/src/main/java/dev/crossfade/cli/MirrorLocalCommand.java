package dev.crossfade.cli;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.crossfade.core.migration.Side;
import dev.crossfade.core.schema.Catalog;
import dev.crossfade.inspect.database.Database;
import dev.crossfade.inspect.database.QueryException;
import dev.crossfade.mirror.Endpoint;
import dev.crossfade.mirror.OneDatabase;
import dev.crossfade.sql.catalog.CatalogTooLargeException;
import dev.crossfade.sql.image.NotMirroredException;
import dev.crossfade.sql.image.SyncPlan;
import dev.crossfade.sql.lens.CaptureMode;
import dev.crossfade.sql.lens.CompiledLens;
import dev.crossfade.sql.lens.LensCompiler;
import dev.crossfade.sql.lens.MigrationFile;
import dev.crossfade.sql.yaml.InvalidFileException;
import java.io.PrintWriter;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** A command that works on both databases of a migration. */
abstract class MirrorLocalCommand extends LocalCommand {
  @Parameters(
      index = "0",
      paramLabel = "FILE",
      description = "The migration file; - for standard input.")
  private String file = "";

  @Mixin private DatabaseOptions databases = new DatabaseOptions();

  /**
   * What it works on.
   *
   * @param up how old's entities get to new
   * @param down how new's get to old
   */
  record Target(
      String migration, List<SyncPlan> up, List<SyncPlan> down, Endpoint old, Endpoint next) {
    /** Asks both whether they are the same. */
    boolean isOneDatabase() throws SQLException {
      return OneDatabase.is(old, next);
    }

    /** Whether old has no triggers, so that only what comes through sidecars is logged. */
    boolean isByStatement() {
      return up.stream().anyMatch(plan -> plan.capture() == CaptureMode.STATEMENTS);
    }

    /** The tables of old whose changes are logged. */
    long logged() {
      return up.stream()
          .flatMap(
              plan -> Stream.concat(plan.captured().keySet().stream(), plan.consulted().stream()))
          .distinct()
          .count();
    }
  }

  /**
   * Prints the result.
   *
   * @return the exit code
   * @throws SQLException when a database refuses or does not answer
   */
  abstract int on(Target target, Output output, PrintWriter err)
      throws SQLException, UsageException;

  @Override
  final int run(Output output, PrintWriter err) throws UsageException {
    FileText text = FileText.read(file);
    try {
      return on(target(text), output, err);
    } catch (InvalidFileException e) {
      e.problems().forEach(problem -> err.println(ProblemText.line(problem)));
      return CtlMain.EXIT_USAGE;
    } catch (NotMirroredException e) {
      throw new UsageException("its changes can not be carried: " + e.getMessage());
    } catch (CatalogTooLargeException e) {
      throw new UsageException(String.valueOf(e.getMessage()));
    } catch (QueryException e) {
      err.println("ctl: a database does not answer: " + e.withoutValues());
      return CtlMain.EXIT_UNREACHABLE;
    } catch (SQLException e) {
      err.println("ctl: a database refuses (" + e.getSQLState() + "): " + e.getMessage());
      return CtlMain.EXIT_UNREACHABLE;
    }
  }

  private Target target(FileText text)
      throws UsageException,
          InvalidFileException,
          NotMirroredException,
          CatalogTooLargeException,
          QueryException {
    try (Database old = databases.open(Side.OLD, main());
        Database next = databases.open(Side.NEW, main())) {
      Catalog here = old.catalog();
      Catalog there = next.catalog();
      CompiledLens lens =
          LensCompiler.compile(MigrationFile.parse(text.yaml(), text.source()), here, there);
      return new Target(
          lens.migration(),
          SyncPlan.of(lens, Side.OLD, there),
          SyncPlan.of(lens, Side.NEW, here),
          databases.endpoint(Side.OLD, main()),
          databases.endpoint(Side.NEW, main()));
    }
  }

  /** A sentence for people, figures for scripts. */
  static void print(Output output, String sentence, Map<String, Value> figures) {
    if (output.isJson()) {
      output.printJson(Struct.newBuilder().putAllFields(figures));
    } else {
      output.print(sentence);
    }
  }

  static Value number(long value) {
    return Value.newBuilder().setNumberValue(value).build();
  }

  static Value text(String value) {
    return Value.newBuilder().setStringValue(value).build();
  }
}
