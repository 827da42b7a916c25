package dev.crossfade.inspect.law;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.groups.Tuple.tuple;

import dev.crossfade.core.migration.Side;
import dev.crossfade.inspect.database.Database;
import dev.crossfade.inspect.database.QueryException;
import dev.crossfade.inspect.finding.Code;
import dev.crossfade.inspect.finding.Example;
import dev.crossfade.inspect.finding.Finding;
import dev.crossfade.testkit.postgres.EmbeddedServer;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LensCheckIT {
  @SuppressWarnings("NullAway.Init")
  private static EmbeddedServer server;

  @SuppressWarnings("NullAway.Init")
  private Shop shop;

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
    shop = new Shop(server);
  }

  @Test
  void aLensThatKeepsEverythingHasNoFindings() throws Exception {
    LawReport report = shop.check(Shop.YAML);
    assertThat(report.findings()).isEmpty();
    assertThat(report.tables()).extracting(LawReport.Table::rows).containsExactly(1002L, 500L);
    assertThat(report.tables())
        .allSatisfy(
            table ->
                assertThat(table.columns())
                    .isNotEmpty()
                    .allMatch(column -> column.loss() == LossClass.LOSSLESS));
  }

  @Test
  void aTruncatingSplitIsFoundWithItsKeys() throws Exception {
    LawReport report =
        shop.check(
            Shop.YAML.replace(
                "substr(full_name, strpos(full_name, ' ') + 1)", "split_part(full_name, ' ', 2)"));
    Finding lossy = only(report, Code.COLUMN_LOSSY);
    assertThat(lossy.place()).isEqualTo("old public.customers.full_name");
    assertThat(lossy.message()).isEqualTo("comes back cut off in 1000 rows");
    assertThat(lossy.examples()).first().isEqualTo(new Example("id=1", "comes back cut off"));
    assertThat(column(report, "full_name").loss()).isEqualTo(LossClass.LOSSY);
    assertThat(column(report, "email").loss()).isEqualTo(LossClass.LOSSLESS);
  }

  @Test
  void valuesAreShownOnlyWhenAskedFor() throws Exception {
    String faulty = Shop.YAML.replace("balance_cents * 0.01", "trunc(balance_cents * 0.01, 1)");
    assertThat(only(shop.check(faulty), Code.COLUMN_LOSSY).examples().getFirst().detail())
        .isEqualTo("comes back as another value");
    assertThat(
            only(shop.check(faulty, 250, true, null), Code.COLUMN_LOSSY)
                .examples()
                .getFirst()
                .detail())
        .isEqualTo("comes back as another value: '-2992081' -> '-2992080'");
  }

  @Test
  void lostAndInventedRowsAreFound() throws Exception {
    LawReport lost = shop.check(Shop.YAML.replace("LEFT JOIN contacts", "JOIN contacts"));
    assertThat(only(lost, Code.ROW_LOST).message()).isEqualTo("does not come back in 101 rows");
    LawReport invented =
        shop.check(
            Shop.YAML.replace(
                "ON c.person_id = p.id", "ON c.person_id = p.id OR c.person_id = p.id + 1"));
    assertThat(only(invented, Code.ROW_INVENTED).examples()).isNotEmpty();
  }

  @Test
  void anotherScaleIsAnotherForm() throws Exception {
    shop.onOld("UPDATE orders SET total = 5.10 WHERE id = 7");
    shop.onNew("ALTER TABLE purchases ALTER total TYPE numeric(12, 3)");
    LawReport report = shop.check(Shop.YAML);
    assertThat(only(report, Code.COLUMN_NORMALISED).place()).isEqualTo("old public.orders.total");
    assertThat(column(report, "total"))
        .isEqualTo(new LawReport.Column("total", LossClass.NORMALISED, 500));
  }

  @Test
  void aRefusedValueIsFoundByItsKey() throws Exception {
    shop.onOld("UPDATE customers SET balance_cents = 4711000000000 WHERE id = 313");
    shop.onNew("ALTER TABLE people ALTER balance TYPE numeric(10, 2)");
    LawReport report = shop.check(Shop.YAML);
    Finding refused = only(report, Code.VALUE_REFUSED);
    assertThat(refused.place()).isEqualTo("new public.people.balance");
    assertThat(refused.examples())
        .containsExactly(new Example("id=313", "numeric field overflow (22003)"));
    assertThat(column(report, "full_name").rows()).isZero();
    assertThat(report.tables().getFirst().rows()).isEqualTo(1001);
  }

  @Test
  void newsRulesAreCheckedOnOldsRows() throws Exception {
    shop.onNew(
        "ALTER TABLE people ALTER given_name SET NOT NULL",
        "ALTER TABLE people ADD CONSTRAINT rich CHECK (balance > -20000)",
        "ALTER TABLE contacts ALTER email TYPE varchar(12)",
        "CREATE UNIQUE INDEX contacts_email ON contacts (email)",
        "ALTER TABLE purchases ADD FOREIGN KEY (buyer_id) REFERENCES people (id)");
    shop.onOld(
        "UPDATE customers SET email = 'a@b.de' WHERE id IN (5, 900)",
        "UPDATE orders SET customer_id = 9999 WHERE id = 44");
    LawReport report = shop.check(Shop.YAML);
    assertThat(only(report, Code.NULL_IN_NOT_NULL).examples())
        .containsExactly(new Example("id=1001", "gives NULL"));
    assertThat(only(report, Code.CHECK_VIOLATED).place()).isEqualTo("new public.people rich");
    assertThat(only(report, Code.TOO_LONG).place()).isEqualTo("new public.contacts.email");
    assertThat(only(report, Code.NOT_UNIQUE).examples().getFirst().key())
        .contains("person_id=5", "person_id=900");
    assertThat(only(report, Code.PARENT_MISSING).examples().getFirst().key()).isEqualTo("id=44");
  }

  @Test
  void aColumnThatIsNotKeptIsConstant() throws Exception {
    LawReport report =
        shop.check(
            Shop.YAML.replace(
                "note: {rename: remark}", "note: {drop: true, lossy: true, default: \"'-'\"}"));
    assertThat(column(report, "note").loss()).isEqualTo(LossClass.CONSTANT);
    assertThat(only(report, Code.COLUMN_CONSTANT).place()).isEqualTo("old public.orders.note");
  }

  @Test
  void whatDependsOnOtherEntitiesIsFound() throws Exception {
    LawReport report =
        shop.check(
            Shop.YAML.replace(
                "balance_cents * 0.01 AS balance",
                "(balance_cents - min(balance_cents) OVER ()) * 0.01 AS balance"));
    assertThat(only(report, Code.ENTITY_NOT_LOCAL).place()).isEqualTo("new public.people");
  }

  @Test
  void rowsOfNewThatOldCanNotHoldAreFound() throws Exception {
    shop.onNew(
        "INSERT INTO people VALUES (1, 'A', 'B', 1.00, now()), (2, 'A B', 'C', 1.005, now())");
    LawReport report = shop.check(Shop.YAML);
    assertThat(report.findings())
        .extracting(Finding::code, Finding::place)
        .containsExactlyInAnyOrder(
            tuple(Code.NEW_NOT_REPRESENTABLE, "new public.people.given_name"),
            tuple(Code.NEW_NOT_REPRESENTABLE, "new public.people.family_name"),
            tuple(Code.NEW_NOT_REPRESENTABLE, "new public.people.balance"));
  }

  @Test
  void tablesThatTheFileDoesNotGiveAreNamed() throws Exception {
    shop.onOld("CREATE TABLE rates (factor numeric)", "INSERT INTO rates VALUES (1), (0)");
    shop.onNew("CREATE TABLE factors (factor numeric)");
    LawReport report =
        shop.check(
            Shop.YAML
                .replace(
                    "balance_cents * 0.01 AS balance",
                    "balance_cents * 0.01 * (SELECT max(factor) FROM rates) AS balance")
                .replace(
                    "(p.balance * 100)::bigint",
                    "(p.balance * 100 * (SELECT max(factor) FROM factors))::bigint"));
    assertThat(only(report, Code.UNMAPPED_READ).place()).isEqualTo("new public.people");
    assertThat(only(report, Code.NOT_COMPUTABLE))
        .satisfies(
            finding -> {
              assertThat(finding.place()).isEqualTo("old public.customers");
              assertThat(finding.message()).contains("public.factors");
            });
    assertThat(column(report, "email").loss()).isEqualTo(LossClass.UNKNOWN);
    assertThat(column(report, "note").loss()).isEqualTo(LossClass.LOSSLESS);
  }

  @Test
  void typesThatOldDoesNotHaveAreComputedWithAsOthers() throws Exception {
    shop.onNew(
        "CREATE TYPE state AS ENUM ('paid', 'open')",
        "CREATE DOMAIN remark AS text CHECK (VALUE !~ '12')",
        "ALTER TABLE purchases ALTER status TYPE state USING status::state",
        "ALTER TABLE purchases ALTER remark TYPE remark USING remark::remark");
    shop.onOld("UPDATE orders SET status = 'lost' WHERE id = 5");
    LawReport report = shop.check(Shop.YAML);
    assertThat(report.findings())
        .extracting(Finding::code, Finding::place)
        .containsExactlyInAnyOrder(
            tuple(Code.LABEL_UNKNOWN, "new public.purchases.status"),
            tuple(Code.CHECK_VIOLATED, "new public.purchases.remark"),
            tuple(Code.TYPE_STAND_IN, "new type state"),
            tuple(Code.TYPE_STAND_IN, "new type remark"));
    assertThat(only(report, Code.LABEL_UNKNOWN).examples())
        .containsExactly(new Example("id=5", "is no label of state"));
  }

  @Test
  void rowsThatAPolicyHidesAreNotTakenForMissing() throws Exception {
    shop.onOld(
        "CREATE ROLE viewer LOGIN",
        "GRANT SELECT ON customers, orders TO viewer",
        "ALTER TABLE customers ENABLE ROW LEVEL SECURITY",
        "CREATE POLICY few ON customers USING (id < 10)");
    try (Database viewer = shop.openAs("viewer", Side.OLD)) {
      assertThatThrownBy(() -> viewer.query("SELECT * FROM customers"))
          .isInstanceOfSatisfying(
              QueryException.class, e -> assertThat(e.state()).isEqualTo("42501"));
      assertThat(viewer.query("SELECT count(*) FROM orders").getFirst().getFirst())
          .isEqualTo("500");
    }
  }

  @Test
  void nothingCanBeWritten() throws Exception {
    try (Database database = shop.open(Side.OLD)) {
      assertThatThrownBy(() -> database.query("DELETE FROM orders RETURNING id"))
          .isInstanceOf(QueryException.class)
          .hasMessageContaining("read-only transaction");
    }
  }

  @Test
  void whatTheServerQuotesIsNotRepeated() throws Exception {
    try (Database database = shop.open(Side.OLD)) {
      assertThatThrownBy(() -> database.query("SELECT 'secret'::int"))
          .isInstanceOfSatisfying(
              QueryException.class,
              e ->
                  assertThat(e.withoutValues())
                      .isEqualTo("invalid input syntax for type integer: … (22P02)"));
    }
  }

  private static Finding only(LawReport report, Code code) {
    List<Finding> found = report.findings().stream().filter(f -> f.code() == code).toList();
    assertThat(found).as("%s in %s", code, report.findings()).hasSize(1);
    return found.getFirst();
  }

  private static LawReport.Column column(LawReport report, String name) {
    return report.tables().stream()
        .flatMap(table -> table.columns().stream())
        .filter(column -> column.name().equals(name))
        .findFirst()
        .orElseThrow();
  }
}
