package dev.crossfade.mirror;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.core.migration.Side;
import dev.crossfade.testkit.process.Await;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who writes past every sidecar is found by what the log says of each change. */
class BypassIT {
  /** What is asked here is not how long writers wait. */
  private static final Flip.Settings PATIENT =
      new Flip.Settings(Flip.Settings.USUAL.calm(), Duration.ofSeconds(10));

  private static final String PAST = "SET application_name = 'nightly'";
  private static final String THROUGH = "SET crossfade.origin = 'sidecar'";
  private static final Mirror.Settings SETTINGS =
      new Mirror.Settings(64, Duration.ofMillis(20), Duration.ofMillis(100), 3);

  private Shop shop;
  private final Found found = new Found();

  /** What a mirror tells of it. */
  private static final class Found implements MirrorMeters {
    final List<Bypass> carried = new CopyOnWriteArrayList<>();
    volatile List<Bypass> waiting = List.of();

    long changes() {
      return carried.stream().mapToLong(Bypass::changes).sum();
    }

    @Override
    public void carried(int entities) {}

    @Override
    public void failed(SQLException why) {}

    @Override
    public void buried() {}

    @Override
    public void bypassed(Bypass bypass) {
      carried.add(bypass);
    }

    @Override
    public void bypassing(List<Bypass> now) {
      waiting = now;
    }

    @Override
    public void canary(CanaryState now) {}

    @Override
    public void state(LogState seen) {}

    @Override
    public void works() {}

    @Override
    public void interrupted(SQLException why) {}
  }

  @BeforeEach
  void start() throws Exception {
    shop = Shop.start();
  }

  @AfterEach
  void stop() {
    shop.close();
  }

  private List<BypassTotal> totals(Side side) throws SQLException {
    return MirrorState.read(shop.endpoint(side), shop.link(side).capture()).bypasses();
  }

  @Test
  void whatCameThroughASidecarIsToldFromWhatDidNot() throws Exception {
    try (Mirror mirror = shop.mirror(SETTINGS, found)) {
      shop.old.execute(
          THROUGH,
          "INSERT INTO customers (id, full_name) SELECT i, 'A B' || i FROM generate_series(1, 50)"
              + " i",
          "UPDATE customers SET id = -id WHERE id < 10",
          "INSERT INTO orders VALUES (1, 20, 3.5)",
          "UPDATE ranks SET title = 'x'",
          "DELETE FROM customers WHERE id = 30",
          "TRUNCATE staff");
      Shop.awaitArrival(mirror);
      assertThat(found.carried).isEmpty();
      assertThat(totals(Side.OLD)).isEmpty();

      shop.old.execute(PAST, "UPDATE customers SET full_name = 'C D' WHERE id BETWEEN 40 AND 42");
      Shop.awaitArrival(mirror);
      assertThat(found.carried)
          .containsExactly(new Bypass("public.customers", "postgres/nightly", 3));
      shop.old.execute(PAST, "UPDATE customers SET full_name = 'E F' WHERE id = 40");
      Shop.awaitArrival(mirror);
      assertThat(totals(Side.OLD))
          .singleElement()
          .satisfies(
              total -> {
                assertThat(total.group()).isEqualTo("public.customers");
                assertThat(total.writer()).isEqualTo("postgres/nightly");
                assertThat(total.changes()).isEqualTo(4);
                assertThat(total.at()).isAfter(total.since());
              });
      shop.old.execute(PAST, "UPDATE customers SET id = 1000 WHERE id = 40");
      Shop.awaitArrival(mirror);
      assertThat(found.changes()).isEqualTo(6);
      assertThat(shop.found()).isEqualTo(shop.wanted());
    }
  }

  @Test
  void anyEntityMayHaveBeenChangedPastThem() throws Exception {
    try (Mirror mirror = shop.mirror(SETTINGS, found)) {
      shop.old.execute(PAST, "TRUNCATE staff", "INSERT INTO ranks VALUES (1, 'x')");
      Shop.awaitArrival(mirror);
      assertThat(found.carried)
          .allSatisfy(
              bypass -> {
                assertThat(bypass.tables()).isEqualTo("public.ranks, public.staff");
                assertThat(bypass.writer()).isEqualTo("postgres/nightly");
              });
      assertThat(found.changes()).isEqualTo(2);
    }
  }

  @Test
  void whatCanNotBeCarriedIsCountedOnceAllTheSame() throws Exception {
    shop.next.execute("ALTER TABLE people ADD CHECK (given_name <> 'Bad')");
    try (Mirror mirror = shop.mirror(SETTINGS, found)) {
      shop.old.execute(PAST, "INSERT INTO customers (id, full_name) VALUES (1, 'Bad One')");
      Shop.awaitArrival(mirror);
      assertThat(shop.value(Side.OLD, "SELECT attempts FROM crossfade.dead_letter")).isEqualTo("3");
      assertThat(found.changes()).isEqualTo(1);
      assertThat(totals(Side.OLD)).extracting(BypassTotal::changes).containsExactly(1L);
    }
  }

  @Test
  void theyAreSeenWhileTheOtherSideIsAway() throws Exception {
    shop.next.close();
    try (Mirror mirror = shop.mirror(SETTINGS, found)) {
      shop.old.execute(PAST, "INSERT INTO customers (id, full_name) VALUES (1, 'A B')");
      Await.until("it is seen", Duration.ofSeconds(15), () -> !found.waiting.isEmpty());
      assertThat(mirror.watermark().isKnown()).isFalse();
      assertThat(found.waiting)
          .containsExactly(new Bypass("public.customers", "postgres/nightly", 1));
      assertThat(found.carried).isEmpty();
    }
  }

  @Test
  void afterTheAuthorityHasMovedTheyAreFoundOnNew() throws Exception {
    new Flip(shop.link(Side.OLD), shop.link(Side.NEW), PATIENT, step -> {}).run();
    try (Mirror mirror = Mirror.start(shop.link(Side.NEW), SETTINGS, found)) {
      shop.next.execute(THROUGH, "INSERT INTO people VALUES (1, 'A', 'B', 0, now())");
      shop.next.execute(PAST, "INSERT INTO people VALUES (2, 'A', 'B', 0, now())");
      Shop.awaitArrival(mirror);
      assertThat(found.carried)
          .containsExactly(new Bypass("public.contacts, public.people", "postgres/nightly", 1));
      assertThat(totals(Side.NEW)).extracting(BypassTotal::changes).containsExactly(1L);
      // What the mirror wrote on old is nobody's bypass.
      assertThat(totals(Side.OLD)).isEmpty();
    }
  }

  /** As it was before a change said who made it. */
  private void installFormerVersion() throws SQLException {
    shop.old.execute(
        """
        DO $$
        DECLARE f regprocedure;
        BEGIN
          FOR f IN SELECT oid FROM pg_proc WHERE pronamespace = 'crossfade'::regnamespace AND proname LIKE 'capture%' LOOP
            EXECUTE replace(replace(pg_get_functiondef(f), '(entity_group, key, bypass)', '(entity_group, key)'), ', past.writer', '');
          END LOOP;
        END $$
        """,
        "ALTER TABLE crossfade.mutation DROP COLUMN bypass", "DROP TABLE crossfade.bypass");
  }

  @Test
  void whatAFormerVersionInstalledGoesOnUntilItIsInstalledAgain() throws Exception {
    installFormerVersion();
    shop.old.execute(
        "CREATE ROLE mirror LOGIN",
        "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA crossfade TO mirror");
    try (Mirror mirror = shop.mirror(SETTINGS, found)) {
      shop.old.execute(
          PAST,
          "INSERT INTO customers (id, full_name) VALUES (1, 'A B')",
          "TRUNCATE staff",
          "UPDATE customers SET id = 2");
      Shop.awaitArrival(mirror);
      assertThat(shop.found()).isEqualTo(shop.wanted());
      assertThat(found.carried).isEmpty();
      assertThat(totals(Side.OLD)).isEmpty();

      shop.install();
      Await.until(
          "it is seen",
          () -> {
            shop.old.execute(PAST, "UPDATE customers SET full_name = full_name || 'x'");
            Shop.awaitArrival(mirror);
            return !found.carried.isEmpty();
          });
    }
    assertThat(
            shop.value(
                Side.OLD,
                "SELECT has_table_privilege('mirror', 'crossfade.bypass', 'SELECT') AND"
                    + " has_table_privilege('mirror', 'crossfade.bypass', 'INSERT, UPDATE') AND"
                    + " has_table_privilege('mirror', 'crossfade.bypass', 'DELETE')"))
        .isEqualTo("t");
  }

  @Test
  void applicationsWithEverNewNamesDoNotFillTheTable() throws Exception {
    shop.old.execute(
        "INSERT INTO crossfade.bypass SELECT number, 'postgres/' || i, 1, now(), now() FROM"
            + " crossfade.entity_group, generate_series(1, 500) i");
    try (Mirror mirror = shop.mirror(SETTINGS, found)) {
      shop.old.execute(PAST, "INSERT INTO customers (id, full_name) VALUES (1, 'A B')");
      Shop.awaitArrival(mirror);
    }
    assertThat(
            shop.value(
                Side.OLD,
                "SELECT string_agg(writer, ' ') FROM crossfade.bypass WHERE writer !~ '[0-9]'"))
        .isEqualTo("others/");
    shop.old.execute("UPDATE crossfade.bypass SET at = at - interval '2 days'");
    try (Mirror mirror = shop.mirror(SETTINGS, found)) {
      shop.old.execute(PAST, "INSERT INTO customers (id, full_name) VALUES (2, 'A B')");
      Shop.awaitArrival(mirror);
    }
    assertThat(shop.value(Side.OLD, "SELECT string_agg(writer, ' ') FROM crossfade.bypass"))
        .isEqualTo("postgres/nightly");
  }
}
