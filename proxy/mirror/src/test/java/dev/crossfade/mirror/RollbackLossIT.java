package dev.crossfade.mirror;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.crossfade.core.migration.Side;
import dev.crossfade.mirror.RollbackLoss.Loss;
import dev.crossfade.sql.capture.CaptureSchema;
import dev.crossfade.testkit.process.Await;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What new holds and old could not give back is found, and nothing else. */
class RollbackLossIT {
  private static final Duration BOUND = Duration.ofSeconds(60);
  private static final String CUSTOMERS = "public.customers";

  private static Shop shop;

  @BeforeAll
  static void start() throws Exception {
    shop = Shop.start();
    shop.old.execute(
        "INSERT INTO customers SELECT i, 'A' || i || ' B', i || '@x', i, now()"
            + " FROM generate_series(1, 500) i",
        "INSERT INTO orders SELECT i, i, i * 1.50, 'n' FROM generate_series(1, 300) i");
    flip(Side.NEW);
  }

  @AfterAll
  static void stop() {
    shop.close();
  }

  private static void flip(Side to) throws FlipException {
    new Flip(
            shop.link(to.other()),
            shop.link(to),
            new Flip.Settings(BOUND, Duration.ofSeconds(5)),
            step -> {})
        .run();
  }

  private static Map<String, Loss> measure() throws SQLException {
    return new RollbackLoss(
            shop.up, shop.endpoint(Side.OLD), shop.endpoint(Side.NEW), new Verify.Settings(100, 2))
        .measure(2, () -> true)
        .groups();
  }

  private static Loss customers() throws SQLException {
    return measure().getOrDefault(CUSTOMERS, Loss.NONE);
  }

  @Test
  void entitiesThatOldCanNotGiveBackAreCounted() throws Exception {
    try (Mirror back =
        Mirror.start(
            shop.link(Side.NEW),
            new Mirror.Settings(64, Duration.ofMillis(20), Duration.ofMillis(100), 2),
            MirrorMeters.NONE)) {
      shop.next.execute(
          "UPDATE people SET balance = balance + 1, given_name = 'Ann' WHERE id <= 100",
          "INSERT INTO people VALUES (9000, 'Cy', 'Dee', 5, now())",
          "DELETE FROM contacts WHERE person_id BETWEEN 50 AND 60",
          "DELETE FROM purchases WHERE id > 200");
      arrive(back);
      Map<String, Loss> none = measure();
      assertThat(none.values()).allMatch(loss -> loss.entities() == 0 && loss.undecided() == 0);
      assertThat(none.get(CUSTOMERS)).extracting(Loss::rows).isEqualTo(501L + 489);

      // Old has one name, and its first word is the given one.
      shop.next.execute(
          "UPDATE people SET given_name = 'Mary Ann' WHERE id IN (3, 4, 5)",
          "UPDATE people SET balance = 7.00 WHERE id = 6");
      arrive(back);
      Loss some = customers();
      assertThat(some.entities()).isEqualTo(3);
      assertThat(some.keys()).hasSize(2).isSubsetOf(List.of("3"), List.of("4"), List.of("5"));

      // What can't be carried is lost as well: old holds no such sum.
      shop.next.execute(
          "INSERT INTO people VALUES (9001, 'Croesus', NULL, 1e17, now())",
          "UPDATE people SET given_name = 'Mary' WHERE id IN (3, 4, 5)");
      arrive(back);
      assertThat(customers())
          .extracting(Loss::entities, Loss::keys)
          .containsExactly(1L, List.of(List.of("9001")));
      shop.next.execute("DELETE FROM people WHERE id = 9001");
      arrive(back);
      assertThat(customers().entities()).isEqualTo(0);
    }
  }

  @Test
  void whatIsStoppedSaysThatItIsNotWhole() throws Exception {
    RollbackLoss loss =
        new RollbackLoss(
            shop.up, shop.endpoint(Side.OLD), shop.endpoint(Side.NEW), new Verify.Settings(100, 2));
    AtomicInteger chunks = new AtomicInteger();
    RollbackLoss.Measurement some = loss.measure(2, () -> chunks.incrementAndGet() < 3);
    assertThat(some.isWhole()).isFalse();
    assertThat(chunks).hasValue(3);
    assertThat(loss.measure(2, () -> true).isWhole()).isTrue();
  }

  private static void arrive(Mirror mirror) {
    mirror.kick();
    Await.until(
        "all has arrived, or was given up",
        BOUND,
        () -> shop.value(Side.NEW, "SELECT count(*) FROM crossfade.mutation").equals("0"));
  }

  /** The mirror is behind: that is no loss, and it is no certainty either. */
  @Test
  void whatIsUnderWayIsNotCounted() throws Exception {
    shop.next.execute("UPDATE people SET balance = balance + 5 WHERE id = 77");
    assertThat(customers()).extracting(Loss::entities, Loss::undecided).containsExactly(0L, 1L);
    flip(Side.OLD);
    assertThatThrownBy(
            () -> {
              shop.next.execute(
                  "SET crossfade.applying = on",
                  "UPDATE people SET balance = balance + 5 WHERE id = 77");
              measure();
            })
        .isInstanceOfSatisfying(
            SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo(CaptureSchema.FENCED));
    shop.next.execute(
        "SET crossfade.applying = on", "UPDATE people SET balance = balance - 5 WHERE id = 77");
    flip(Side.NEW);
  }
}
