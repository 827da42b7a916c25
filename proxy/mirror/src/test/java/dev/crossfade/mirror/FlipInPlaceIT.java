package dev.crossfade.mirror;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.crossfade.core.migration.Side;
import dev.crossfade.core.schema.TableName;
import dev.crossfade.sql.capture.ArchiveScript;
import dev.crossfade.sql.capture.CaptureScript;
import dev.crossfade.sql.capture.InPlaceScript;
import dev.crossfade.sql.image.SyncPlan;
import dev.crossfade.testkit.process.Await;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One database: its authority, what a mirror has to say of it, and its end. */
class FlipInPlaceIT {
  private static final Duration BOUND = Duration.ofSeconds(20);
  private Store store;

  @BeforeEach
  void start() throws Exception {
    store = Store.start();
    store.server.execute(
        "INSERT INTO customers (full_name, email) SELECT 'A B', i || '@x' FROM generate_series(1,"
            + " 5) AS i");
  }

  @AfterEach
  void stop() {
    store.close();
  }

  private Flip.Outcome flip(Side target, Flip.Steps steps) throws FlipException {
    return new Flip(
            store.link(target.other()),
            store.link(target),
            new Flip.Settings(Duration.ofSeconds(5), Duration.ofSeconds(5)),
            steps)
        .run();
  }

  private void fenced(String sql) {
    assertThatThrownBy(() -> store.server.execute(sql))
        .isInstanceOfSatisfying(
            SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("CF001"));
  }

  private String fence() throws SQLException {
    return store.value("SELECT authority || epoch FROM crossfade.fence");
  }

  @Test
  void theAuthorityGoesThereAndBack() throws Exception {
    List<Flip.Step> steps = new ArrayList<>();
    assertThat(flip(Side.NEW, steps::add).fence()).isEqualTo(new Fence(Side.NEW, 2));
    assertThat(steps)
        .containsExactly(
            Flip.Step.CALM,
            Flip.Step.CLOSED,
            Flip.Step.DRAINED,
            Flip.Step.READY,
            Flip.Step.ARRIVED);
    fenced("UPDATE customers SET full_name = 'X'");
    // Its sequence was moved on, for nobody has drawn from it.
    store.server.execute(
        "INSERT INTO people (given_name, balance) VALUES ('Six', 1)",
        "UPDATE people SET family_name = 'Changed' WHERE id = 1",
        "DELETE FROM contacts WHERE person_id = 2");
    assertThat(store.value("SELECT full_name FROM customers WHERE id = 6")).isEqualTo("Six");
    assertThat(store.value(store.differences(Side.NEW))).isEqualTo("0");
    assertThat(flip(Side.OLD, step -> {}).fence()).isEqualTo(new Fence(Side.OLD, 3));
    fenced("UPDATE people SET given_name = 'X'");
    store.server.execute("INSERT INTO customers (full_name) VALUES ('Seven')");
    assertThat(store.value("SELECT max(id) FROM people")).isEqualTo("7");
    assertThat(store.value(store.differences(Side.OLD))).isEqualTo("0");
    assertThat(flip(Side.OLD, step -> {}).fence()).isEqualTo(new Fence(Side.OLD, 3));
  }

  @Test
  void oneThatLosesItsConnectionHasHappenedOrNot() throws Exception {
    for (Flip.Step lost : Flip.Step.values()) {
      Side before = Side.valueOf(fence().substring(0, 3));
      try {
        flip(
            before.other(),
            step -> {
              if (step == lost) {
                store.server.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name"
                        + " = 'crossfade-mirror'");
              }
            });
        assertThat(lost).isIn(Flip.Step.LEFT, Flip.Step.ARRIVED);
        assertThat(fence()).startsWith(before.other().name());
      } catch (FlipException e) {
        assertThat(e.kind()).isIn(FlipException.Kind.UNDONE, FlipException.Kind.REFUSED);
        assertThat(fence()).as("lost at " + lost).startsWith(before.name());
      }
      Side now = Side.valueOf(fence().substring(0, 3));
      store.server.execute(
          now == Side.OLD
              ? "UPDATE customers SET balance_cents = balance_cents + 100"
              : "UPDATE people SET balance = balance + 1");
      fenced(now == Side.OLD ? "DELETE FROM people" : "DELETE FROM customers");
      assertThat(store.value(store.differences(now))).isEqualTo("0");
    }
  }

  @Test
  void whoeverWritesIsWaitedForAndOneThatTakesTooLongIsUndone() throws Exception {
    try (var writer = store.connect();
        var statement = writer.createStatement()) {
      statement.execute("BEGIN; UPDATE customers SET balance_cents = 7");
      assertThatThrownBy(
              () ->
                  new Flip(
                          store.link(Side.OLD),
                          store.link(Side.NEW),
                          new Flip.Settings(BOUND, Duration.ofMillis(300)),
                          step -> {})
                      .run())
          .isInstanceOfSatisfying(
              FlipException.class, e -> assertThat(e.kind()).isEqualTo(FlipException.Kind.UNDONE));
      statement.execute("COMMIT");
    }
    assertThat(fence()).isEqualTo("OLD1");
    assertThat(flip(Side.NEW, step -> {}).fence().authority()).isEqualTo(Side.NEW);
  }

  @Test
  void itIsRefusedWhileATriggerIsMissing() throws Exception {
    store.server.execute("ALTER TABLE people DISABLE TRIGGER USER");
    assertThatThrownBy(() -> flip(Side.NEW, step -> {}))
        .isInstanceOf(FlipException.class)
        .hasMessageContaining("triggers are missing");
    assertThat(fence()).isEqualTo("OLD1");
  }

  @Test
  void whatIsCommittedHasArrivedUnlessTriggersWereMissing() throws Exception {
    Mirror.Settings settings =
        new Mirror.Settings(
            64, Duration.ofMillis(20), Duration.ofMillis(100), 3, Duration.ofSeconds(1));
    store.server.execute(
        "INSERT INTO crossfade.backfill VALUES ('store', 'public.customers', '{1}', '{1}', 1, 0)");
    try (Mirror mirror = Mirror.start(store.link(Side.OLD), settings, MirrorMeters.NONE)) {
      Await.until("it knows", BOUND, () -> mirror.watermark().isKnown());
      for (int i = 0; i < 100; i++) {
        store.server.execute("UPDATE customers SET balance_cents = " + i);
        assertThat(mirror.watermark().hasArrived(mirror.watermark().ticket())).isTrue();
        assertThat(mirror.watermark().isWithin(Duration.ofNanos(1))).isTrue();
      }
      store.server.execute("ALTER TABLE customers DISABLE TRIGGER USER");
      Await.until("it is noticed", BOUND, () -> !mirror.watermark().isKnown());
      store.server.execute("UPDATE customers SET full_name = 'Nobody Saw'");
      assertThat(store.value(store.differences(Side.OLD))).isEqualTo("10");
      store.install();
      Await.until(
          "it was carried",
          BOUND,
          () ->
              mirror.watermark().isKnown()
                  && mirror.watermark().hasArrived(mirror.watermark().ticket())
                  && store.value(store.differences(Side.OLD)).equals("0"));
    }
  }

  @Test
  void inTheEndOldIsAnArchiveAndNothingIsLeft() throws Exception {
    flip(Side.NEW, step -> {});
    Capture capture = new Capture(store.endpoint(), Capture.Patience.USUAL);
    capture.remove(InPlaceScript.remove(store.down));
    fenced("UPDATE customers SET full_name = 'X'");
    capture.archive(ArchiveScript.create("store", store.lens.tables().keySet()));
    capture.remove(InPlaceScript.remove(store.up));
    capture.remove(InPlaceScript.forget(store.up));
    store.server.execute("UPDATE people SET family_name = 'Changed' WHERE id = 1");
    fenced("UPDATE customers SET full_name = 'X'");
    assertThat(store.value("SELECT full_name FROM customers WHERE id = 1")).isEqualTo("A B");
    assertThat(
            store.value(
                "SELECT count(*) FROM pg_proc WHERE pronamespace = 'crossfade'::regnamespace AND"
                    + " proname ~ '^(image|inplace|fence)_[0-9a-f]'"))
        .isEqualTo("0");
    for (String table : List.of("fence", "entity_group", "turn", "mutation")) {
      assertThat(store.value("SELECT count(*) FROM crossfade." + table)).as(table).isEqualTo("0");
    }
  }

  @Test
  void theOneTakesOtherMigrationsAndTablesThatAreNotMappedForAnObstacle() throws Exception {
    assertThatThrownBy(
            () ->
                new Capture(store.endpoint(), Capture.Patience.USUAL)
                    .install(
                        OneDatabase.capture(
                            store.up.stream().map(FlipInPlaceIT::renamed).toList(), true)))
        .isInstanceOf(SQLException.class)
        .hasMessageContaining("another migration has its triggers on");
    assertThatThrownBy(
            () ->
                new Capture(store.endpoint(), Capture.Patience.USUAL)
                    .install(
                        OneDatabase.capture(
                            store.up.stream().map(FlipInPlaceIT::consulting).toList(), true)))
        .isInstanceOf(SQLException.class)
        .hasMessageContaining("is made of public.ranks as well");
    CaptureScript capture =
        OneDatabase.capture(store.up.stream().map(FlipInPlaceIT::consulting).toList(), true);
    assertThat(store.value(capture.check())).isEqualTo("2");
  }

  private static SyncPlan renamed(SyncPlan plan) {
    return copy(plan, "other", plan.consulted());
  }

  private static SyncPlan consulting(SyncPlan plan) {
    return copy(plan, plan.migration(), Set.of(new TableName("public", "ranks")));
  }

  private static SyncPlan copy(SyncPlan plan, String migration, Set<TableName> consulted) {
    return new SyncPlan(
        migration,
        plan.group(),
        plan.authority(),
        plan.keys(),
        plan.lock(),
        plan.tables(),
        plan.digests(),
        plan.entities(),
        plan.captured(),
        plan.single(),
        consulted,
        plan.replaceable(),
        plan.capture());
  }
}
