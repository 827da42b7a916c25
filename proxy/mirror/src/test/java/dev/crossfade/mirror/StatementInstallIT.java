package dev.crossfade.mirror;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.crossfade.core.migration.Side;
import dev.crossfade.core.schema.Catalog;
import dev.crossfade.sql.capture.CaptureScript;
import dev.crossfade.sql.image.SyncPlan;
import dev.crossfade.sql.lens.LensCompiler;
import dev.crossfade.sql.lens.MigrationFile;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Where old may have no triggers, what no statement shows is told of before anybody relies on it.
 */
class StatementInstallIT {
  private static Shop shop;
  private static List<SyncPlan> plans;

  @BeforeAll
  static void start() throws Exception {
    shop = Shop.start();
    new Capture(shop.endpoint(Side.OLD), Capture.Patience.USUAL)
        .remove(CaptureScript.remove(shop.up));
    String yaml =
        Shop.YAML.replace("engine: postgresql", "engine: postgresql\n  capture: statements");
    Catalog next = Shop.catalog(shop.next);
    plans =
        SyncPlan.of(
            LensCompiler.compile(
                MigrationFile.parse(yaml, "shop.yaml"), Shop.catalog(shop.old), next),
            Side.OLD,
            next);
    shop.old.execute(
        "ALTER TABLE orders DROP CONSTRAINT orders_customer_id_fkey",
        "ALTER TABLE orders ADD CONSTRAINT of_customer FOREIGN KEY (customer_id) REFERENCES"
            + " customers");
  }

  @AfterAll
  static void stop() {
    shop.close();
  }

  private static void install() throws SQLException {
    new Capture(shop.endpoint(Side.OLD), Capture.Patience.USUAL)
        .install(CaptureScript.install(plans, Side.OLD));
  }

  private static String missing() throws SQLException {
    return shop.value(Side.OLD, CaptureScript.install(plans, Side.OLD).check());
  }

  @Test
  void noTableGetsATrigger() throws Exception {
    install();
    assertThat(missing()).isEqualTo("0");
    assertThat(
            shop.value(
                Side.OLD,
                "SELECT count(*) FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid WHERE NOT"
                    + " t.tgisinternal AND c.relnamespace = 'public'::regnamespace"))
        .isEqualTo("0");
  }

  @Test
  void whoWritesNeedsOnlyToUseTheSchema() throws Exception {
    install();
    shop.old.execute("CREATE ROLE clerk LOGIN", "GRANT USAGE ON SCHEMA crossfade TO clerk");
    String note =
        shop.value(
            Side.OLD,
            "SELECT min(oid::regprocedure::text) FROM pg_proc WHERE proname ~ '^note_.*[^y]$'");
    try (Connection clerk = shop.old.connect("postgres", "clerk", "")) {
      assertThat(Shop.rows(clerk, "SELECT " + note.replace("text[]", "'{1}'")))
          .containsExactly(List.of("t"));
      assertThatThrownBy(() -> Shop.rows(clerk, "TABLE crossfade.mutation"))
          .hasMessageContaining("permission denied");
    } finally {
      shop.old.execute("DROP OWNED BY clerk", "DROP ROLE clerk");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ALTER TABLE orders DROP CONSTRAINT of_customer, ADD CONSTRAINT of_customer FOREIGN KEY (customer_id) REFERENCES customers ON DELETE CASCADE | ALTER TABLE orders DROP CONSTRAINT of_customer, ADD CONSTRAINT of_customer FOREIGN KEY (customer_id) REFERENCES customers | foreign key of_customer changes rows of orders when customers is written
          CREATE RULE keep AS ON DELETE TO orders DO INSTEAD NOTHING | DROP RULE keep ON orders | rule keep of orders
          CREATE TABLE old_orders () INHERITS (orders) | DROP TABLE old_orders | old_orders is a part of orders
          CREATE TABLE log (); CREATE FUNCTION count_up() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN UPDATE customers SET balance_cents = 1; RETURN NULL; END'; CREATE TRIGGER up AFTER INSERT ON log EXECUTE FUNCTION count_up() | DROP TABLE log; DROP FUNCTION count_up() | trigger up of log calls count_up(), which names customers and writes
          """)
  void whatNoStatementShowsIsRefused(String make, String undo, String why) throws Exception {
    shop.old.execute(make);
    try {
      assertThatThrownBy(StatementInstallIT::install)
          .isInstanceOfSatisfying(
              SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo(Mirror.NOT_CAPTURED))
          .hasMessageContaining(why);
    } finally {
      shop.old.execute(undo);
    }
    install();
    assertThat(missing()).isEqualTo("0");
  }
}
