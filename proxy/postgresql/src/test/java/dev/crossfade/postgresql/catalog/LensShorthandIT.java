package dev.crossfade.postgresql.catalog;

import static dev.crossfade.postgresql.catalog.UpAndDown.down;
import static dev.crossfade.postgresql.catalog.UpAndDown.execute;
import static dev.crossfade.postgresql.catalog.UpAndDown.rows;
import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.core.schema.TableName;
import dev.crossfade.sql.lens.CompiledLens;
import dev.crossfade.testkit.postgres.EmbeddedServer;
import java.sql.Connection;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Old rows go up into new tables and come back as they were, for each change of a column. */
final class LensShorthandIT {
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
        pair.prove(
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
        pair.prove(
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
    pair.prove(
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
    pair.prove(
        """
        - old: '"Old.One".My Table'
          new: new.order
          columns: {Id: {rename: Key}, 'sel"ect': {rename: group}}
        """);
  }
}
