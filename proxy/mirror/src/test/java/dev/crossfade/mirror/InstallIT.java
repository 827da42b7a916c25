package dev.crossfade.mirror;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.crossfade.core.migration.Side;
import dev.crossfade.sql.capture.CaptureScript;
import dev.crossfade.testkit.process.Await;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Changes that no trigger would see are told of before anybody relies on triggers. */
class InstallIT {
  private static Shop shop;

  @BeforeAll
  static void start() throws Exception {
    shop = Shop.start();
  }

  @AfterAll
  static void stop() {
    shop.close();
  }

  private static long missing() throws SQLException {
    return Long.parseLong(shop.value(Side.OLD, CaptureScript.install(shop.up, Side.OLD).check()));
  }

  private static void assertRefused(String why) throws SQLException {
    assertThatThrownBy(() -> shop.install())
        .isInstanceOfSatisfying(
            SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo(Mirror.NOT_CAPTURED))
        .hasMessageContaining(why);
    assertThat(missing()).isEqualTo(1);
  }

  @Test
  void whoHasNoRightsOfHisOwnMayCheckWhatIsInstalled() throws Exception {
    shop.old.execute("CREATE ROLE watcher LOGIN", "GRANT USAGE ON SCHEMA crossfade TO watcher");
    try (Connection watcher = shop.old.connect("postgres", "watcher", "")) {
      assertThat(Shop.rows(watcher, CaptureScript.install(shop.up, Side.OLD).check()))
          .containsExactly(List.of("0"));
    } finally {
      shop.old.execute("DROP OWNED BY watcher", "DROP ROLE watcher");
    }
  }

  @Test
  void aTableUnderOneThatIsNotMappedIsRefused() throws Exception {
    shop.old.execute(
        "CREATE TABLE persons (id bigint NOT NULL, full_name text NOT NULL)",
        "ALTER TABLE customers INHERIT persons");
    try {
      assertRefused("customers is a part of persons");
    } finally {
      shop.old.execute("ALTER TABLE customers NO INHERIT persons", "DROP TABLE persons");
    }
    shop.install();
    assertThat(missing()).isEqualTo(0);
  }

  @Test
  void aTableThatASubscriptionWritesIsRefused() throws Exception {
    shop.next.execute(
        "CREATE SCHEMA elsewhere", "CREATE TABLE elsewhere.orders (id int PRIMARY KEY)");
    shop.old.execute(
        "CREATE SUBSCRIPTION feed CONNECTION 'dbname=nowhere' PUBLICATION p WITH (connect = false)",
        "SET allow_system_table_mods = on; INSERT INTO pg_subscription_rel (srsubid, srrelid,"
            + " srsubstate) SELECT oid, 'orders'::regclass, 'r' FROM pg_subscription");
    try {
      assertRefused("a subscription writes orders");
    } finally {
      shop.old.execute("ALTER SUBSCRIPTION feed SET (slot_name = NONE)", "DROP SUBSCRIPTION feed");
    }
    shop.install();
  }

  @Test
  void aChildThatWasMadeAfterInstallCountsAsNotWatchedUntilItIsInstalledAgain() throws Exception {
    shop.old.execute(
        "INSERT INTO crossfade.backfill VALUES ('shop', 'public.customers', '{9}', '{9}', 9, 0)");
    try (Mirror mirror = shop.mirror()) {
      Await.until("it works", () -> mirror.watermark().isKnown());
      shop.old.execute("CREATE TABLE old_customers () INHERITS (customers)");
      Await.until("it is noticed", () -> !mirror.watermark().isKnown());
      shop.old.execute("INSERT INTO old_customers (id, full_name) VALUES (7000, 'Not Logged')");
      shop.install();
      assertThat(missing()).isEqualTo(0);
      Await.until("it works again", () -> mirror.watermark().isKnown());
      Shop.awaitArrival(mirror);
      shop.old.execute("INSERT INTO old_customers (id, full_name) VALUES (7001, 'Logged')");
      Shop.awaitArrival(mirror);
    }
    assertThat(shop.value(Side.NEW, "SELECT string_agg(id::text, ' ' ORDER BY id) FROM people"))
        .isEqualTo("7000 7001");
    shop.old.execute("DROP TABLE old_customers");
  }
}
