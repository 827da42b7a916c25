package dev.crossfade.mirror;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.crossfade.core.migration.Side;
import dev.crossfade.mirror.Flip.Step;
import dev.crossfade.mirror.FlipException.Kind;
import dev.crossfade.sql.capture.CaptureSchema;
import dev.crossfade.sql.image.SyncPlan;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What happens to the data while the authority moves hinders it, or is done with before it has. */
class FlipHindranceIT {
  private static final Flip.Settings USUAL =
      new Flip.Settings(Duration.ofSeconds(30), Duration.ofSeconds(5));

  private static Shop shop;

  @BeforeAll
  static void start() throws Exception {
    shop = Shop.start();
  }

  @AfterAll
  static void stop() {
    shop.close();
  }

  @BeforeEach
  void begin() throws Exception {
    shop.old.execute(
        "DELETE FROM customers",
        "INSERT INTO customers VALUES (1, 'Ann Bell', 'ann@x', 100), (7, 'Bo', NULL, 0)");
  }

  /** Nothing that a test has left keeps the authority from coming back. */
  @AfterEach
  void comeBack() throws Exception {
    shop.install();
    for (Side side : Side.values()) {
      shop.server(side).execute("DELETE FROM crossfade.dead_letter");
    }
    if (shop.value(Side.OLD, "SELECT authority FROM crossfade.fence").equals("NEW")) {
      flip(Side.NEW, step -> {});
      flip(Side.OLD, step -> {});
    }
    assertThat(shop.found()).isEqualTo(shop.wanted());
  }

  private static Flip.Outcome flip(Side to, Flip.Steps steps) throws FlipException {
    return new Flip(shop.link(to.other()), shop.link(to), USUAL, steps).run();
  }

  /** Does something once that step is done. */
  private static Flip.Steps at(Step wanted, Flip.Steps what) {
    return step -> {
      if (step == wanted) {
        what.done(step);
      }
    };
  }

  private static void assertKind(ThrowingCallable flip, Kind kind, String why) {
    assertThatThrownBy(flip)
        .isInstanceOfSatisfying(
            FlipException.class, e -> assertThat(e.kind()).as("%s", e).isEqualTo(kind))
        .hasMessageContaining(why);
  }

  private static List<String> taken() throws SQLException {
    List<String> taken = new ArrayList<>();
    for (Side side : Side.values()) {
      try {
        shop.server(side)
            .execute(
                side == Side.OLD
                    ? "UPDATE customers SET balance_cents = 100 WHERE id = 1"
                    : "UPDATE people SET balance = 1 WHERE id = 1");
        taken.add(side.name());
      } catch (SQLException e) {
        assertThat(e.getSQLState()).isEqualTo(CaptureSchema.FENCED);
      }
    }
    return taken;
  }

  private static String trigger(Side side, String table, String suffix) throws SQLException {
    return shop.value(
        side,
        "SELECT tgname FROM pg_trigger WHERE tgrelid = '"
            + table
            + "'::regclass AND tgname LIKE 'crossfade_capture%"
            + suffix
            + "'");
  }

  @Test
  void aTriggerThatIsSwitchedOffWhenTheFenceClosesUndoesIt() throws Exception {
    String trigger = trigger(Side.OLD, "customers", "_u");
    Flip.Steps unlogged =
        step ->
            shop.old.execute(
                "ALTER TABLE customers DISABLE TRIGGER " + trigger,
                "UPDATE customers SET full_name = 'Not Logged' WHERE id = 7");
    assertKind(
        () -> flip(Side.NEW, at(Step.CALM, unlogged)),
        Kind.UNDONE,
        "1 triggers are missing or switched off on OLD");
    assertThat(taken()).containsExactly("OLD");
    shop.old.execute(
        "INSERT INTO crossfade.backfill VALUES ('shop', 'public.customers', '{7}', '{7}', 2, 0)",
        "ALTER TABLE customers ENABLE ALWAYS TRIGGER " + trigger);
    flip(Side.NEW, step -> {});
    assertThat(shop.value(Side.NEW, "SELECT given_name FROM people WHERE id = 7")).isEqualTo("Not");
  }

  @Test
  void aSideThatWouldNotLogItsChangesDoesNotGetTheAuthority() throws Exception {
    String trigger = trigger(Side.NEW, "people", "_k");
    assertKind(
        () ->
            flip(
                Side.NEW,
                at(
                    Step.DRAINED,
                    step -> shop.next.execute("DROP TRIGGER " + trigger + " ON people"))),
        Kind.UNDONE,
        "1 triggers are missing or switched off on NEW");
    assertThat(taken()).containsExactly("OLD");
  }

  /** It leaves the log then, and all looks as if it had been carried. */
  @Test
  void anEntityThatIsGivenUpBehindTheClosedFenceUndoesIt() throws Exception {
    Flip.Steps failing =
        step ->
            shop.old.execute(
                "UPDATE customers SET balance_cents = -500000000 WHERE id = 7",
                "UPDATE crossfade.mutation SET attempts = "
                    + (Mirror.Settings.USUAL.attempts() - 1));
    assertKind(() -> flip(Side.NEW, at(Step.CALM, failing)), Kind.UNDONE, "an entity was given up");
    assertThat(shop.value(Side.OLD, "SELECT string_agg(key::text, ' ') FROM crossfade.dead_letter"))
        .isEqualTo("{7}");
    assertThat(taken()).containsExactly("OLD");
    shop.old.execute("UPDATE customers SET balance_cents = 0 WHERE id = 7");
    flip(Side.NEW, step -> {});
    assertThat(taken()).containsExactly("NEW");
  }

  /** What old alone has would be lost once new is written; nobody but a person may want that. */
  @Test
  void aFlipThatWasHalfDoneIsNotFinishedOverAnEntityThatWasGivenUp() throws Exception {
    assertThatThrownBy(() -> flip(Side.NEW, at(Step.LEFT, step -> die())))
        .isInstanceOf(IllegalStateException.class);
    shop.old.execute(
        "INSERT INTO crossfade.dead_letter (entity_group, key, sqlstate, error, attempts)"
            + " SELECT number, '{7}', '23514', 'too small', 10 FROM crossfade.entity_group"
            + " WHERE name = 'public.customers'");
    assertKind(() -> flip(Side.NEW, step -> {}), Kind.UNFINISHED, "replay or discard");
    assertThat(taken()).isEmpty();
    assertThat(new DeadLetters(shop.endpoint(Side.OLD), "shop").replay()).isEqualTo(1);
    flip(Side.NEW, step -> {});
    assertThat(taken()).containsExactly("NEW");
  }

  private static void die() {
    throw new IllegalStateException("killed");
  }

  @Test
  void aBackfillThatRunsIsNotCutOff() throws Exception {
    try (Connection connection = shop.endpoint(Side.OLD).open(Endpoint.Use.WRITE)) {
      BackfillLog.open(connection, "shop");
      assertKind(() -> flip(Side.NEW, step -> die()), Kind.REFUSED, "a backfill of migration shop");
    }
    try (Connection connection = shop.endpoint(Side.OLD).open(Endpoint.Use.WRITE)) {
      assertKind(
          () -> flip(Side.NEW, at(Step.CALM, step -> BackfillLog.open(connection, "shop"))),
          Kind.UNDONE,
          "begun a backfill");
    }
    assertThat(taken()).containsExactly("OLD");
  }

  @Test
  void noBackfillBeginsWhileItMovesAndNoneOfTheSideThatHadTheAuthorityAfterIt() throws Exception {
    List<String> states = new ArrayList<>();
    flip(
        Side.NEW,
        step -> {
          if (step == Step.DRAINED || step == Step.ARRIVED) {
            states.add(backfill());
          }
        });
    shop.next.execute("UPDATE people SET given_name = 'Anna' WHERE id = 1");
    states.add(backfill());
    assertThat(states).containsExactly(BackfillLog.BUSY, "CF001", "CF001");
    assertThat(shop.value(Side.NEW, "SELECT given_name FROM people WHERE id = 1"))
        .isEqualTo("Anna");
  }

  private static String backfill() {
    try {
      new Backfill(
              shop.up, shop.endpoint(Side.OLD), shop.endpoint(Side.NEW), Backfill.Settings.USUAL)
          .run(
              true,
              new Backfill.Progress() {
                @Override
                public boolean reached(Backfill.Position position) {
                  return true;
                }

                @Override
                public boolean waits(long pending) {
                  return false;
                }

                @Override
                public void failed(String table, List<String> key, SQLException why) {
                  throw new IllegalStateException(why);
                }
              });
      return "done";
    } catch (SQLException e) {
      return String.valueOf(e.getSQLState());
    }
  }

  @Test
  void aRepairIsDoneBeforeItMovesOrNotAtAll() throws Exception {
    Repair repair = new Repair(shop.endpoint(Side.OLD), shop.endpoint(Side.NEW));
    SyncPlan customers =
        shop.up.stream()
            .filter(p -> p.group().equals("public.customers"))
            .findFirst()
            .orElseThrow();
    flip(
        Side.NEW,
        at(
            Step.CLOSED,
            step -> {
              shop.next.execute(
                  "SET crossfade.applying = on", "UPDATE people SET given_name = 'X' WHERE id = 1");
              assertThat(repair.run(customers, List.of(List.of("1")))).isEmpty();
            }));
    assertThat(shop.found()).isEqualTo(shop.wanted());
    shop.next.execute("UPDATE people SET given_name = 'Anna' WHERE id = 1");
    assertThatThrownBy(() -> repair.run(customers, List.of(List.of("1"))))
        .isInstanceOfSatisfying(
            SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo(CaptureSchema.FENCED));
    assertThat(shop.value(Side.NEW, "SELECT given_name FROM people WHERE id = 1"))
        .isEqualTo("Anna");
  }

  /** New has something else then because it is written, and that is no drift. */
  @Test
  void aVerificationThatTheAuthorityMovedUnderFindsNoDrift() throws Exception {
    flip(Side.NEW, step -> {});
    flip(Side.OLD, step -> {});
    shop.next.execute(
        "SET crossfade.applying = on", "UPDATE people SET given_name = 'X' WHERE id = 7");
    List<String> drifted = new ArrayList<>();
    Verify.Findings moving =
        new Verify.Findings() {
          private boolean moved;

          @Override
          public void compared(String group, long rows) {
            if (!moved && group.equals("public.customers")) {
              moved = true;
              try {
                flip(Side.NEW, step -> {});
              } catch (FlipException e) {
                throw new IllegalStateException(e);
              }
            }
          }

          @Override
          public void drift(SyncPlan plan, List<String> key) {
            drifted.add(plan.group() + key);
          }

          @Override
          public void restless(SyncPlan plan, List<String> key) {
            drifted.add(plan.group() + key);
          }
        };
    assertThatThrownBy(
            () ->
                new Verify(
                        shop.up,
                        shop.endpoint(Side.OLD),
                        shop.endpoint(Side.NEW),
                        new Verify.Settings(1, 1))
                    .run(moving))
        .isInstanceOfSatisfying(
            SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo(CaptureSchema.FENCED));
    assertThat(drifted).isEmpty();
    shop.next.execute("UPDATE people SET given_name = 'Bo' WHERE id = 7");
  }
}
