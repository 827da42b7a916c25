package dev.crossfade.mirror;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.core.migration.Side;
import dev.crossfade.sql.capture.CaptureScript;
import dev.crossfade.testkit.process.Await;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A row that no client knows of proves that what is written arrives, both ways. */
class CanaryIT {
  /** What is asked here is not how long writers wait. */
  private static final Flip.Settings PATIENT =
      new Flip.Settings(Flip.Settings.USUAL.calm(), Duration.ofSeconds(10));

  private static final Duration BOUND = Duration.ofSeconds(10);
  private static final Mirror.Settings SETTINGS =
      new Mirror.Settings(
          64, Duration.ofMillis(20), Duration.ofMillis(100), 3, Duration.ofMillis(200));

  private static final String[] RIGHTS_ON_OLD = {
    "CREATE ROLE mirror LOGIN",
    "GRANT USAGE ON SCHEMA crossfade TO mirror",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA crossfade TO mirror",
    "GRANT SELECT ON ALL SEQUENCES IN SCHEMA crossfade TO mirror",
    "GRANT SELECT ON customers, orders, staff, ranks TO mirror"
  };
  private static final String[] RIGHTS_ON_NEW = {
    "CREATE ROLE mirror LOGIN",
    "GRANT USAGE ON SCHEMA crossfade TO mirror",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON people, contacts, purchases, employees TO mirror"
  };

  private Shop shop;
  private final Watch watch = new Watch();

  /** What a mirror tells of it. */
  private static final class Watch implements MirrorMeters {
    volatile CanaryState canary = CanaryState.NONE;
    volatile LogState log = new LogState(0, Long.MAX_VALUE, 0, Duration.ZERO, 0);

    boolean isProvedAfter(long began) {
      return canary.known() && canary.trouble().isEmpty() && canary.proved() - began > 0;
    }

    @Override
    public void carried(int entities) {}

    @Override
    public void failed(SQLException why) {}

    @Override
    public void buried() {}

    @Override
    public void bypassed(Bypass bypass) {}

    @Override
    public void bypassing(List<Bypass> waiting) {}

    @Override
    public void canary(CanaryState now) {
      canary = now;
    }

    @Override
    public void state(LogState seen) {
      log = seen;
    }

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

  private Endpoint asMirror(Side side) {
    Properties login = new Properties();
    login.setProperty("user", "mirror");
    return new Endpoint(shop.server(side).jdbcUrl("postgres", "mirror"), login);
  }

  private Mirror.Link linkAsMirror(Side authority) {
    Mirror.Link link = shop.link(authority);
    return new Mirror.Link(
        link.plans(), link.capture(), asMirror(authority), asMirror(authority.other()));
  }

  private void awaitProof() {
    long began = System.nanoTime();
    Await.until("the way is proved", Duration.ofSeconds(30), () -> watch.isProvedAfter(began));
  }

  /** It keeps nobody else's changes back. */
  private void awaitTrouble(Mirror mirror, String why) throws SQLException {
    Await.until(
        "it is told",
        Duration.ofSeconds(30),
        () -> watch.canary.known() && watch.canary.trouble().contains(why));
    shop.old.execute("INSERT INTO orders VALUES ((SELECT count(*) FROM orders), 1, 2)");
    Shop.awaitArrival(mirror);
  }

  @Test
  void aWayThatWorksIsProvedAgainAndAgainWithTheRightsThatAMirrorNeedsAnyway() throws Exception {
    shop.old.execute(RIGHTS_ON_OLD);
    shop.next.execute(RIGHTS_ON_NEW);
    try (Mirror mirror = Mirror.start(linkAsMirror(Side.OLD), SETTINGS, watch);
        Mirror second = Mirror.start(linkAsMirror(Side.OLD), SETTINGS, MirrorMeters.NONE)) {
      awaitProof();
      awaitProof();
      assertThat(watch.canary.age()).isLessThan(BOUND);
      assertThat(mirror.watermark().isKnown()).isTrue();
      second.prove();
      awaitProof();
    }
    assertThat(Rehearsal.forth(linkAsMirror(Side.OLD), BOUND)).isEmpty();
    CanarySighting here = state(Side.OLD).canary();
    assertThat(here).isNotNull().isEqualTo(state(Side.NEW).canary());
    // No table that anybody else can name has a row more, and nobody waits for it.
    for (Side side : Side.values()) {
      assertThat(
              shop.value(
                  side,
                  "SELECT sum((xpath('//c/text()', query_to_xml(format('SELECT count(*) AS c FROM"
                      + " %s', oid::regclass), false, true, '')))[1]::text::int) FROM pg_class"
                      + " WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"))
          .isEqualTo("0");
    }
    assertThat(watch.log.pending()).isZero();
  }

  private MirrorState state(Side side) throws SQLException {
    return MirrorState.read(shop.endpoint(side), shop.link(side).capture());
  }

  @Test
  void itIsToldWhenNewDoesNotTakeIt() throws Exception {
    shop.old.execute("INSERT INTO customers (id, full_name) VALUES (1, 'A B')");
    try (Mirror mirror = shop.mirror(SETTINGS, watch)) {
      awaitProof();
      shop.next.execute("ALTER TABLE crossfade.canary ADD CONSTRAINT none CHECK (false) NOT VALID");
      awaitTrouble(mirror, "23514");
      long proved = watch.canary.proved();
      shop.next.execute("ALTER TABLE crossfade.canary DROP CONSTRAINT none");
      awaitProof();
      assertThat(watch.canary.proved()).isGreaterThan(proved);
    }
  }

  @Test
  void itIsNotProvedWhileNewTakesNoWrites() throws Exception {
    try (Mirror mirror = shop.mirror(SETTINGS, watch)) {
      awaitProof();
      shop.next.execute(
          "ALTER DATABASE postgres SET default_transaction_read_only = on",
          "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name ="
              + " 'crossfade-mirror'");
      Await.until("it ages", () -> watch.canary.age().compareTo(Duration.ofSeconds(2)) > 0);
      assertThat(Rehearsal.forth(shop.link(Side.OLD), BOUND).orElse("")).contains("25006");
      assertThat(mirror.watermark()).isNotNull();
    }
  }

  @Test
  void itIsToldWhenTheMirrorsLoginLacksARight() throws Exception {
    shop.old.execute(RIGHTS_ON_OLD);
    shop.next.execute(RIGHTS_ON_NEW);
    shop.next.execute("REVOKE DELETE ON contacts FROM mirror");
    try (Mirror mirror = Mirror.start(linkAsMirror(Side.OLD), SETTINGS, watch)) {
      Await.until("it is told", () -> watch.canary.trouble().contains("contacts"));
      assertThat(Rehearsal.forth(linkAsMirror(Side.OLD), BOUND).orElse(""))
          .isEqualTo(
              "a canary did not arrive on the other side: the mirror's login may not read and write"
                  + " contacts on NEW");
      shop.next.execute("GRANT DELETE ON contacts TO mirror");
      awaitProof();
      shop.old.execute("REVOKE SELECT ON ranks FROM mirror");
      Await.until("it is told", () -> watch.canary.trouble().contains("may not read ranks"));
      assertThat(mirror.watermark()).isNotNull();
    }
  }

  @Test
  void itIsNotProvedWhileTriggersAreOff() throws Exception {
    try (Mirror mirror = shop.mirror(SETTINGS, watch)) {
      awaitProof();
      shop.old.execute("ALTER TABLE crossfade.canary DISABLE TRIGGER USER");
      Await.until("it ages", () -> watch.canary.age().compareTo(Duration.ofSeconds(2)) > 0);
      shop.old.execute("INSERT INTO customers (id, full_name) VALUES (1, 'A B')");
      Shop.awaitArrival(mirror);
      assertThat(Rehearsal.forth(shop.link(Side.OLD), Duration.ofSeconds(1))).isPresent();
      shop.install();
      awaitProof();
      shop.old.execute("ALTER TABLE customers DISABLE TRIGGER USER");
      Await.until("it ages", () -> watch.canary.age().compareTo(Duration.ofSeconds(2)) > 0);
    }
  }

  @Test
  void theWayBackIsRehearsedAndNothingOfItStays() throws Exception {
    shop.old.execute(RIGHTS_ON_OLD);
    shop.next.execute(RIGHTS_ON_NEW);
    assertThat(Rehearsal.back(linkAsMirror(Side.NEW)).orElse(""))
        .contains("may not read and write customers, orders, staff on OLD");
    shop.old.execute("GRANT INSERT, UPDATE, DELETE ON customers, orders, staff TO mirror");
    assertThat(Rehearsal.back(linkAsMirror(Side.NEW)).orElse("")).contains("permission denied");
    shop.next.execute(RIGHTS_ON_OLD[2], RIGHTS_ON_OLD[3]);
    assertThat(Rehearsal.back(linkAsMirror(Side.NEW))).isEqualTo(Optional.empty());
    for (Side side : Side.values()) {
      assertThat(shop.value(side, "SELECT count(*) FROM crossfade.canary")).isEqualTo("0");
      assertThat(shop.value(side, "SELECT count(*) FROM crossfade.mutation")).isEqualTo("0");
    }
    shop.next.execute("ALTER TABLE crossfade.canary DISABLE TRIGGER USER");
    assertThat(Rehearsal.back(shop.link(Side.NEW)).orElse("")).contains("switched off on NEW");
    shop.install();
    assertThat(Rehearsal.back(shop.link(Side.NEW))).isEmpty();
    shop.old.execute(
        "CREATE OR REPLACE FUNCTION crossfade.begin_applying(of_migration text, from_side text)"
            + " RETURNS bigint LANGUAGE sql AS 'SELECT 1::bigint'");
    assertThat(Rehearsal.back(shop.link(Side.NEW)).orElse("")).contains("NEW could write");
  }

  @Test
  void itGoesTheOtherWayOnceTheAuthorityHasMoved() throws Exception {
    try (Mirror mirror = shop.mirror(SETTINGS, watch)) {
      awaitProof();
      new Flip(shop.link(Side.OLD), shop.link(Side.NEW), PATIENT, step -> {}).run();
      Await.until("it is told", () -> watch.canary.trouble().contains("CF001"));
      assertThat(mirror.watermark()).isNotNull();
    }
    try (Mirror mirror = Mirror.start(shop.link(Side.NEW), SETTINGS, watch)) {
      awaitProof();
      assertThat(mirror.watermark()).isNotNull();
    }
    assertThat(state(Side.OLD).canary()).isNotNull().isEqualTo(state(Side.NEW).canary());
    assertThat(Rehearsal.forth(shop.link(Side.NEW), BOUND)).isEmpty();
  }

  @Test
  void itIsTakenAwayWithCaptureAndMissedInNothingThatAFormerVersionInstalled() throws Exception {
    try (Mirror mirror = shop.mirror(SETTINGS, watch)) {
      awaitProof();
      assertThat(mirror.watermark()).isNotNull();
    }
    for (Side side : Side.values()) {
      new Capture(shop.endpoint(side), Capture.Patience.USUAL)
          .remove(CaptureScript.remove(shop.link(side).plans()));
      assertThat(shop.value(side, "SELECT count(*) FROM crossfade.canary")).isEqualTo("0");
      assertThat(
              shop.value(
                  side,
                  "SELECT count(*) FROM pg_trigger WHERE tgrelid = 'crossfade.canary'::regclass"))
          .isEqualTo("0");
    }
    shop.install();
    for (Side side : Side.values()) {
      shop.server(side)
          .execute(
              "DROP TABLE crossfade.canary",
              "DELETE FROM crossfade.entity_group WHERE name = 'crossfade.canary'");
    }
    try (Mirror mirror = shop.mirror(SETTINGS, watch)) {
      Await.until("there is none", () -> watch.canary.equals(CanaryState.NONE));
      shop.old.execute("INSERT INTO customers (id, full_name) VALUES (1, 'A B')");
      Shop.awaitArrival(mirror);
      assertThat(state(Side.OLD).canary()).isNull();
      assertThat(Rehearsal.forth(shop.link(Side.OLD), BOUND).orElse("")).contains("install");
      shop.install();
      awaitProof();
    }
    try (Connection connection = shop.old.connect("postgres")) {
      assertThat(Shop.rows(connection, "SELECT DISTINCT migration FROM crossfade.canary"))
          .containsExactly(List.of("shop"));
    }
  }
}
