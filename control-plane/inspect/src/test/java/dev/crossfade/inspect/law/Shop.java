package dev.crossfade.inspect.law;

import dev.crossfade.core.migration.Side;
import dev.crossfade.inspect.database.Database;
import dev.crossfade.inspect.database.DatabaseUrl;
import dev.crossfade.inspect.database.QueryException;
import dev.crossfade.sql.catalog.CatalogTooLargeException;
import dev.crossfade.sql.lens.CompiledLens;
import dev.crossfade.sql.lens.LensCompiler;
import dev.crossfade.sql.lens.MigrationFile;
import dev.crossfade.sql.yaml.InvalidFileException;
import dev.crossfade.testkit.postgres.EmbeddedServer;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A small pair of databases: customers become people and contacts, orders become purchases. */
final class Shop {
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
        new:
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

  private static int databases;

  private final EmbeddedServer server;
  final String old = "old" + ++databases;
  final String next = "new" + databases;

  /** Creates both shapes; old has 1,000 customers, every tenth without an email, and 500 orders. */
  Shop(EmbeddedServer server) throws SQLException {
    this.server = server;
    server.createDatabase(old);
    server.createDatabase(next);
    server.executeIn(
        old,
        """
        CREATE TABLE customers (id bigint PRIMARY KEY, full_name text, email varchar(120),
          balance_cents bigint, created_at timestamptz)
        """,
        """
        CREATE TABLE orders (id int PRIMARY KEY, customer_id bigint NOT NULL, status varchar(20) NOT NULL,
          total numeric NOT NULL, note text)
        """,
        """
        INSERT INTO customers SELECT i, 'Given' || i || ' van der Family' || i,
          CASE WHEN i % 10 > 0 THEN 'c' || i || '@example.org' END, i * 7919 - 3000000,
          '2020-01-01 00:00:00Z'::timestamptz + i * interval '1 hour 1 microsecond'
        FROM generate_series(1, 1000) AS i
        """,
        "INSERT INTO customers VALUES (1001, NULL, NULL, NULL, NULL), (1002, '', '', 0,"
            + " '-infinity')",
        """
        INSERT INTO orders SELECT i, i * 2, 'paid', i * 1.10, CASE WHEN i % 3 = 0 THEN 'note  ' || i END
        FROM generate_series(1, 500) AS i
        """,
        "ANALYZE");
    server.executeIn(
        next,
        """
        CREATE TABLE people (id bigint PRIMARY KEY, given_name text, family_name text, balance numeric,
          created_at timestamptz)
        """,
        "CREATE TABLE contacts (person_id bigint PRIMARY KEY, email varchar(120) NOT NULL)",
        """
        CREATE TABLE purchases (id int PRIMARY KEY, buyer_id bigint NOT NULL, status varchar(20) NOT NULL,
          total numeric NOT NULL, remark text)
        """);
  }

  void onOld(String... sql) throws SQLException {
    server.executeIn(old, sql);
  }

  void onNew(String... sql) throws SQLException {
    server.executeIn(next, sql);
  }

  CompiledLens lens(Database source, Database target)
      throws QueryException, CatalogTooLargeException, InvalidFileException {
    return LensCompiler.compile(
        MigrationFile.parse(YAML, "shop.yaml"), source.catalog(), target.catalog());
  }

  Database open(Side side) throws QueryException {
    return openAs("postgres", side);
  }

  Database openAs(String user, Side side) throws QueryException {
    String database = side == Side.OLD ? old : next;
    DatabaseUrl url =
        DatabaseUrl.parse(
            "postgresql://" + user + '@' + server.host() + ':' + server.port() + '/' + database,
            null,
            "x");
    return Database.open(side, url, Duration.ofSeconds(30));
  }

  LawReport check(String yaml)
      throws QueryException, IOException, InvalidFileException, CatalogTooLargeException {
    return check(yaml, 100, false, null);
  }

  LawReport check(String yaml, int chunk, boolean showValues, @Nullable Path checkpoint)
      throws QueryException, IOException, InvalidFileException, CatalogTooLargeException {
    try (Database source = open(Side.OLD);
        Database target = open(Side.NEW)) {
      CompiledLens lens =
          LensCompiler.compile(
              MigrationFile.parse(yaml, "test.yaml"), source.catalog(), target.catalog());
      return LensCheck.run(
          lens,
          new LensCheck.Sides(source, target),
          new LensCheck.Options(chunk, showValues, Duration.ofSeconds(60), checkpoint, "test"),
          (step, rows, expected) -> {});
    }
  }
}
