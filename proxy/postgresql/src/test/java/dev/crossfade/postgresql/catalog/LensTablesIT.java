package dev.crossfade.postgresql.catalog;

import static dev.crossfade.postgresql.catalog.UpAndDown.execute;
import static dev.crossfade.postgresql.catalog.UpAndDown.plan;
import static dev.crossfade.postgresql.catalog.UpAndDown.rows;
import static dev.crossfade.postgresql.catalog.UpAndDown.table;
import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.sql.lens.CompiledLens;
import dev.crossfade.testkit.postgres.EmbeddedServer;
import java.sql.Connection;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Old rows go up into new tables and come back as they were, where several tables take part. */
final class LensTablesIT {
  @SuppressWarnings("NullAway.Init")
  private static EmbeddedServer server;

  private static int databases;

  @SuppressWarnings("NullAway.Init")
  private UpAndDown pair;

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
    pair = new UpAndDown(old, next);
  }

  @AfterEach
  void disconnect() throws SQLException {
    old.close();
    next.close();
  }

  @Test
  void splitsOneTableIntoThree() throws Exception {
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
        pair.prove(
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
    pair.prove(
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
    pair.prove(
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
    pair.prove(
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
    pair.prove(
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
        pair.prove(
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
        pair.prove(
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
}
