package dev.crossfade.bench.writes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.bench.writes.Executed.Answered;
import dev.crossfade.testkit.process.Await;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Sessions that write one row at once. */
class LostUpdateIT {
  private static final int SESSIONS = 4;
  private static final int ROUNDS = 20;

  @SuppressWarnings("NullAway.Init")
  private static World world;

  @BeforeAll
  static void start() throws SQLException, IOException {
    world = World.start(1);
  }

  @AfterAll
  static void stop() {
    world.close();
  }

  /** All sessions run a statement many times, each time in a transaction of its own. */
  private static List<Outcome> atOnce(String sql) throws Exception {
    List<Future<List<Outcome>>> running = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(SESSIONS)) {
      for (int session = 0; session < SESSIONS; session++) {
        running.add(threads.submit(() -> again(sql)));
      }
    }
    List<Outcome> outcomes = new ArrayList<>();
    for (Future<List<Outcome>> session : running) {
      outcomes.addAll(session.get());
    }
    return outcomes;
  }

  private static List<Outcome> again(String sql) throws IOException {
    List<Outcome> outcomes = new ArrayList<>();
    try (Link link = world.target()) {
      for (int round = 0; round < ROUNDS; round++) {
        link.must("BEGIN");
        outcomes.add(run(link, sql));
        link.must("COMMIT");
      }
    }
    return outcomes;
  }

  private static Outcome run(Link link, String sql) throws IOException {
    Executed executed = new Translated(world.analyzer(), link).run(sql, "");
    assertThat(executed).isInstanceOf(Answered.class);
    return ((Answered) executed).outcome();
  }

  private static long number(String sql) throws IOException {
    try (Link link = world.target()) {
      return link.numbers(sql)[0];
    }
  }

  @Test
  void everyUpdateCounts() throws Exception {
    List<Outcome> outcomes =
        atOnce("UPDATE customers SET balance_cents = balance_cents + 1 WHERE id = 2");
    assertThat(outcomes)
        .hasSize(SESSIONS * ROUNDS)
        .allMatch(each -> each instanceof Outcome.Done done && done.tag().equals("UPDATE 1"));
    assertThat(number("SELECT (balance * 100)::bigint FROM people WHERE id = 2"))
        .isEqualTo(2 * 137 + SESSIONS * ROUNDS);
  }

  @Test
  void everyInsertOnConflictCountsAndTheFirstInserts() throws Exception {
    List<Outcome> outcomes =
        atOnce(
            "INSERT INTO settings (member_id, shard, quota) VALUES (771, 0, 1)"
                + " ON CONFLICT (member_id) DO UPDATE SET quota = settings.quota + EXCLUDED.quota");
    assertThat(outcomes)
        .hasSize(SESSIONS * ROUNDS)
        .allMatch(each -> each instanceof Outcome.Done done && done.tag().equals("INSERT 0 1"));
    assertThat(number("SELECT quota FROM accounts WHERE id = 771")).isEqualTo(SESSIONS * ROUNDS);
  }

  @Test
  void twoTablesOfOneStoredRowAreFilledAtOnce() throws Exception {
    try (Link one = world.target();
        Link two = world.target();
        ExecutorService threads = Executors.newFixedThreadPool(1)) {
      one.must("BEGIN");
      two.must("BEGIN");
      Outcome first = run(one, "INSERT INTO members (id, shard, nick) VALUES (772, 0, 'both')");
      Future<Outcome> second =
          threads.submit(() -> run(two, "INSERT INTO settings (member_id, shard) VALUES (772, 0)"));
      Await.until(
          "the second one waits for the first",
          () -> number("SELECT count(*) FROM pg_locks WHERE NOT granted") == 1);
      one.must("COMMIT");
      assertThat(List.of(first, second.get()))
          .allMatch(each -> each instanceof Outcome.Done done && done.tag().equals("INSERT 0 1"));
      two.must("COMMIT");
    }
    assertThat(
            number("SELECT count(*) FROM accounts WHERE id = 772 AND is_member AND has_settings"))
        .isEqualTo(1);
  }
}
