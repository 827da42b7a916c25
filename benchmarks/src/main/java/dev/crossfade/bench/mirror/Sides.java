package dev.crossfade.bench.mirror;

import dev.crossfade.core.migration.Side;
import dev.crossfade.core.schema.Catalog;
import dev.crossfade.mirror.Capture;
import dev.crossfade.mirror.Endpoint;
import dev.crossfade.mirror.Flip;
import dev.crossfade.mirror.FlipException;
import dev.crossfade.mirror.Mirror;
import dev.crossfade.sql.capture.CaptureScript;
import dev.crossfade.sql.catalog.CatalogQueries;
import dev.crossfade.sql.catalog.CatalogTooLargeException;
import dev.crossfade.sql.image.NotMirroredException;
import dev.crossfade.sql.image.SyncPlan;
import dev.crossfade.sql.lens.CompiledLens;
import dev.crossfade.sql.lens.LensCompiler;
import dev.crossfade.sql.lens.MigrationFile;
import dev.crossfade.sql.yaml.InvalidFileException;
import dev.crossfade.testkit.postgres.EmbeddedServer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * Two servers; old's customers are people and contacts on new, its orders purchases, its ledger a
 * journal, its progress an advance.
 */
public final class Sides implements AutoCloseable {
  private static final String YAML =
      """
      apiVersion: crossfade.dev/v1
      kind: Migration
      metadata: {name: split-customers}
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
        new:
          people:
            entity: [id]
            up: |
              SELECT id, split_part(full_name, ' ', 1) AS given_name, nullif(split_part(full_name, ' ', 2), '') AS family_name,
                     balance_cents / 100.0 AS balance, created_at FROM customers
          contacts:
            entity: [person_id]
            up: SELECT id AS person_id, email FROM customers WHERE email IS NOT NULL
        tables:
          - old: ledger
            new: journal
            columns: {n: {rename: number}, client: {rename: writer}}
          - old: orders
            new: purchases
            columns: {customer_id: {rename: buyer_id}}
          - old: progress
            new: advance
            columns: {client: {rename: writer}, n: {rename: number}}
      """;

  private final EmbeddedServer old;
  private final EmbeddedServer next;
  private final String database;
  private final List<SyncPlan> plans;
  private final List<SyncPlan> back;

  private Sides(EmbeddedServer old, EmbeddedServer next, String database)
      throws SQLException, CatalogTooLargeException, InvalidFileException, NotMirroredException {
    this.old = old;
    this.next = next;
    this.database = database;
    old.executeIn(
        database,
        """
        CREATE TABLE customers (id bigint PRIMARY KEY, full_name varchar(80) NOT NULL, email text,
          balance_cents bigint NOT NULL, created_at timestamptz NOT NULL)
        """,
        "CREATE TABLE ledger (n bigint PRIMARY KEY, client int NOT NULL)",
        "CREATE INDEX ON ledger (client)",
        "CREATE TABLE progress (client int PRIMARY KEY, n bigint NOT NULL)",
        """
        CREATE TABLE orders (id bigint PRIMARY KEY, cents int NOT NULL,
          customer_id bigint NOT NULL REFERENCES customers ON UPDATE CASCADE ON DELETE CASCADE)
        """,
        "CREATE INDEX ON orders (customer_id)");
    next.executeIn(
        database,
        """
        CREATE TABLE people (id bigint PRIMARY KEY, given_name text NOT NULL, family_name text,
          balance numeric NOT NULL, created_at timestamptz NOT NULL)
        """,
        "CREATE TABLE contacts (person_id bigint PRIMARY KEY, email text NOT NULL)",
        "CREATE TABLE journal (number bigint PRIMARY KEY, writer int NOT NULL)",
        "CREATE INDEX ON journal (writer)",
        "CREATE TABLE advance (writer int PRIMARY KEY, number bigint NOT NULL)",
        "CREATE TABLE purchases (id bigint PRIMARY KEY, cents int NOT NULL, buyer_id bigint NOT"
            + " NULL)");
    Catalog here = catalog(old, database);
    Catalog there = catalog(next, database);
    CompiledLens lens =
        LensCompiler.compile(MigrationFile.parse(YAML, "split-customers.yaml"), here, there);
    plans = SyncPlan.of(lens, Side.OLD, there);
    back = SyncPlan.of(lens, Side.NEW, here);
  }

  public EmbeddedServer old() {
    return old;
  }

  public EmbeddedServer next() {
    return next;
  }

  /** How old's entities get to new. */
  public List<SyncPlan> plans() {
    return plans;
  }

  /** How new's entities get to old. */
  public List<SyncPlan> back() {
    return back;
  }

  /** The migration file. */
  public static String yaml() {
    return YAML;
  }

  public static Sides start()
      throws SQLException, CatalogTooLargeException, InvalidFileException, NotMirroredException {
    return new Sides(server(), server(), EmbeddedServer.SUPERUSER);
  }

  /**
   * The same in other databases, which are empty; {@link #close()} is for whoever has the servers.
   */
  public static Sides in(String database, EmbeddedServer old, EmbeddedServer next)
      throws SQLException, CatalogTooLargeException, InvalidFileException, NotMirroredException {
    return new Sides(old, next, database);
  }

  private static EmbeddedServer server() {
    return EmbeddedServer.builder()
        .setting("shared_buffers", "256MB")
        .setting("max_wal_size", "4GB")
        .start();
  }

  /** So many customers on old, and nothing on new. */
  public void fill(int customers) throws SQLException {
    old.executeIn(
        database,
        "TRUNCATE customers CASCADE",
        """
        INSERT INTO customers SELECT i, 'Given' || i || ' Family' || i, CASE WHEN i %% 5 > 0 THEN 'c' || i || '@example.org' END,
          i * 17, timestamptz '2020-01-01 00:00:00Z' + i * interval '1 hour' FROM generate_series(1, %d) i
        """
            .formatted(customers),
        "VACUUM ANALYZE customers");
  }

  /**
   * So many more on old, whose ids are far above those of others, and lets new take purchases away
   * and change them along with people, as old does: for runs in which new has the authority, too.
   */
  public void extend(int more) throws SQLException {
    old.executeIn(
        database,
        """
        INSERT INTO customers SELECT 10000000 + i, 'Given' || i, NULL, 1, timestamptz '2020-01-01 00:00:00Z'
        FROM generate_series(1, %d) i
        """
            .formatted(more),
        // A backfill goes up to these.
        "INSERT INTO ledger VALUES (-1, -1)",
        "INSERT INTO orders VALUES (-1, 5, 10000001)");
    next.executeIn(
        database,
        "CREATE INDEX ON purchases (buyer_id)",
        "ALTER TABLE purchases ADD FOREIGN KEY (buyer_id) REFERENCES people ON UPDATE CASCADE ON"
            + " DELETE CASCADE");
  }

  /** Lets old log its changes. */
  public void capture() throws SQLException {
    new Capture(endpoint(old), Capture.Patience.USUAL).install(script());
    new Capture(endpoint(next), Capture.Patience.USUAL)
        .install(CaptureScript.install(back, Side.OLD));
  }

  /**
   * Lets old log the changes of a migration, in databases that have its tables.
   *
   * @param yaml the migration's file
   */
  public static void capture(String yaml, String database, EmbeddedServer old, EmbeddedServer next)
      throws SQLException, CatalogTooLargeException, InvalidFileException, NotMirroredException {
    Catalog there = catalog(next, database);
    CompiledLens lens =
        LensCompiler.compile(
            MigrationFile.parse(yaml, "migration.yaml"), catalog(old, database), there);
    new Capture(endpoint(old, database), Capture.Patience.USUAL)
        .install(CaptureScript.install(SyncPlan.of(lens, Side.OLD, there), Side.OLD));
  }

  /**
   * Moves the authority; no sidecar is told.
   *
   * @param steps is told how far it is
   */
  public Flip.Outcome flip(Side target, Flip.Steps steps) throws FlipException {
    Mirror.Link forth = link(plans, old, next);
    Mirror.Link home = link(back, next, old);
    return target == Side.NEW
        ? new Flip(forth, home, Flip.Settings.USUAL, steps).run()
        : new Flip(home, forth, Flip.Settings.USUAL, steps).run();
  }

  private Mirror.Link link(List<SyncPlan> plans, EmbeddedServer from, EmbeddedServer to) {
    return new Mirror.Link(
        plans, CaptureScript.install(plans, Side.OLD), endpoint(from), endpoint(to));
  }

  CaptureScript script() {
    return CaptureScript.install(plans, Side.OLD);
  }

  public Endpoint endpoint(EmbeddedServer server) {
    return endpoint(server, database);
  }

  private static Endpoint endpoint(EmbeddedServer server, String database) {
    return new Endpoint(server.jdbcUrl(database, EmbeddedServer.SUPERUSER), new Properties());
  }

  private static Catalog catalog(EmbeddedServer server, String database)
      throws SQLException, CatalogTooLargeException {
    try (Connection connection = server.connect(database)) {
      return CatalogQueries.<SQLException>read(sql -> rows(connection, sql));
    }
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

  @Override
  public void close() {
    old.close();
    next.close();
  }
}
