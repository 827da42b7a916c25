package dev.crossfade.inspect.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import dev.crossfade.core.migration.Side;
import dev.crossfade.inspect.database.Database;
import dev.crossfade.inspect.database.DatabaseUrl;
import dev.crossfade.inspect.finding.Code;
import dev.crossfade.inspect.finding.Finding;
import dev.crossfade.sql.lens.CompiledLens;
import dev.crossfade.sql.lens.LensCompiler;
import dev.crossfade.sql.lens.MigrationFile;
import dev.crossfade.testkit.postgres.EmbeddedServer;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CatalogCheckIT {
  private static final String YAML =
      """
      apiVersion: crossfade.dev/v1
      kind: Migration
      metadata: {name: m}
      spec:
        engine: postgresql
        entity: {key: [id bigint]}
        old:
          customers:
            entity: [id]
            down: SELECT p.id, p.name, p.mail AS email, p.amount::text AS amount FROM people p
        new:
          people:
            entity: [id]
            up: SELECT id, name, email AS mail, amount FROM customers
      """;

  @SuppressWarnings("NullAway.Init")
  private static EmbeddedServer server;

  private static int databases;

  private String old = "";
  private String next = "";

  @BeforeAll
  static void start() {
    server = EmbeddedServer.start();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void create() throws SQLException {
    old = "old" + ++databases;
    next = "new" + databases;
    server.createDatabase(old);
    server.createDatabase(next);
    server.executeIn(
        old,
        "CREATE TABLE customers (id bigint PRIMARY KEY, name text, email text UNIQUE, amount"
            + " bigint)");
    server.executeIn(
        next,
        "CREATE TABLE people (id bigint PRIMARY KEY, name text, mail text UNIQUE, amount bigint)");
  }

  private interface Check {
    List<Finding> run(CompiledLens lens, Database old, Database next) throws Exception;
  }

  private List<Finding> run(Check check) throws Exception {
    try (Database source = open(Side.OLD, old);
        Database target = open(Side.NEW, next)) {
      CompiledLens lens =
          LensCompiler.compile(
              MigrationFile.parse(YAML, "m.yaml"), source.catalog(), target.catalog());
      return check.run(lens, source, target);
    }
  }

  private static Database open(Side side, String database) throws Exception {
    return Database.open(
        side,
        DatabaseUrl.parse(
            "postgresql://postgres@" + server.host() + ":" + server.port() + "/" + database,
            null,
            "x"),
        Duration.ofSeconds(30));
  }

  @Test
  void shapesThatFitHaveOnlyWhatTheQueryItselfDoes() throws Exception {
    assertThat(run(CatalogCheck::run))
        .extracting(Finding::code, Finding::place)
        .containsExactly(tuple(Code.TYPE_DIFFERS, "old public.customers.amount"));
  }

  @Test
  void whatOldEnforcesAndNewDoesNotIsFound() throws Exception {
    server.executeIn(
        old,
        "ALTER TABLE customers ALTER name SET NOT NULL, ALTER name SET DEFAULT 'x'",
        "ALTER TABLE customers ADD CONSTRAINT named CHECK (name <> '')",
        "CREATE SEQUENCE ids",
        "ALTER TABLE customers ALTER id SET DEFAULT nextval('ids')");
    server.executeIn(next, "ALTER TABLE people DROP CONSTRAINT people_mail_key");
    assertThat(run(CatalogCheck::run))
        .extracting(Finding::code, Finding::place)
        .contains(
            tuple(Code.NULLABILITY_DIFFERS, "old public.customers.name"),
            tuple(Code.DEFAULT_DIFFERS, "old public.customers.name"),
            tuple(Code.SEQUENCE_DIFFERS, "old public.customers.id"),
            tuple(Code.CONSTRAINT_NOT_ENFORCED, "old public.customers named"),
            tuple(Code.KEY_NOT_ENFORCED, "old public.customers customers_email_key"));
    server.executeIn(
        next, "ALTER TABLE people ADD CONSTRAINT named CHECK (name <> ''), ADD UNIQUE (mail)");
    assertThat(run(CatalogCheck::run))
        .extracting(Finding::code)
        .doesNotContain(Code.CONSTRAINT_NOT_ENFORCED, Code.KEY_NOT_ENFORCED);
  }

  @Test
  void whatNewDemandsAndUpDoesNotGiveIsFound() throws Exception {
    server.executeIn(
        next,
        "ALTER TABLE people ADD region text NOT NULL",
        "ALTER TABLE people DROP name",
        "ALTER TABLE people ADD name text GENERATED ALWAYS AS (mail) STORED");
    assertThat(run(CatalogCheck::run))
        .extracting(Finding::code, Finding::place)
        .contains(
            tuple(Code.COLUMN_NOT_GIVEN, "new public.people.region"),
            tuple(Code.COLUMN_GENERATED, "new public.people.name"));
  }

  @Test
  void aCastThatTheServerDoesNotHaveIsFound() throws Exception {
    server.executeIn(next, "ALTER TABLE people DROP amount", "ALTER TABLE people ADD amount date");
    assertThat(run(CatalogCheck::run))
        .extracting(Finding::code, Finding::place)
        .contains(tuple(Code.QUERY_INVALID, "new public.people"));
  }

  @Test
  void anEntityWithoutAKeyIsFound() throws Exception {
    server.executeIn(next, "ALTER TABLE people DROP CONSTRAINT people_pkey");
    assertThat(run(CatalogCheck::run))
        .extracting(Finding::code, Finding::place)
        .contains(
            tuple(Code.ENTITY_NOT_UNIQUE, "new public.people"),
            tuple(Code.ENTITY_NOT_INDEXED, "new public.people"),
            tuple(Code.KEY_NOT_ENFORCED, "old public.customers customers_pkey"));
  }

  @Test
  void anotherCollationIsFound() throws Exception {
    server.executeIn(next, "ALTER TABLE people ALTER mail TYPE text COLLATE \"C\"");
    assertThat(run(CatalogCheck::run))
        .extracting(Finding::code, Finding::place)
        .contains(tuple(Code.COLLATION_DIFFERS, "old public.customers.email"));
  }

  @Test
  void grantsAndRowSecurityThatDifferAreFound() throws Exception {
    String role = "reader" + databases;
    String stranger = "stranger" + databases;
    server.execute("CREATE ROLE " + role, "CREATE ROLE " + stranger);
    server.executeIn(
        old,
        "GRANT SELECT, INSERT ON customers TO " + role,
        "ALTER TABLE customers ENABLE ROW LEVEL SECURITY");
    server.executeIn(
        next, "GRANT SELECT ON people TO " + role, "GRANT DELETE ON people TO " + stranger);
    assertThat(run(CatalogCheck::run))
        .extracting(Finding::code, Finding::message)
        .contains(
            tuple(
                Code.ROW_SECURITY,
                "has row-level security, which the other side's tables do not repeat"),
            tuple(Code.GRANT_MISSING, role + " has INSERT on old public.customers, not here"),
            tuple(Code.GRANT_EXCESSIVE, stranger + " has DELETE here, not on old's tables"))
        .doesNotContain(
            tuple(Code.GRANT_MISSING, role + " has SELECT on old public.customers, not here"));
  }

  @Test
  void everythingThatHangsOnTheTablesIsListed() throws Exception {
    server.executeIn(
        old,
        "CREATE VIEW names AS SELECT name FROM customers",
        "CREATE MATERIALIZED VIEW counted AS SELECT count(*) FROM names",
        """
        CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN PERFORM 1 FROM customers; RETURN NEW; END $$
        """,
        """
        CREATE FUNCTION elsewhere() RETURNS int LANGUAGE sql AS $$ SELECT 1 /* customers_2 */ $$
        """,
        "CREATE TRIGGER touching AFTER UPDATE ON customers FOR EACH ROW EXECUTE FUNCTION touch()",
        "CREATE RULE quiet AS ON DELETE TO customers DO INSTEAD NOTHING",
        "CREATE TABLE bills (id int, customer bigint REFERENCES customers)",
        "CREATE TABLE regions (id bigint PRIMARY KEY)",
        "ALTER TABLE customers ADD FOREIGN KEY (amount) REFERENCES regions",
        "CREATE PUBLICATION feed FOR TABLE customers",
        "CREATE TABLE vip () INHERITS (customers)",
        "ALTER TABLE customers REPLICA IDENTITY NOTHING",
        """
        CREATE FUNCTION audit() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN END $$
        """,
        "CREATE EVENT TRIGGER audited ON ddl_command_end EXECUTE FUNCTION audit()");
    server.executeIn(
        next,
        "CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$",
        "CREATE TRIGGER stamped BEFORE INSERT ON people FOR EACH ROW EXECUTE FUNCTION touch()",
        "CREATE UNIQUE INDEX lower_mail ON people (lower(mail))",
        "ALTER TABLE people SET UNLOGGED");
    assertThat(run(Preflight::run))
        .extracting(Finding::code, Finding::place)
        .containsExactlyInAnyOrder(
            tuple(Code.VIEW_READS, "old public.names"),
            tuple(Code.VIEW_READS, "old public.counted"),
            tuple(Code.TRIGGER_FIRES, "old public.customers touching"),
            tuple(Code.FUNCTION_NAMES, "old public.touch"),
            tuple(Code.RULE_REWRITES, "old public.customers quiet"),
            tuple(Code.FOREIGN_KEY_IN, "old bills bills_customer_fkey"),
            tuple(Code.FOREIGN_KEY_OUT, "old public.customers customers_amount_fkey"),
            tuple(Code.PUBLICATION, "old public.customers"),
            tuple(Code.INHERITANCE, "old public.customers"),
            tuple(Code.REPLICA_IDENTITY, "old public.customers"),
            tuple(Code.EVENT_TRIGGER, "old audited"),
            tuple(Code.TRIGGER_ON_NEW, "new public.people stamped"),
            tuple(Code.INDEX_NOT_CHECKED, "new public.people lower_mail"),
            tuple(Code.UNLOGGED, "new public.people"));
  }

  @Test
  void partitionsAndGeneratedColumnsAreListed() throws Exception {
    server.executeIn(
        old,
        "DROP TABLE customers",
        "CREATE TABLE customers (id bigint PRIMARY KEY, name text, email text UNIQUE, amount bigint"
            + " GENERATED ALWAYS AS (id + 1) STORED)");
    server.executeIn(
        next,
        "DROP TABLE people",
        "CREATE TABLE people (id bigint PRIMARY KEY, name text, mail text, amount bigint) PARTITION"
            + " BY HASH (id)");
    assertThat(run(Preflight::run))
        .extracting(Finding::code, Finding::place)
        .containsExactlyInAnyOrder(
            tuple(Code.GENERATED_COLUMN, "old public.customers.amount"),
            tuple(Code.PARTITIONED, "new public.people"));
  }
}
