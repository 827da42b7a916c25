package dev.crossfade.bench.lenses;

import dev.crossfade.bench.lenses.Inspection.By;
import dev.crossfade.core.migration.Side;
import dev.crossfade.inspect.catalog.CatalogCheck;
import dev.crossfade.inspect.database.Database;
import dev.crossfade.inspect.database.DatabaseUrl;
import dev.crossfade.inspect.database.QueryException;
import dev.crossfade.inspect.finding.Finding;
import dev.crossfade.inspect.finding.Severity;
import dev.crossfade.inspect.law.LensCheck;
import dev.crossfade.sql.catalog.CatalogTooLargeException;
import dev.crossfade.sql.lens.CompiledLens;
import dev.crossfade.sql.lens.LensCompiler;
import dev.crossfade.sql.lens.MigrationFile;
import dev.crossfade.sql.yaml.InvalidFileException;
import dev.crossfade.sql.yaml.Problem;
import dev.crossfade.testkit.postgres.EmbeddedServer;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Gives lenses to the checks that run before any traffic moves, over a data set of odd rows. One
 * server, with the old and the new shape in two databases.
 */
public final class LensesRun implements AutoCloseable {
  private static final String OLD = "old";
  private static final String NEW = "new";
  private static final int CHUNK_ROWS = 5000;
  private static final Duration QUERY_MAX = Duration.ofSeconds(30);

  private final EmbeddedServer server;
  private final Database old;
  private final Map<String, Set<String>> known = new HashMap<>();

  private LensesRun(EmbeddedServer server, Database old) {
    this.server = server;
    this.old = old;
  }

  /** Starts the server and fills old. */
  public static LensesRun start() throws SQLException, QueryException {
    EmbeddedServer server = EmbeddedServer.start();
    server.createDatabase(OLD);
    server.createDatabase(NEW);
    server.executeIn(OLD, LensCase.resource("old.sql"));
    return new LensesRun(server, Database.open(Side.OLD, url(server, OLD), QUERY_MAX));
  }

  private static DatabaseUrl url(EmbeddedServer server, String database) {
    String user = EmbeddedServer.SUPERUSER;
    return DatabaseUrl.parse(
        "postgresql://" + server.host() + ':' + server.port() + '/' + database, null, user);
  }

  /** What the checks find; findings that the lens it was made from has as well do not count. */
  public Inspection inspect(LensCase lens)
      throws SQLException, QueryException, IOException, CatalogTooLargeException {
    if (!known.containsKey(lens.base())) {
      String yaml = LensCase.resource(lens.base() + ".yaml");
      Set<String> places = new HashSet<>();
      for (Finding finding : catalog(new LensCase("", lens.base(), yaml, List.of()))) {
        places.add(finding.code() + finding.place());
      }
      known.put(lens.base(), places);
    }
    Set<String> before = Objects.requireNonNull(known.get(lens.base()));
    renew(lens);
    try (Database next = Database.open(Side.NEW, url(server, NEW), QUERY_MAX)) {
      CompiledLens compiled;
      try {
        compiled = compile(lens, next);
      } catch (InvalidFileException e) {
        Problem problem = e.problems().getFirst();
        String place = problem.line() + ":" + problem.column() + " " + problem.path();
        return new Inspection(lens, By.FILE, "FILE_INVALID", place, problem.message());
      }
      for (Finding finding : rows(compiled, next)) {
        if (finding.severity() != Severity.NOTE) {
          return caught(lens, By.ROWS, finding);
        }
      }
      for (Finding finding : CatalogCheck.run(compiled, old, next)) {
        if (finding.severity() != Severity.NOTE
            && !before.contains(finding.code() + finding.place())) {
          return caught(lens, By.CATALOG, finding);
        }
      }
    }
    return new Inspection(lens, By.NOBODY, "", "", "");
  }

  private List<Finding> catalog(LensCase lens)
      throws SQLException, QueryException, CatalogTooLargeException {
    renew(lens);
    try (Database next = Database.open(Side.NEW, url(server, NEW), QUERY_MAX)) {
      return CatalogCheck.run(compile(lens, next), old, next);
    } catch (InvalidFileException e) {
      throw new IllegalStateException(lens.base() + " is not a right lens: " + e.getMessage(), e);
    }
  }

  private List<Finding> rows(CompiledLens lens, Database next) throws QueryException, IOException {
    LensCheck.Options options =
        new LensCheck.Options(CHUNK_ROWS, false, QUERY_MAX, null, lens.migration());
    return LensCheck.run(
            lens, new LensCheck.Sides(old, next), options, (step, rows, expected) -> {})
        .findings();
  }

  private CompiledLens compile(LensCase lens, Database next)
      throws QueryException, CatalogTooLargeException, InvalidFileException {
    return LensCompiler.compile(
        MigrationFile.parse(lens.yaml(), lens.base() + ".yaml"), old.catalog(), next.catalog());
  }

  private void renew(LensCase lens) throws SQLException {
    List<String> statements = new ArrayList<>();
    statements.add("DROP SCHEMA public CASCADE");
    statements.add("CREATE SCHEMA public");
    statements.add(LensCase.resource("new.sql"));
    statements.addAll(lens.onNew());
    server.executeIn(NEW, statements.toArray(String[]::new));
  }

  private static Inspection caught(LensCase lens, By by, Finding finding) {
    String example =
        finding.examples().isEmpty() ? finding.message() : finding.examples().getFirst().toString();
    return new Inspection(lens, by, finding.code().name(), finding.place(), example);
  }

  @Override
  public void close() {
    old.close();
    server.close();
  }
}
