package dev.crossfade.postgresql.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.core.schema.Catalog;
import dev.crossfade.core.schema.TableName;
import dev.crossfade.sql.catalog.CatalogQueries;
import dev.crossfade.sql.lens.CompiledLens;
import dev.crossfade.sql.lens.CompiledLens.MappedTable;
import dev.crossfade.sql.lens.LensCompiler;
import dev.crossfade.sql.lens.MigrationFile;
import dev.crossfade.testkit.postgres.EmbeddedServer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;

/** Old rows go up into new tables and come back down as they were, for each kind of shorthand. */
final class LensShorthandIT {
  @SuppressWarnings("NullAway.Init")
  private static EmbeddedServer server;

  private static int databases;

  @SuppressWarnings("NullAway.Init")
  private Connection old;

  @SuppressWarnings("NullAway.Init")
  private Connection next;

  @BeforeAll
  static void start() {
    server = EmbeddedServer.start();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void createDatabases() throws SQLException {
    databases++;
    server.createDatabase("old" + databases);
    server.createDatabase("new" + databases);
    old = server.connect("old" + databases);
    next = server.connect("new" + databases);
  }

  @AfterEach
  void disconnect() throws SQLException {
    old.close();
    next.close();
  }

  @Test
  void renamesCastsAndComputes() throws Exception {
    execute(
        old,
        """
        CREATE TABLE customers (id int PRIMARY KEY, full_name text NOT NULL, cents bigint, seen timestamp,
                                code varchar(10), fax text, born date);
        INSERT INTO customers VALUES
          (1, 'Ada Lovelace', 123456, '2020-02-29 12:00:00.123456', 'a''b', '+49', '1815-12-10'),
          (2, 'Plato', NULL, NULL, NULL, NULL, NULL), (3, 'A  B C', -1, '1999-12-31 23:59:59', '', '', 'infinity');
        """);
    execute(
        next,
        """
        CREATE TABLE people (person_id bigint PRIMARY KEY, given text NOT NULL, family text, amount numeric(20,2),
                             seen timestamptz, code text NOT NULL, currency text NOT NULL, born date);
        """);
    CompiledLens lens =
        prove(
            """
            - old: customers
              new: people
              columns:
                id: {rename: person_id, cast: bigint}
                full_name: {drop: true, down: "given || coalesce(' ' || family, '')"}
                given: {add: true, up: "split_part(full_name, ' ', 1)"}
                family: {add: true, up: "CASE WHEN strpos(full_name, ' ') > 0 THEN substr(full_name, strpos(full_name, ' ') + 1) END"}
                cents: {rename: amount, up: cents * 0.01, down: amount * 100}
                seen: {cast: timestamptz, up: "seen AT TIME ZONE 'UTC'", down: "seen AT TIME ZONE 'UTC'"}
                code: {nulls: "'none'"}
                currency: {add: true, default: "'EUR'"}
                fax: {drop: true, down: "CASE id WHEN 1 THEN '+49' WHEN 3 THEN '' END"}
            """
                .replace("CASE id", "CASE person_id"));
    assertThat(lens.ups().keySet()).containsExactly(new TableName("public", "people"));
    assertThat(rows(next, "SELECT given, family, amount, code, currency FROM people"))
        .containsExactly(
            "A\t B C\t-0.01\t\tEUR",
            "Ada\tLovelace\t1234.56\ta'b\tEUR",
            "Plato\t\\N\t\\N\tnone\tEUR");
  }

  @Test
  void keepsDroppedColumnsInAnArchive() throws Exception {
    execute(
        old,
        """
        CREATE TABLE accounts (id int PRIMARY KEY, name text, fax text, telex text NOT NULL);
        INSERT INTO accounts VALUES (1, 'a', NULL, 't1'), (2, 'b', '+1', 't2'), (3, NULL, '', '');
        """);
    execute(
        next,
        """
        CREATE SCHEMA kept;
        CREATE TABLE accounts (account_id int PRIMARY KEY, name text);
        CREATE TABLE kept.accounts (account_id int PRIMARY KEY, fax text, telex text);
        """);
    CompiledLens lens =
        prove(
            """
            - old: accounts
              entity: [id]
              columns:
                id: {rename: account_id}
                fax: {archive: kept.accounts}
                telex: {archive: kept.accounts, default: "'none'"}
            """);
    execute(next, "INSERT INTO accounts VALUES (4, 'made on new')");
    assertThat(rows(next, down(lens, "accounts"))).contains("4\tmade on new\t\\N\tnone");
  }

  @Test
  void splitsOneTableInto3() throws Exception {
    execute(
        old,
        """
        CREATE TABLE customers (id int PRIMARY KEY, name text, email text, phone text, street text, city text,
                                verified boolean NOT NULL);
        INSERT INTO customers VALUES (1, 'a', 'a@x', NULL, 's', NULL, true), (2, NULL, NULL, NULL, NULL, NULL, false),
          (3, 'c', NULL, '1', NULL, 'c', false), (4, 'd', '', '', '', '', false);
        """);
    execute(
        next,
        """
        CREATE TABLE people (id int PRIMARY KEY, name text, checked boolean NOT NULL);
        CREATE TABLE contacts (person_id int PRIMARY KEY, address text, phone text);
        CREATE SCHEMA geo;
        CREATE TABLE geo.places (id int PRIMARY KEY, street text, city text, country text NOT NULL);
        """);
    CompiledLens lens =
        prove(
            """
            - old: customers
              new: people
              entity: [id]
              columns:
                email: {rename: address}
                verified: {rename: checked}
                country: {add: true, default: "'DE'"}
              split:
                contacts: {key: [person_id], columns: [email, phone], when: [email, phone]}
                geo.places: {columns: [street, city, country]}
            """);
    assertThat(rows(next, "SELECT person_id FROM contacts")).containsExactly("1", "3", "4");
    assertThat(rows(next, "SELECT id FROM geo.places")).hasSize(4);
    assertThat(
            plan(
                next,
                "SELECT name, email FROM "
                    + lens.readSubstitution(table("customers"))
                    + " c WHERE id = 3"))
        .doesNotContain("Seq Scan", "places");
  }

  @Test
  void aRowThatIsNotThereGivesTheDefault() throws Exception {
    execute(
        old,
        """
        CREATE TABLE customers (id int PRIMARY KEY, email text, verified boolean NOT NULL);
        INSERT INTO customers VALUES (1, 'a@x', true), (2, NULL, false), (3, 'b@x', false);
        """);
    execute(
        next,
        """
        CREATE TABLE people (id int PRIMARY KEY);
        CREATE TABLE contacts (id int PRIMARY KEY, email text NOT NULL, verified boolean NOT NULL);
        """);
    prove(
        """
        - old: customers
          new: people
          entity: [id]
          columns:
            verified: {lossy: true, default: "false"}
          split:
            contacts: {columns: [email, verified], when: [email]}
        """);
  }

  @Test
  void mergesTablesThatTellWhetherTheyHaveTheRow() throws Exception {
    execute(
        old,
        """
        CREATE TABLE customers (id int PRIMARY KEY, name text);
        CREATE TABLE profiles (customer_id int PRIMARY KEY, bio text, age int);
        CREATE TABLE logins (id int PRIMARY KEY, name text NOT NULL);
        INSERT INTO customers VALUES (1, 'a'), (2, NULL), (3, 'c'), (4, 'd');
        INSERT INTO profiles VALUES (1, 'x', 3), (2, NULL, NULL);
        INSERT INTO logins VALUES (1, 'x'), (4, '');
        """);
    execute(
        next,
        """
        CREATE TABLE people (id int PRIMARY KEY, name text, about text, age int, has_profile boolean NOT NULL, login text);
        """);
    prove(
        """
        - old: customers
          new: people
          entity: [id]
          merge:
            profiles: {key: [customer_id], columns: {bio: {rename: about}}, present: has_profile}
            logins: {columns: {name: {rename: login}}, when: [name]}
        """);
  }

  @Test
  void mergesTablesNoneOfWhichHasEveryRow() throws Exception {
    execute(
        old,
        """
        CREATE TABLE a (id int PRIMARY KEY, x text); CREATE TABLE b (id int PRIMARY KEY, y text NOT NULL);
        CREATE TABLE c (id int PRIMARY KEY, z text, n int NOT NULL);
        INSERT INTO a VALUES (1, 'a'), (2, NULL), (3, 'c');
        INSERT INTO b VALUES (2, 'b'), (3, ''), (4, 'd');
        INSERT INTO c VALUES (1, NULL, 1), (4, 'c', 4), (5, NULL, 5);
        """);
    execute(
        next,
        """
        CREATE TABLE abc (id bigint PRIMARY KEY, x text, y text, z text, n int NOT NULL, has_a boolean, has_c boolean)
        """);
    prove(
        """
        - old: a
          new: abc
          entity: [id]
          present: has_a
          columns: {id: {cast: bigint}}
          merge:
            b: {when: [y]}
            c: {present: has_c, columns: {n: {default: "0"}}}
        """);
    assertThat(rows(next, "SELECT id, n FROM abc"))
        .containsExactly("1\t1", "2\t0", "3\t0", "4\t4", "5\t5");
  }

  @Test
  void listsBecomeRows() throws Exception {
    execute(
        old,
        """
        CREATE TABLE articles (id int PRIMARY KEY, tags text[] NOT NULL, notes varchar(5)[], lines jsonb NOT NULL, ids jsonb);
        INSERT INTO articles VALUES (1, '{b,a,b,NULL}', '{x}', '[{"sku": "s", "n": 2, "more": {"k": [1]}}, {"sku": null, "n": 1, "more": null}]', '[3, 1, 2]'),
          (2, '{}', NULL, '[]', NULL), (3, '{""}', '{NULL}', '[{"sku": "x\\"y", "n": -1, "more": "text"}]', '[7]');
        """);
    execute(
        next,
        """
        CREATE TABLE articles (article_id bigint PRIMARY KEY);
        CREATE TABLE article_tags (article_id bigint, position int, tag text, PRIMARY KEY (article_id, position));
        CREATE TABLE notes (article_id bigint, position int, note text, PRIMARY KEY (article_id, position));
        CREATE TABLE lines (article bigint, line_no int, sku text, quantity int, more jsonb, PRIMARY KEY (article, line_no));
        CREATE TABLE numbers (article bigint, at int, number int, PRIMARY KEY (article, at));
        """);
    prove(
        """
        - old: articles
          entity: [id]
          columns:
            id: {rename: article_id, cast: bigint}
            tags: {rows: {table: article_tags, key: [article_id], position: position, value: tag}}
            notes: {rows: {table: notes, key: [article_id], position: position, value: note, nullWhenEmpty: true}}
            lines: {rows: {table: lines, key: [article], position: line_no, fields: {sku: sku, n: quantity, more: more}}}
            ids: {rows: {table: numbers, key: [article], position: at, value: number, nullWhenEmpty: true}}
        """);
    assertThat(rows(next, "SELECT * FROM lines ORDER BY 1, 2"))
        .containsExactly(
            "1\t1\ts\t2\t{\"k\": [1]}", "1\t2\t\\N\t1\tnull", "3\t1\tx\"y\t-1\t\"text\"");
  }

  @Test
  void rowsBecomeLists() throws Exception {
    execute(
        old,
        """
        CREATE TABLE orders (id int PRIMARY KEY, note text);
        CREATE TABLE order_tags (order_id int, at smallint, tag varchar(20), PRIMARY KEY (order_id, at));
        CREATE TABLE order_lines (line_id int PRIMARY KEY, order_id int NOT NULL, sku text, price numeric(10,2), due date);
        INSERT INTO orders VALUES (1, 'a'), (2, NULL), (3, 'c');
        INSERT INTO order_tags VALUES (1, 2, 'b'), (1, 1, 'z'), (3, 1, NULL);
        INSERT INTO order_lines VALUES (17, 1, 'x', 1.50, '2020-01-01'), (4, 1, NULL, NULL, NULL), (5, 2, 'y', 0, 'infinity');
        """);
    execute(
        next,
        "CREATE TABLE purchases (id int PRIMARY KEY, note text, tags text[] NOT NULL, lines"
            + " jsonb)");
    CompiledLens lens =
        prove(
            """
            - old: orders
              new: purchases
              entity: [id]
              collect:
                order_tags: {key: [order_id], position: at, value: tag, into: tags}
                order_lines: {key: [order_id], position: line_id, into: lines, fields: {id: line_id, sku: sku, price: price, due: due}}
            """);
    assertThat(rows(next, "SELECT tags, lines->0->>'id' FROM purchases ORDER BY id"))
        .containsExactly("{NULL}\t\\N", "{z,b}\t4", "{}\t5");
    assertThat(lens.entity(table("order_lines"))).containsExactly("order_id");
  }

  @Test
  void integerKeysBecomeUuids() throws Exception {
    execute(
        old,
        """
        CREATE TABLE customers (id bigint PRIMARY KEY, parent_id bigint REFERENCES customers, name text, email text, friend bigint);
        CREATE TABLE orders (id int PRIMARY KEY, customer_id bigint REFERENCES customers, total int, tags text[] NOT NULL);
        CREATE TABLE profiles (customer_id bigint PRIMARY KEY, bio text);
        INSERT INTO customers VALUES (1, NULL, 'a', NULL, NULL), (2, 1, 'b', 'b@x', 1), (9223372036854775807, 2, NULL, NULL, 2);
        INSERT INTO orders VALUES (1, 1, 10, '{a,b}'), (2, NULL, 20, '{}'), (3, 9223372036854775807, 30, '{c}');
        INSERT INTO profiles VALUES (2, 'x');
        """);
    execute(
        next,
        """
        CREATE TABLE people (id uuid PRIMARY KEY, parent uuid, name text, bio text, has_profile boolean NOT NULL);
        CREATE TABLE contacts (person uuid PRIMARY KEY, email text, friend uuid);
        CREATE TABLE person_ids (old_key bigint PRIMARY KEY, new_key uuid NOT NULL UNIQUE);
        CREATE TABLE orders (id int PRIMARY KEY, person uuid, total int);
        CREATE TABLE order_tags (order_id int, at int, tag text);
        ALTER TABLE orders ADD FOREIGN KEY (person) REFERENCES people;
        """);
    CompiledLens lens =
        prove(
            """
            - old: customers
              new: people
              entity: [id]
              columns:
                id: {uuid: person_ids}
                parent_id: {rename: parent, uuid: person_ids}
                friend: {uuid: person_ids}
              split:
                contacts: {key: [person], columns: [email, friend], when: [email, friend]}
              merge:
                profiles: {key: [customer_id], present: has_profile}
            - old: orders
              entity: [id]
              columns:
                customer_id: {rename: person, uuid: person_ids}
                tags: {rows: {table: order_tags, key: [order_id], position: at, value: tag}}
            """);
    assertThat(
            rows(
                next,
                "SELECT new_key = md5('public.person_ids:' || old_key)::uuid FROM person_ids"))
        .containsExactly("t", "t", "t");
    execute(next, "ANALYZE");
    assertThat(
            plan(
                next,
                "SELECT name FROM "
                    + lens.readSubstitution(table("customers"))
                    + " c WHERE id = 2"))
        .doesNotContain("Seq Scan");
  }

  @Test
  void valuesAndTypesAreExchanged() throws Exception {
    execute(
        old,
        """
        CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy'); CREATE TYPE size AS ENUM ('s', 'm'); CREATE DOMAIN cents AS int CHECK (VALUE >= 0);
        CREATE TABLE t (id int PRIMARY KEY, feels mood, wide size, state char(1), paid cents, kind int, flag boolean, word text);
        INSERT INTO t VALUES (1, 'sad', 's', 'A', 1, 1, true, 's'), (2, 'happy', 'm', 'I', 0, 2, false, 'm'), (3, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
          (4, 'ok', 's', 'X', 99, 3, true, 's');
        """);
    execute(
        next,
        """
        CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy'); CREATE TYPE size AS ENUM ('s', 'm'); CREATE DOMAIN cents AS int;
        CREATE TYPE "Mood 2" AS ENUM ('unhappy', 'ok', 'happy'); CREATE TYPE status AS ENUM ('active', 'inactive', 'X');
        CREATE TYPE width AS ENUM ('m', 's'); CREATE DOMAIN amount AS bigint CHECK (VALUE > -5);
        CREATE TABLE t (id int PRIMARY KEY, feels "Mood 2", wide width, state status, paid amount, kind text, flag char(1), word width);
        """);
    prove(
        """
        - old: t
          columns:
            feels: {values: {sad: unhappy}}
            wide: {cast: width}
            state: {values: {A: active, I: inactive}}
            paid: {cast: amount}
            kind: {values: {1: one, 2: "it's two"}}
            flag: {values: {"true": Y, "false": N}}
            word: {cast: width}
        """);
    assertThat(rows(next, "SELECT feels, state, kind, flag FROM t"))
        .contains("unhappy\tactive\tone\tY", "happy\tinactive\tit's two\tN", "ok\tX\t3\tY");
  }

  @Test
  void schemasMoveAndNamesAreQuoted() throws Exception {
    execute(
        old,
        """
        CREATE SCHEMA "Old.One"; CREATE TABLE "Old.One"."My Table" ("Id" int PRIMARY KEY, "sel""ect" text, "from" text);
        INSERT INTO "Old.One"."My Table" VALUES (1, 'a', 'b'), (2, NULL, NULL);
        """);
    execute(
        next,
        """
        CREATE SCHEMA "new"; CREATE TABLE "new"."order" ("Key" int PRIMARY KEY, "group" text, "from" text);
        """);
    prove(
        """
        - old: '"Old.One".My Table'
          new: new.order
          columns: {Id: {rename: Key}, 'sel"ect': {rename: group}}
        """);
  }

  /** Compiles the lens, takes all rows up and down again, and finds them as they were. */
  private CompiledLens prove(String tables) throws Exception {
    String yaml =
        "apiVersion: crossfade.dev/v1\nkind: Migration\nmetadata: {name: proof}\nspec:\n"
            + "  engine: postgresql\n  tables:\n"
            + tables.indent(4);
    CompiledLens lens =
        LensCompiler.compile(MigrationFile.parse(yaml, "proof.yaml"), catalog(old), catalog(next));
    execute(next, "SET session_replication_role = replica");
    for (Map.Entry<TableName, MappedTable> up : lens.ups().entrySet()) {
      fill(up.getKey(), up.getValue());
    }
    for (TableName table : lens.oldTables()) {
      List<String> before = rows(old, "SELECT * FROM " + quoted(table));
      assertThat(before).as(table.toString()).isNotEmpty();
      assertThat(rows(next, "SELECT * FROM " + lens.readSubstitution(table) + " AS d"))
          .as(table + " by " + lens.readSubstitution(table))
          .isEqualTo(before);
    }
    return lens;
  }

  private void fill(TableName table, MappedTable up) throws Exception {
    String columns =
        up.shape().columns().stream()
            .filter(column -> up.columns().contains(column.name()))
            .map(column -> '"' + column.name() + '"')
            .collect(Collectors.joining(", "));
    ByteArrayOutputStream rows = new ByteArrayOutputStream();
    // Types of new do not exist on old: the values arrive as text.
    old.unwrap(PGConnection.class)
        .getCopyAPI()
        .copyOut("COPY (SELECT " + columns + " FROM (" + up.query() + ") AS u) TO STDOUT", rows);
    next.unwrap(PGConnection.class)
        .getCopyAPI()
        .copyIn(
            "COPY " + quoted(table) + " (" + columns + ") FROM STDIN",
            new ByteArrayInputStream(rows.toByteArray()));
  }

  private static String down(CompiledLens lens, String table) {
    return "SELECT * FROM " + lens.readSubstitution(table(table)) + " AS d";
  }

  private static TableName table(String name) {
    return new TableName("public", name);
  }

  private static String quoted(TableName table) {
    return '"' + table.schema() + "\".\"" + table.name() + '"';
  }

  /** As COPY writes them, sorted. */
  private static List<String> rows(Connection connection, String query) throws Exception {
    ByteArrayOutputStream rows = new ByteArrayOutputStream();
    connection
        .unwrap(PGConnection.class)
        .getCopyAPI()
        .copyOut("COPY (" + query + ") TO STDOUT", rows);
    return rows.toString(StandardCharsets.UTF_8).lines().sorted().toList();
  }

  private static String plan(Connection connection, String query) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("SET enable_seqscan = off");
      StringBuilder plan = new StringBuilder();
      try (ResultSet lines = statement.executeQuery("EXPLAIN " + query)) {
        while (lines.next()) {
          plan.append(lines.getString(1)).append('\n');
        }
      }
      return plan.toString();
    }
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static Catalog catalog(Connection connection) throws Exception {
    return CatalogQueries.read(
        sql -> {
          try (Statement statement = connection.createStatement();
              ResultSet result = statement.executeQuery(sql)) {
            List<List<@Nullable String>> rows = new ArrayList<>();
            while (result.next()) {
              List<@Nullable String> row = new ArrayList<>();
              for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
                row.add(result.getString(i));
              }
              rows.add(row);
            }
            return rows;
          }
        });
  }
}
