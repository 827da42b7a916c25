package dev.crossfade.sidecar;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.testkit.net.Direction;
import dev.crossfade.testkit.net.FaultProxy;
import dev.crossfade.testkit.net.Flow;
import dev.crossfade.testkit.process.Await;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * New is killed, frozen, cut off, slow, truncated, gone: under load no client gets an error or a
 * wrong row.
 */
class SickTargetIT {
  private static final int CLIENTS = 8;
  private static final Duration BOUND = Duration.ofSeconds(30);

  /**
   * The longest a single read may take: one new side that does not answer, noticed after
   * newTimeout, and some scheduling.
   */
  private static final Duration LONGEST_READ = Duration.ofSeconds(6);

  private static Pair pair;
  private static FaultProxy network;
  private static Sidecar sidecar;

  @BeforeAll
  static void start() throws Exception {
    pair = new Pair();
    network = FaultProxy.to(pair.target.host(), pair.target.port());
    sidecar = pair.rampThrough(pair.target.port(), network.port(), "limits: {newTimeout: 500ms}");
  }

  @AfterAll
  static void stop() throws Exception {
    sidecar.close();
    network.close();
    pair.close();
  }

  /** Something that is done to new, and then undone. */
  private record Illness(String name, Runnable begins, Runnable ends) {}

  private static List<Illness> illnesses() {
    List<Illness> all = new ArrayList<>();
    all.add(new Illness("killed", pair.target::kill, pair.target::startAgain));
    all.add(new Illness("stopped in order", pair.target::stop, pair.target::startAgain));
    all.add(new Illness("frozen", pair.target::freeze, pair.target::thaw));
    all.add(new Illness("connections cut", network::cut, network::heal));
    all.add(
        new Illness(
            "refusing and cut",
            () -> {
              network.refuse();
              network.cut();
            },
            network::heal));
    all.add(
        new Illness("a black hole both ways", () -> network.set(new Flow.Hold()), network::heal));
    all.add(
        new Illness(
            "its answers vanish",
            () -> network.set(Direction.TO_CLIENT, new Flow.Hold()),
            network::heal));
    all.add(
        new Illness(
            "slow", () -> network.set(new Flow.Delay(Duration.ofMillis(300))), network::heal));
    all.add(
        new Illness(
            "answers cut in the middle",
            () -> network.set(Direction.TO_CLIENT, new Flow.Truncate(700)),
            network::heal));
    all.add(
        new Illness(
            "answers cut during the login",
            () -> {
              network.set(Direction.TO_CLIENT, new Flow.Truncate(40));
              network.cut();
            },
            network::heal));
    all.add(
        new Illness(
            "its sessions are ended",
            () -> {
              for (int i = 0; i < 20; i++) {
                onTarget(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'shop2'"
                        + " AND pid <> pg_backend_pid()");
              }
            },
            () -> {}));
    all.add(new Illness("its table is locked", () -> Lock.take(), () -> Lock.release()));
    return all;
  }

  /** A session that holds a table of new for itself. */
  private static final class Lock {
    private static final List<Connection> HOLDERS = new ArrayList<>();

    static void take() {
      try {
        Connection holder = pair.target.connect("shop2");
        holder.setAutoCommit(false);
        HOLDERS.add(holder);
        holder.createStatement().execute("LOCK TABLE people IN ACCESS EXCLUSIVE MODE");
      } catch (SQLException e) {
        throw new IllegalStateException(e);
      }
    }

    static void release() {
      try {
        for (Connection holder : HOLDERS) {
          holder.close();
        }
        HOLDERS.clear();
      } catch (SQLException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  private static void onTarget(String sql) {
    try {
      pair.target.executeIn("shop2", sql);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void noClientNotices() throws Exception {
    ConcurrentLinkedQueue<String> complaints = new ConcurrentLinkedQueue<>();
    AtomicBoolean ended = new AtomicBoolean();
    AtomicLong reads = new AtomicLong();
    AtomicLong slowestNanos = new AtomicLong();
    List<Thread> clients = new ArrayList<>();
    for (int i = 0; i < CLIENTS; i++) {
      int seed = i;
      clients.add(
          Thread.ofVirtual().start(() -> read(seed, ended, reads, slowestNanos, complaints)));
    }
    try {
      awaitReadsFromNew("at the start");
      for (Illness illness : illnesses()) {
        slowestNanos.set(0);
        illness.begins().run();
        long from = reads.get();
        Await.until(
            "reads while new is " + illness.name(),
            BOUND,
            () -> reads.get() > from + 100 * CLIENTS);
        illness.ends().run();
        awaitReadsFromNew("after new was " + illness.name());
        assertThat(complaints).as(illness.name()).isEmpty();
        assertThat(Duration.ofNanos(slowestNanos.get()))
            .as(illness.name())
            .isLessThan(LONGEST_READ);
      }
    } finally {
      ended.set(true);
      for (Thread client : clients) {
        client.join();
      }
    }
    assertThat(complaints).isEmpty();
  }

  @Test
  void aTableThatWasMissingForAWhileIsReadAgain() throws Exception {
    try (Sidecar own = pair.sidecar("RAMP", "100%", "random");
        Connection connection = Pair.connect(own)) {
      Await.until("reads from new", () -> isReadFromNew(own, connection));
      onTarget("ALTER TABLE people RENAME TO gone");
      try {
        for (int i = 0; i < 20; i++) {
          assertThat(isReadFromNew(own, connection)).isFalse();
        }
      } finally {
        onTarget("ALTER TABLE gone RENAME TO people");
      }
      Await.until("reads from new again", BOUND, () -> isReadFromNew(own, connection));
    }
  }

  /** Reads once, whatever side answers, and tells whether new did without old's help. */
  private static boolean isReadFromNew(Sidecar own, Connection connection) throws SQLException {
    long answered = Pair.metric(own, "crossfade_answer_seconds_count", "side=\"new\"");
    try (ResultSet row =
        connection.createStatement().executeQuery("SELECT full_name FROM customers WHERE id = 3")) {
      assertThat(row.next()).isTrue();
      assertThat(row.getString(1)).isEqualTo("Given3 Family3");
    }
    return Pair.metric(own, "crossfade_answer_seconds_count", "side=\"new\"") > answered;
  }

  private static void awaitReadsFromNew(String when) {
    long before = Pair.queries(sidecar, "side=\"new\"");
    Await.until(
        "reads from new " + when,
        BOUND,
        () -> Pair.queries(sidecar, "side=\"new\"") > before + CLIENTS);
  }

  private static void read(
      int seed,
      AtomicBoolean ended,
      AtomicLong reads,
      AtomicLong slowestNanos,
      ConcurrentLinkedQueue<String> complaints) {
    int id = 1 + seed * 13;
    try (Connection connection =
            Pair.connect(
                sidecar,
                "preferQueryMode",
                seed % 2 == 0 ? "extended" : "simple",
                "prepareThreshold",
                "3");
        PreparedStatement point =
            connection.prepareStatement(
                "SELECT full_name, balance_cents FROM customers WHERE id = ?");
        PreparedStatement range =
            connection.prepareStatement(
                "SELECT sum(balance_cents), count(email) FROM customers WHERE id <= ?")) {
      while (!ended.get()) {
        id = 1 + id * 7 % (Pair.CUSTOMERS - 1);
        long start = System.nanoTime();
        point.setLong(1, id);
        try (ResultSet row = point.executeQuery()) {
          String expected = "Given" + id + (id % 7 == 0 ? "" : " Family" + id);
          if (!row.next()
              || !expected.equals(row.getString(1))
              || row.getLong(2) != id * 17L
              || row.next()) {
            complaints.add("wrong row for " + id);
          }
        }
        range.setLong(1, id);
        try (ResultSet row = range.executeQuery()) {
          row.next();
          if (row.getLong(1) != 17L * id * (id + 1) / 2 || row.getLong(2) != id - id / 5) {
            complaints.add("wrong sum up to " + id);
          }
        }
        long nanos = System.nanoTime() - start;
        slowestNanos.accumulateAndGet(nanos, Math::max);
        reads.incrementAndGet();
      }
    } catch (SQLException e) {
      complaints.add(
          "client " + seed + ": " + e.getSQLState() + " " + e.getMessage() + " " + e.getCause());
    }
  }
}
