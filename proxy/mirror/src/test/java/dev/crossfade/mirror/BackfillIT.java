package dev.crossfade.mirror;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.core.migration.Side;
import dev.crossfade.mirror.Backfill.Position;
import dev.crossfade.testkit.process.Await;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What was there before capture arrives, once, wherever the backfill was stopped. */
class BackfillIT {
  private static final int ROWS = 5_000;
  private static Shop shop;

  @BeforeAll
  static void start() throws Exception {
    shop = Shop.start();
    shop.old.execute(
        "INSERT INTO customers SELECT i, 'A' || i || ' B', i || '@x', CASE i WHEN 77 THEN"
            + " -1000000000 ELSE i END, now() FROM generate_series(1, "
            + ROWS
            + ") i",
        "INSERT INTO orders SELECT i, i, i * 1.50, 'n' FROM generate_series(1, " + ROWS + ") i",
        "TRUNCATE crossfade.mutation");
  }

  @AfterAll
  static void stop() {
    shop.close();
  }

  /** Stops after some chunks, and remembers where. */
  private static class Notes implements Backfill.Progress {
    final Map<String, Position> positions = new HashMap<>();
    final List<String> failures = new ArrayList<>();
    private int left;

    Notes(int chunks) {
      left = chunks;
    }

    @Override
    public boolean reached(Position position) {
      positions.put(position.table(), position);
      return --left > 0;
    }

    @Override
    public boolean waits(long pending) {
      return true;
    }

    @Override
    public void failed(String table, List<String> key, SQLException why) {
      failures.add(table + key + why.getSQLState());
    }
  }

  private static Backfill backfill(int chunk) {
    return new Backfill(
        shop.up,
        shop.endpoint(Side.OLD),
        shop.endpoint(Side.NEW),
        new Backfill.Settings(chunk, 5_000, 1));
  }

  private static boolean run(Map<String, Position> positions, List<String> failures)
      throws SQLException {
    Notes notes = new Notes(7);
    boolean whole = backfill(250).run(false, notes);
    positions.putAll(notes.positions);
    failures.addAll(notes.failures);
    return whole;
  }

  @Test
  void whatWaitsForTheMirrorCanBeStopped() throws Exception {
    shop.old.execute("UPDATE orders SET note = note WHERE id < 4");
    List<Long> waits = new ArrayList<>();
    boolean whole =
        new Backfill(
                shop.up,
                shop.endpoint(Side.OLD),
                shop.endpoint(Side.NEW),
                new Backfill.Settings(10, 2, 1))
            .run(
                true,
                new Backfill.Progress() {
                  @Override
                  public boolean reached(Position position) {
                    return true;
                  }

                  @Override
                  public boolean waits(long pending) {
                    waits.add(pending);
                    return waits.size() < 3;
                  }

                  @Override
                  public void failed(String table, List<String> key, SQLException why) {}
                });
    assertThat(whole).isFalse();
    assertThat(waits).containsExactly(3L, 3L, 3L);
    shop.old.execute("TRUNCATE crossfade.mutation", "TRUNCATE crossfade.backfill");
  }

  /** What is told of one that has ended and of one that has not. */
  private static String unfinished() throws SQLException {
    return shop.value(
        Side.OLD, "SELECT count(*) FROM crossfade.backfill WHERE after IS DISTINCT FROM up_to");
  }

  @Test
  void oneThatDiesBetweenTwoTablesHasNotComeToItsEnd() throws Exception {
    Notes notes =
        new Notes(1) {
          @Override
          public boolean reached(Position position) {
            positions.put(position.table(), position);
            return !position.isEnd();
          }
        };
    assertThat(backfill(1_000).run(true, notes)).isFalse();
    assertThat(notes.positions.values()).hasSize(1).allMatch(Position::isEnd);
    assertThat(unfinished()).isEqualTo("1");
    shop.old.execute("TRUNCATE crossfade.mutation", "TRUNCATE crossfade.backfill");
  }

  @Test
  void itEndsThoughTheLastEntitiesAreGoneMeanwhile() throws Exception {
    shop.old.execute(
        "INSERT INTO customers VALUES (2000000, 'Soon Gone', NULL)",
        "INSERT INTO orders SELECT i, 1, 1, 'n' FROM generate_series(2000000, 2000300) i");
    assertThat(backfill(250).run(true, new Notes(7))).isFalse();
    shop.old.execute(
        "DELETE FROM orders WHERE id >= 2000000", "DELETE FROM customers WHERE id = 2000000");
    Map<String, Position> positions = new HashMap<>();
    for (int runs = 1; !run(positions, new ArrayList<>()); runs++) {
      assertThat(runs).isLessThan(20);
    }
    assertThat(positions.values()).hasSize(2).allMatch(Position::isEnd);
    assertThat(unfinished()).isEqualTo("0");
    shop.old.execute("TRUNCATE crossfade.mutation", "TRUNCATE crossfade.backfill");
  }

  @Test
  void everyEntityArrivesThoughItIsStoppedAgainAndAgain() throws Exception {
    Map<String, Position> positions = new HashMap<>();
    List<String> failures = new ArrayList<>();
    int runs = 1;
    while (!run(positions, failures)) {
      if (runs++ == 1) {
        shop.old.execute("INSERT INTO customers VALUES (1000000, 'Later', NULL)");
      }
    }
    assertThat(runs).isBetween(5, 9);
    assertThat(failures).containsExactly("public.customers[77]23514");
    assertThat(positions.values()).allMatch(Position::isEnd);
    assertThat(requireNonNull(positions.get("public.customers")).entities()).isEqualTo(ROWS);
    assertThat(shop.value(Side.NEW, "SELECT count(*) FROM people")).isEqualTo("" + (ROWS - 1));
    assertThat(shop.value(Side.NEW, "SELECT count(*) FROM purchases")).isEqualTo("" + ROWS);
    shop.old.execute("UPDATE customers SET balance_cents = 0 WHERE id = 77");
    try (Mirror mirror = shop.mirror()) {
      Await.until(
          "what was written meanwhile arrives",
          () -> shop.value(Side.OLD, "SELECT count(*) FROM crossfade.mutation").equals("0"));
      mirror.kick();
    }
    assertThat(shop.found()).isEqualTo(shop.wanted());
  }
}
