package dev.crossfade.bench.consistency;

import dev.crossfade.bench.mirror.Sides;
import dev.crossfade.core.migration.Side;
import dev.crossfade.mirror.Verify;
import dev.crossfade.sql.image.SyncPlan;
import dev.crossfade.testkit.postgres.EmbeddedServer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * What is there in the end, beside what clients were told.
 *
 * @param acknowledged transactions
 * @param authority the side that has it in the end
 * @param lost of them that are not there
 * @param phantoms rows that nobody wrote
 * @param lookedBack reads that missed what their session had written, or seen before
 * @param drift entities of which the other side is not the lens of the authority
 * @param dead letters
 * @param money too much in old
 * @param moneyOfNew too much in new
 * @param unknown commits of which no client knows whether they were done
 * @param interruptions connections that were lost
 * @param drained seconds until the log was empty
 */
record Count(
    int acknowledged,
    Side authority,
    int lost,
    int phantoms,
    long lookedBack,
    long drift,
    long dead,
    long money,
    long moneyOfNew,
    int unknown,
    long interruptions,
    double drained) {
  private static final long PATIENCE_NANOS = TimeUnit.MINUTES.toNanos(3);
  private static final String PENDING = "SELECT count(*) FROM crossfade.mutation";
  private static final String DEAD = "SELECT count(*) FROM crossfade.dead_letter";

  /**
   * @param clients that have ended
   * @param sum of old's money before
   */
  static Count of(Sides sides, List<Client> clients, long sum) throws SQLException {
    double drained = settle(sides);
    Set<Long> acknowledged = new HashSet<>();
    Set<Long> unknown = new HashSet<>();
    clients.forEach(client -> acknowledged.addAll(client.acknowledged()));
    clients.forEach(client -> unknown.addAll(client.unknown()));
    Side authority = authority(sides);
    Set<Long> found = ledger(sides, authority);
    Set<Long> lost = new HashSet<>(acknowledged);
    lost.removeAll(found);
    Set<Long> phantoms = new HashSet<>(found);
    phantoms.removeAll(acknowledged);
    phantoms.removeAll(unknown);
    return new Count(
        acknowledged.size(),
        authority,
        lost.size(),
        phantoms.size(),
        clients.stream().mapToLong(Client::lookedBack).sum(),
        drift(sides, authority),
        number(sides.old(), DEAD) + number(sides.next(), DEAD),
        money(sides) - sum,
        number(sides.next(), "SELECT (sum(balance) * 100)::bigint FROM people") - sum,
        unknown.size(),
        clients.stream().mapToLong(Client::interruptions).sum(),
        drained);
  }

  static long money(Sides sides) throws SQLException {
    return number(sides.old(), "SELECT sum(balance_cents) FROM customers");
  }

  boolean isFlawless() {
    return lost == 0
        && phantoms == 0
        && lookedBack == 0
        && drift == 0
        && dead == 0
        && money == 0
        && moneyOfNew == 0;
  }

  /** A table in Markdown. */
  String text() {
    return """
    | | |
    |---|---|
    | transactions acknowledged | %,d |
    | of them not in %s, which has the authority in the end | **%d** |
    | rows that nobody wrote | **%d** |
    | reads that missed what the session had written or seen | **%d** |
    | entities that differ in the end | **%d** |
    | dead letters | **%d** |
    | money too much in old, in new | **%d**, **%d** |
    | commits whose outcome no client knows | %d |
    | connections lost | %d |
    | seconds until the log was empty | %.1f |
    """
        .formatted(
            acknowledged,
            authority.name().toLowerCase(Locale.ROOT),
            lost,
            phantoms,
            lookedBack,
            drift,
            dead,
            money,
            moneyOfNew,
            unknown,
            interruptions,
            drained);
  }

  /**
   * Waits until everything has been carried.
   *
   * @return for how many seconds
   */
  static double settle(Sides sides) throws SQLException {
    long start = System.nanoTime();
    while (number(sides.old(), PENDING) + number(sides.next(), PENDING) > 0) {
      if (System.nanoTime() - start > PATIENCE_NANOS) {
        throw new IllegalStateException("the log is never empty");
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
    }
    return (System.nanoTime() - start) / 1e9;
  }

  /** Who has the authority, as both sides say. */
  static Side authority(Sides sides) throws SQLException {
    String sql = "SELECT authority || ', epoch ' || epoch FROM crossfade.fence";
    String old = text(sides.old(), sql);
    String next = text(sides.next(), sql);
    if (!old.equals(next)) {
      throw new IllegalStateException("old says " + old + ", new says " + next);
    }
    return Side.valueOf(old.substring(0, old.indexOf(',')));
  }

  /** Entities that differ when nobody writes; one that seems not to be at rest counts as well. */
  static long drift(Sides sides) throws SQLException {
    return drift(sides, authority(sides));
  }

  private static long drift(Sides sides, Side authority) throws SQLException {
    return authority == Side.OLD
        ? drift(verify(sides, sides.plans(), sides.old()))
        : drift(verify(sides, sides.back(), sides.next()));
  }

  private static Verify verify(Sides sides, List<SyncPlan> plans, EmbeddedServer from) {
    EmbeddedServer to = from.equals(sides.old()) ? sides.next() : sides.old();
    return new Verify(
        plans, sides.endpoint(from), sides.endpoint(to), new Verify.Settings(1_000, 1));
  }

  private static long drift(Verify verify) throws SQLException {
    AtomicLong drift = new AtomicLong();
    verify.run(
        new Verify.Findings() {
          @Override
          public void compared(String group, long rows) {}

          @Override
          public void drift(SyncPlan plan, List<String> key) {
            System.out.println("differs: " + plan.group() + ' ' + key);
            drift.incrementAndGet();
          }

          @Override
          public void restless(SyncPlan plan, List<String> key) {
            drift.incrementAndGet();
          }
        });
    return drift.get();
  }

  /** The numbers that a side has. */
  static Set<Long> ledger(Sides sides, Side side) throws SQLException {
    boolean old = side == Side.OLD;
    Set<Long> numbers = new HashSet<>();
    try (Connection connection = (old ? sides.old() : sides.next()).connect("postgres");
        Statement statement = connection.createStatement();
        ResultSet result =
            statement.executeQuery(
                old
                    ? "SELECT n FROM ledger WHERE n >= 0"
                    : "SELECT number FROM journal WHERE number >= 0")) {
      while (result.next()) {
        numbers.add(result.getLong(1));
      }
    }
    return numbers;
  }

  static long number(EmbeddedServer server, String sql) throws SQLException {
    return Long.parseLong(text(server, sql));
  }

  private static String text(EmbeddedServer server, String sql) throws SQLException {
    try (Connection connection = server.connect("postgres");
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      result.next();
      return String.valueOf(result.getString(1));
    }
  }
}
