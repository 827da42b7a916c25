package dev.crossfade.bench.writes;

import dev.crossfade.core.schema.Catalog;
import dev.crossfade.core.schema.TableName;
import dev.crossfade.sql.catalog.CatalogQueries;
import dev.crossfade.sql.catalog.CatalogTooLargeException;
import dev.crossfade.sql.lens.CompiledLens;
import dev.crossfade.sql.lens.CompiledLens.MappedTable;
import dev.crossfade.sql.lens.LensCompiler;
import dev.crossfade.sql.lens.MigrationFile;
import dev.crossfade.sql.lens.StatementAnalyzer;
import dev.crossfade.sql.write.Shapes;
import dev.crossfade.sql.write.WriteAnalyzer;
import dev.crossfade.sql.yaml.InvalidFileException;
import dev.crossfade.testkit.postgres.EmbeddedServer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;

/** Two filled databases of different shapes, and the lenses between them. */
final class World implements AutoCloseable {
  static final String OLD = "old";
  static final String NEW = "new";
  private static final List<String> MIGRATIONS =
      List.of(
          "customers",
          "orders",
          "articles",
          "accounts",
          "visits",
          "guests",
          "parcels",
          "desks",
          "tallies");

  /** Tables of new, those that others refer to first. */
  private static final List<String> FILLED =
      List.of(
          "people",
          "contacts",
          "purchase",
          "purchase_line",
          "article",
          "article_tag",
          "accounts",
          "visit",
          "guest_ids",
          "guest",
          "stay",
          "shipment",
          "workplace",
          "tally",
          "tally_note");

  private static final int CONNECTIONS = 100;

  private final EmbeddedServer server;
  private final List<CompiledLens> lenses = new ArrayList<>();
  private final Map<TableName, MappedTable> downs = new TreeMap<>(byName());
  private final Map<TableName, MappedTable> ups = new TreeMap<>(byName());
  private final WriteAnalyzer analyzer;

  private static Comparator<TableName> byName() {
    return Comparator.comparing(TableName::toString);
  }

  private World(EmbeddedServer server, int sessions, UnaryOperator<String> fault)
      throws SQLException, IOException {
    this.server = server;
    server.createDatabase(OLD);
    server.createDatabase(NEW);
    server.executeIn(OLD, resource("old.sql"), Seeding.old(sessions));
    server.executeIn(NEW, resource("new.sql"));
    Catalog old = catalog(OLD);
    Catalog target = catalog(NEW);
    for (String name : MIGRATIONS) {
      lenses.add(compile(fault.apply(resource(name + ".yaml")), old, target));
    }
    for (CompiledLens lens : lenses) {
      downs.putAll(lens.tables());
      ups.putAll(lens.ups());
    }
    this.analyzer =
        new WriteAnalyzer(
            lenses.stream().map(Shapes::oldOnNew).toList(),
            new StatementAnalyzer(lenses, old),
            old);
    fill();
    server.executeIn(OLD, resource("unseen.sql"));
  }

  /**
   * @param sessions with rows of their own
   */
  static World start(int sessions) throws SQLException, IOException {
    return start(sessions, UnaryOperator.identity());
  }

  /**
   * @param fault changes the migration files
   */
  static World start(int sessions, UnaryOperator<String> fault) throws SQLException, IOException {
    EmbeddedServer server =
        EmbeddedServer.builder()
            .setting("max_connections", Integer.toString(CONNECTIONS))
            .setting("deadlock_timeout", "100ms")
            .start();
    try {
      return new World(server, sessions, fault);
    } catch (SQLException | IOException | RuntimeException e) {
      server.close();
      throw e;
    }
  }

  private static CompiledLens compile(String yaml, Catalog old, Catalog target) {
    try {
      return LensCompiler.compile(MigrationFile.parse(yaml, "migration"), old, target);
    } catch (InvalidFileException e) {
      throw new IllegalStateException(String.valueOf(e.problems()), e);
    }
  }

  static String resource(String name) throws IOException {
    try (InputStream stream = World.class.getResourceAsStream("/writes/" + name)) {
      if (stream == null) {
        throw new IllegalStateException("writes/" + name + " is not on the class path");
      }
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private Catalog catalog(String database) throws SQLException {
    try (Connection connection = server.connect(database)) {
      return CatalogQueries.read(sql -> rows(connection, sql));
    } catch (CatalogTooLargeException e) {
      throw new IllegalStateException(e);
    }
  }

  private static List<List<@Nullable String>> rows(Connection connection, String sql)
      throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      List<List<@Nullable String>> rows = new ArrayList<>();
      int columns = result.getMetaData().getColumnCount();
      while (result.next()) {
        List<@Nullable String> row = new ArrayList<>();
        for (int column = 1; column <= columns; column++) {
          row.add(result.getString(column));
        }
        rows.add(row);
      }
      return rows;
    }
  }

  private void fill() throws SQLException, IOException {
    try (Connection source = server.connect(OLD);
        Connection sink = server.connect(NEW)) {
      for (String name : FILLED) {
        MappedTable table = up(name);
        ByteArrayOutputStream rows = new ByteArrayOutputStream();
        String columns =
            table.columns().stream().map(each -> '"' + each + '"').collect(Collectors.joining(","));
        source
            .unwrap(PGConnection.class)
            .getCopyAPI()
            .copyOut(
                "COPY (SELECT " + columns + " FROM (" + table.query() + ") AS u) TO STDOUT", rows);
        sink.unwrap(PGConnection.class)
            .getCopyAPI()
            .copyIn(
                "COPY " + name + " (" + columns + ") FROM STDIN",
                new ByteArrayInputStream(rows.toByteArray()));
      }
    }
    server.executeIn(NEW, Seeding.unseen());
    server.executeIn(NEW, "VACUUM ANALYZE");
    server.executeIn(OLD, "VACUUM ANALYZE");
  }

  private MappedTable up(String name) {
    MappedTable table = ups.get(new TableName("public", name));
    if (table == null) {
      throw new IllegalStateException("no lens gives " + name);
    }
    return table;
  }

  WriteAnalyzer analyzer() {
    return analyzer;
  }

  /** The tables of old with the queries over new that give their rows. */
  Map<TableName, MappedTable> downs() {
    return downs;
  }

  /** The tables of new with the queries over old that give their rows. */
  Map<TableName, MappedTable> ups() {
    return ups;
  }

  Link old() throws IOException {
    return Link.connect(server, OLD);
  }

  Link target() throws IOException {
    return Link.connect(server, NEW);
  }

  @Override
  public void close() {
    server.close();
  }
}
