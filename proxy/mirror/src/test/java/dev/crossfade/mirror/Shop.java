package dev.crossfade.mirror;

import dev.crossfade.core.migration.Side;
import dev.crossfade.core.schema.Catalog;
import dev.crossfade.core.schema.ColumnShape;
import dev.crossfade.sql.capture.CaptureScript;
import dev.crossfade.sql.catalog.CatalogQueries;
import dev.crossfade.sql.catalog.CatalogTooLargeException;
import dev.crossfade.sql.image.NotMirroredException;
import dev.crossfade.sql.image.SyncPlan;
import dev.crossfade.sql.lens.CompiledLens;
import dev.crossfade.sql.lens.CompiledLens.MappedTable;
import dev.crossfade.sql.lens.LensCompiler;
import dev.crossfade.sql.lens.MigrationFile;
import dev.crossfade.sql.lens.Sql;
import dev.crossfade.sql.yaml.InvalidFileException;
import dev.crossfade.testkit.postgres.EmbeddedServer;
import dev.crossfade.testkit.process.Await;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Two databases and a lens between them: a split table, a renamed one, and one whose rows refer to
 * each other on new and take a part of themselves from a table that is not mapped.
 */
final class Shop implements AutoCloseable {
  static final String YAML =
      """
      apiVersion: crossfade.dev/v1
      kind: Migration
      metadata: {name: shop}
      spec:
        engine: postgresql
        entity: {key: [id bigint]}
        old:
          customers:
            entity: [id]
            down: |
              SELECT p.id, p.given_name || coalesce(' ' || p.family_name, '') AS full_name, c.email,
                     (p.balance * 100)::bigint AS balance_cents, p.created_at
              FROM people p LEFT JOIN contacts c ON c.person_id = p.id
          staff:
            entity: [id]
            down: SELECT e.id, e.boss_id, e.account AS login, e.rank FROM employees e
        new:
          employees:
            entity: [id]
            up: |
              SELECT s.id, s.boss_id, s.login AS account, s.rank,
                     (SELECT r.title FROM ranks r WHERE r.rank = s.rank) AS title
              FROM staff s
          people:
            entity: [id]
            up: |
              SELECT id, split_part(full_name, ' ', 1) AS given_name,
                     CASE WHEN strpos(full_name, ' ') > 0 THEN substr(full_name, strpos(full_name, ' ') + 1) END AS family_name,
                     balance_cents * 0.01 AS balance, created_at
              FROM customers
          contacts:
            entity: [person_id]
            up: SELECT id AS person_id, email FROM customers WHERE email IS NOT NULL
        tables:
          - old: orders
            new: purchases
            columns:
              customer_id: {rename: buyer_id}
              note: {rename: remark}
      """;

  private static final String[] OLD = {
    """
    CREATE TABLE customers (id bigint PRIMARY KEY, full_name text NOT NULL, email varchar(120) UNIQUE,
      balance_cents bigint NOT NULL DEFAULT 0, created_at timestamptz NOT NULL DEFAULT now())
    """,
    """
    CREATE TABLE orders (id int PRIMARY KEY, customer_id bigint NOT NULL REFERENCES customers ON UPDATE CASCADE ON DELETE CASCADE,
      total numeric NOT NULL, note text)
    """,
    "CREATE TABLE ranks (rank int PRIMARY KEY, title text)",
    "CREATE TABLE staff (id int PRIMARY KEY, boss_id int, login text UNIQUE, rank int)"
  };

  private static final String[] NEW = {
    """
    CREATE TABLE people (id bigint PRIMARY KEY, given_name text NOT NULL, family_name text,
      balance numeric(20,2) NOT NULL CHECK (balance > -1000000), created_at timestamptz NOT NULL)
    """,
    "CREATE TABLE contacts (person_id bigint PRIMARY KEY REFERENCES people, email varchar(120) NOT"
        + " NULL UNIQUE)",
    "CREATE TABLE purchases (id int PRIMARY KEY, buyer_id bigint NOT NULL, total numeric NOT NULL,"
        + " remark text)",
    """
    CREATE TABLE employees (id int PRIMARY KEY, boss_id int REFERENCES employees ON DELETE SET NULL,
      account varchar(8) UNIQUE, rank int, title text)
    """
  };

  final EmbeddedServer old;
  final EmbeddedServer next;
  final CompiledLens lens;
  final List<SyncPlan> up;
  final List<SyncPlan> down;

  private Shop(EmbeddedServer old, EmbeddedServer next)
      throws SQLException, CatalogTooLargeException, InvalidFileException, NotMirroredException {
    this.old = old;
    this.next = next;
    old.execute(OLD);
    next.execute(NEW);
    Catalog here = catalog(old);
    Catalog there = catalog(next);
    lens = LensCompiler.compile(MigrationFile.parse(YAML, "shop.yaml"), here, there);
    up = SyncPlan.of(lens, Side.OLD, there);
    down = SyncPlan.of(lens, Side.NEW, here);
  }

  static Shop start() throws Exception {
    EmbeddedServer old = EmbeddedServer.start();
    EmbeddedServer next = EmbeddedServer.start();
    Shop shop = new Shop(old, next);
    shop.install();
    return shop;
  }

  void install() throws SQLException {
    new Capture(endpoint(Side.OLD), Capture.Patience.USUAL)
        .install(CaptureScript.install(up, Side.OLD));
    new Capture(endpoint(Side.NEW), Capture.Patience.USUAL)
        .install(CaptureScript.install(down, Side.OLD));
  }

  EmbeddedServer server(Side side) {
    return side == Side.OLD ? old : next;
  }

  Endpoint endpoint(Side side) {
    return new Endpoint(
        server(side).jdbcUrl("postgres", EmbeddedServer.SUPERUSER), new Properties());
  }

  /**
   * @param authority the side that is read
   */
  Mirror.Link link(Side authority) {
    List<SyncPlan> plans = authority == Side.OLD ? up : down;
    return new Mirror.Link(
        plans,
        CaptureScript.install(plans, Side.OLD),
        endpoint(authority),
        endpoint(authority.other()));
  }

  Mirror mirror(Mirror.Settings settings, MirrorMeters meters) {
    return Mirror.start(link(Side.OLD), settings, meters);
  }

  Mirror mirror() {
    return mirror(
        new Mirror.Settings(64, Duration.ofMillis(20), Duration.ofMillis(100), 3),
        MirrorMeters.NONE);
  }

  /** Of all that is committed on old now. */
  static void awaitArrival(Mirror mirror) {
    long ticket = mirror.watermark().ticket();
    mirror.kick();
    Await.until(
        "all has arrived", Duration.ofSeconds(30), () -> mirror.watermark().hasArrived(ticket));
  }

  static Catalog catalog(EmbeddedServer server) throws SQLException, CatalogTooLargeException {
    try (Connection connection = server.connect("postgres")) {
      return CatalogQueries.<SQLException>read(sql -> rows(connection, sql));
    }
  }

  /** What new would be if it were made of old now, and what it is: both as sorted rows. */
  Map<String, List<String>> wanted() throws SQLException {
    return tables(old, true);
  }

  Map<String, List<String>> found() throws SQLException {
    return tables(next, false);
  }

  private Map<String, List<String>> tables(EmbeddedServer server, boolean image)
      throws SQLException {
    Map<String, List<String>> tables = new java.util.TreeMap<>();
    try (Connection connection = server.connect("postgres")) {
      connection.createStatement().execute("SET TimeZone = 'UTC'");
      for (MappedTable table : lens.ups().values()) {
        String columns =
            table.shape().columns().stream()
                .map(ColumnShape::name)
                .map(Sql::quote)
                .collect(Collectors.joining(", "));
        String from = image ? table.substitution() : Sql.quote(table.shape().name());
        List<String> rows = new ArrayList<>();
        for (List<@Nullable String> row :
            rows(connection, "SELECT CAST((" + columns + ") AS text) FROM " + from + " AS x")) {
          rows.add(String.valueOf(row.getFirst()));
        }
        rows.sort(null);
        tables.put(table.shape().name().toString(), rows);
      }
    }
    return tables;
  }

  String value(Side side, String sql) throws SQLException {
    try (Connection connection = server(side).connect("postgres")) {
      return String.valueOf(rows(connection, sql).getFirst().getFirst());
    }
  }

  static List<List<@Nullable String>> rows(Connection connection, String sql) throws SQLException {
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

  @Override
  public void close() {
    old.close();
    next.close();
  }
}
