package dev.crossfade.server;

import dev.crossfade.core.migration.Side;
import dev.crossfade.inspect.database.DatabaseUrl;
import dev.crossfade.mirror.Capture;
import dev.crossfade.mirror.Endpoint;
import dev.crossfade.mirror.Flip;
import dev.crossfade.mirror.Mirror;
import dev.crossfade.mirror.MirrorMeters;
import dev.crossfade.mirror.OneDatabase;
import dev.crossfade.server.job.DatabasesFile;
import dev.crossfade.server.store.Database.Login;
import dev.crossfade.sql.catalog.CatalogQueries;
import dev.crossfade.sql.image.SyncPlan;
import dev.crossfade.sql.lens.CompiledLens;
import dev.crossfade.sql.lens.LensCompiler;
import dev.crossfade.sql.lens.MigrationFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Old and new of a migration with its capture, and the file that says where they are.
 *
 * @param file for {@code --databases}
 * @param yaml the migration file
 */
public record JobDatabases(Login old, Login next, Path file, String yaml) {
  /** What is asked here is not how long writers wait. */
  private static final Flip.Settings PATIENT =
      new Flip.Settings(Flip.Settings.USUAL.calm(), Duration.ofSeconds(10));

  public static final String MIGRATION = "notes";
  public static final String YAML =
      """
      apiVersion: crossfade.dev/v1
      kind: Migration
      metadata: {name: notes}
      spec:
        engine: postgresql
        tables:
          - old: notes
            new: remarks
            columns: {body: {rename: text}}
      """;

  /** Old has so many rows, new none; the log is empty. */
  public static JobDatabases create(int rows) throws Exception {
    return create(rows, YAML);
  }

  static JobDatabases create(int rows, String yaml) throws Exception {
    return create(rows, yaml, TestDatabases.create(), TestDatabases.create());
  }

  /** Old and new are one database. */
  static JobDatabases createTogether(int rows) throws Exception {
    Login both = TestDatabases.create();
    return create(rows, YAML, both, both);
  }

  private static JobDatabases create(int rows, String yaml, Login old, Login next)
      throws Exception {
    Path folder = TestDatabases.directory("jobs");
    Files.writeString(folder.resolve("secret"), old.password() + "\n");
    Path file =
        Files.writeString(
            folder.resolve("databases.yaml"),
            "default:\n  old: {url: '%s', passwordFile: secret}\n  new: {url: '%s', passwordFile: secret}\n"
                .formatted(url(old), url(next)));
    JobDatabases databases = new JobDatabases(old, next, file, yaml);
    TestDatabases.execute(
        old.jdbcUrl(),
        "CREATE TABLE notes (id bigint PRIMARY KEY, body text);"
            + " INSERT INTO notes SELECT i, 'note ' || i FROM generate_series(1, "
            + rows
            + ") AS i; ANALYZE notes");
    TestDatabases.execute(
        next.jdbcUrl(),
        "CREATE TABLE remarks (id bigint PRIMARY KEY, text text CHECK (text <> 'bad'))");
    databases.install();
    return databases;
  }

  private static String url(Login login) {
    return login.jdbcUrl().substring("jdbc:".length()).replace("//", "//" + login.user() + "@");
  }

  private void install() throws Exception {
    for (Side side : List.of(Side.NEW, Side.OLD)) {
      Mirror.Link link = link(side);
      new Capture(link.authority(), Capture.Patience.USUAL).install(link.capture());
    }
  }

  /**
   * @param authority the side that is read
   */
  private Mirror.Link link(Side authority) throws Exception {
    try (Connection here = connect(old);
        Connection there = connect(next)) {
      var oldCatalog = CatalogQueries.read(sql -> rows(here, sql));
      var newCatalog = CatalogQueries.read(sql -> rows(there, sql));
      CompiledLens lens =
          LensCompiler.compile(MigrationFile.parse(yaml, "notes.yaml"), oldCatalog, newCatalog);
      List<SyncPlan> plans =
          SyncPlan.of(lens, authority, authority == Side.OLD ? newCatalog : oldCatalog);
      return new Mirror.Link(
          plans,
          OneDatabase.capture(plans, old.equals(next)),
          endpoint(authority == Side.OLD ? old : next),
          endpoint(authority == Side.OLD ? next : old));
    }
  }

  /** New gets the authority. */
  public void flip() throws Exception {
    flip(Side.OLD);
  }

  void flipBack() throws Exception {
    flip(Side.NEW);
  }

  private void flip(Side from) throws Exception {
    new Flip(link(from), link(from.other()), PATIENT, step -> {}).run();
  }

  /** Carries to old what is written on new, as a sidecar would. */
  Mirror mirrorBack() throws Exception {
    return Mirror.start(
        link(Side.NEW),
        new Mirror.Settings(64, Duration.ofMillis(20), Duration.ofMillis(100), 2),
        MirrorMeters.NONE);
  }

  private static List<List<@Nullable String>> rows(Connection connection, String sql)
      throws SQLException {
    List<List<@Nullable String>> rows = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      while (result.next()) {
        List<@Nullable String> row = new ArrayList<>();
        for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
          row.add(result.getString(i));
        }
        rows.add(row);
      }
    }
    return rows;
  }

  private static Endpoint endpoint(Login login) {
    DatabaseUrl url = DatabaseUrl.parse(url(login), login.password(), "nobody");
    return new Endpoint(url.jdbc(), url.properties());
  }

  static Connection connect(Login login) throws SQLException {
    return DriverManager.getConnection(login.jdbcUrl(), login.user(), login.password());
  }

  public DatabasesFile databasesFile() {
    return new DatabasesFile(file, Map.of());
  }

  /** As somebody else. */
  DatabasesFile as(String user, String password) throws IOException {
    String text =
        Files.readString(file)
            .replace("//" + old.user() + "@", "//" + user + "@")
            .replace("passwordFile: secret", "password: " + password);
    return new DatabasesFile(
        Files.writeString(file.resolveSibling(user + ".yaml"), text), Map.of());
  }

  void onOld(String sql) throws SQLException {
    TestDatabases.execute(old.jdbcUrl(), sql);
  }

  /** As the mirror, which the fence lets pass. */
  public void onNew(String sql) throws SQLException {
    TestDatabases.execute(next.jdbcUrl(), "SET crossfade.applying = on; " + sql);
  }

  /** As a client, with an id of new's own. */
  public void insertOnNew() throws SQLException {
    TestDatabases.execute(next.jdbcUrl(), "INSERT INTO remarks (text) VALUES ('own')");
  }

  /** A change that nobody carries: a backfill that allows for none waits. */
  void leavePending() throws SQLException {
    onOld("UPDATE notes SET body = body WHERE id = 1");
  }

  void carryPending() throws SQLException {
    onOld("TRUNCATE crossfade.mutation");
  }

  long count(Login side, String sql) throws SQLException {
    try (Connection connection = connect(side)) {
      return Long.parseLong(String.valueOf(rows(connection, sql).getFirst().getFirst()));
    }
  }

  long remarks() throws SQLException {
    return count(next, "SELECT count(*) FROM remarks");
  }
}
