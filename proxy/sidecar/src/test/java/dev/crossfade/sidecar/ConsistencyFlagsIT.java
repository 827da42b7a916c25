package dev.crossfade.sidecar;

import static dev.crossfade.testkit.wire.Messages.query;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.crossfade.core.migration.Side;
import dev.crossfade.testkit.process.Await;
import dev.crossfade.testkit.wire.FrameText;
import dev.crossfade.testkit.wire.WireClient;
import java.io.StringReader;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;

/** What a migration promises about its two sides is kept, and no more than that is waited for. */
class ConsistencyFlagsIT {
  private static final String MIRRORED = "session, ack: mirrored";
  private static final int TIMEOUT_MILLIS = 400;
  private static final int LONG_MILLIS = 10_000;
  private static final String LATE = "crossfade_mirror_late_acks_total";

  private static MirroredPair pair;

  @BeforeAll
  static void start() throws Exception {
    pair = new MirroredPair();
  }

  @AfterAll
  static void stop() throws Exception {
    pair.close();
  }

  private static Sidecar sidecar(String reads, String flags, int ackMillis) throws Exception {
    String limits = "\nlimits: {ackTimeout: " + ackMillis + "ms}";
    Sidecar sidecar = pair.sides.sidecar("RAMP", reads, flags, MirroredPair.MIRROR + limits);
    Await.until(
        "the mirror is at work",
        () -> Pair.metric(sidecar, "crossfade_mirror_pending") == 0 && works(sidecar));
    return sidecar;
  }

  private static boolean works(Sidecar sidecar) throws SQLException {
    try (Connection connection = connect(sidecar)) {
      long before = Pair.metric(sidecar, LATE);
      set(connection, 500, 1);
      return Pair.metric(sidecar, LATE) == before;
    }
  }

  private static Connection connect(Sidecar sidecar) throws SQLException {
    return Pair.connect(sidecar, "socketTimeout", "20");
  }

  private static void set(Connection connection, int id, long cents) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      assertThat(statement.executeUpdate(update(id, cents))).isEqualTo(1);
    }
  }

  private static String update(int id, long cents) {
    return "UPDATE customers SET balance_cents = " + cents + " WHERE id = " + id;
  }

  private static long get(Connection connection, int id) throws SQLException {
    return number(connection, "SELECT balance_cents FROM customers WHERE id = " + id);
  }

  private static long number(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      assertThat(result.next()).as(sql).isTrue();
      return result.getLong(1);
    }
  }

  /** New answers this session, and what it answers is what old has. */
  private static void awaitNew(Sidecar sidecar, Connection client, int id) throws SQLException {
    try (Connection old = pair.sides.old.connect("shop")) {
      long wanted = get(old, id);
      Await.until(
          "new answers",
          () -> {
            long before = Pair.queries(sidecar, "side=\"new\"");
            return get(client, id) == wanted && Pair.queries(sidecar, "side=\"new\"") > before;
          });
    }
  }

  /** What new itself has, in cents. */
  private static long ofNew(Connection target, int id) throws SQLException {
    return number(target, "SELECT (balance * 100)::bigint FROM people WHERE id = " + id);
  }

  @Test
  void mirroredWritesAreOnNewWhenTheirClientHears() throws Exception {
    try (Sidecar sidecar = sidecar("0%", MIRRORED, LONG_MILLIS);
        Connection client = connect(sidecar);
        Connection target = pair.sides.target.connect("shop2")) {
      long late = Pair.metric(sidecar, LATE);
      for (int i = 0; i < 100; i++) {
        set(client, 1 + i, 1_000 + i);
        assertThat(ofNew(target, 1 + i)).isEqualTo(1_000 + i);
      }
      client.setAutoCommit(false);
      for (int i = 0; i < 20; i++) {
        set(client, 1, i);
        set(client, 2, i);
        assertThat(get(client, 2)).isEqualTo(i);
        client.commit();
        assertThat(ofNew(target, 1)).isEqualTo(i);
        assertThat(ofNew(target, 2)).isEqualTo(i);
      }
      set(client, 1, 4711);
      client.rollback();
      client.setAutoCommit(true);
      try (PreparedStatement batch =
          client.prepareStatement("UPDATE customers SET balance_cents = ? WHERE id = ?")) {
        for (int i = 0; i < 50; i++) {
          batch.setLong(1, 7);
          batch.setLong(2, 100 + i);
          batch.addBatch();
        }
        assertThat(batch.executeBatch()).hasSize(50).containsOnly(1);
      }
      assertThat(ofNew(target, 100)).isEqualTo(7);
      assertThat(ofNew(target, 149)).isEqualTo(7);
      long copied =
          client
              .unwrap(PGConnection.class)
              .getCopyAPI()
              .copyIn(
                  "COPY customers FROM STDIN",
                  new StringReader("9001\tA Copy\t\\N\t5\t2020-01-01 00:00:00Z\n"));
      assertThat(copied).isEqualTo(1);
      assertThat(ofNew(target, 9_001)).isEqualTo(5);
      assertThat(
              number(
                  client,
                  "INSERT INTO customers SELECT i, 'A Row', NULL, i, now() FROM"
                      + " generate_series(10001, 10900) AS i RETURNING id"))
          .isEqualTo(10_001);
      assertThat(number(target, "SELECT count(*) FROM people WHERE id BETWEEN 10001 AND 20000"))
          .isEqualTo(900);
      assertThat(Pair.metric(sidecar, LATE)).isEqualTo(late);
    }
  }

  @Test
  void whatLeavesNothingIsNotWaitedFor() throws Exception {
    try (Sidecar sidecar = sidecar("0%", MIRRORED, LONG_MILLIS);
        Connection client = connect(sidecar);
        Connection held = pair.holdUp()) {
      long began = System.nanoTime();
      assertThatThrownBy(() -> twice(client)).hasMessageContaining("duplicate key");
      client.setAutoCommit(false);
      set(client, 60, 1);
      client.rollback();
      set(client, 60, 2);
      assertThatThrownBy(() -> twice(client)).hasMessageContaining("duplicate key");
      client.rollback();
      client.setAutoCommit(true);
      assertThat(millisSince(began)).isLessThan(LONG_MILLIS);
      held.rollback();
    }
  }

  private static void twice(Connection client) throws SQLException {
    try (Statement statement = client.createStatement()) {
      statement.execute(
          "INSERT INTO customers (id, full_name, balance_cents, created_at) VALUES (1, 'A', 0,"
              + " now())");
    }
  }

  @Test
  void whoDoesNotWaitForAnswersGetsThemInOrder() throws Exception {
    try (Sidecar sidecar = sidecar("100%", MIRRORED, LONG_MILLIS);
        WireClient client = WireClient.connect("127.0.0.1", sidecar.address().getPort())) {
      client.login("shop", Pair.USER, Pair.PASSWORD);
      for (int round = 0; round < 20; round++) {
        String read = "SELECT balance_cents FROM customers WHERE id = 7";
        client.send(
            query(update(7, round)),
            query(read),
            query(update(8, round)),
            query(update(7, round + 1)),
            query(read));
        List<String> answers = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
          FrameText.of(client.readUntilReady())
              .lines()
              .filter(line -> line.startsWith("C ") || line.startsWith("D "))
              .forEach(answers::add);
        }
        assertThat(answers)
            .containsExactly(
                "C UPDATE 1",
                "D '" + round + "'",
                "C SELECT 1",
                "C UPDATE 1",
                "C UPDATE 1",
                "D '" + (round + 1) + "'",
                "C SELECT 1");
      }
    }
  }

  @Test
  void nobodyWaitsForLongerThanTheLimitAndThenNotAtAllUntilTheMirrorIsBack() throws Exception {
    try (Sidecar sidecar = sidecar("0%", MIRRORED, TIMEOUT_MILLIS);
        Connection client = connect(sidecar);
        Connection target = pair.sides.target.connect("shop2")) {
      long late = Pair.metric(sidecar, LATE);
      try (Connection held = pair.holdUp()) {
        long began = System.nanoTime();
        set(client, 30, 301);
        assertThat(millisSince(began)).isBetween(TIMEOUT_MILLIS - 5L, 15_000L);
        assertThat(Pair.metric(sidecar, LATE)).isEqualTo(late + 1);
        began = System.nanoTime();
        for (int i = 0; i < 20; i++) {
          set(client, 30, 302 + i);
        }
        assertThat(millisSince(began)).as("20 writes").isLessThan(20L * TIMEOUT_MILLIS);
        assertThat(Pair.metric(sidecar, LATE)).isEqualTo(late + 21);
        held.rollback();
      }
      Await.until("new has it", () -> ofNew(target, 30) == 321);
      Await.until(
          "writes are waited for again",
          () -> {
            long before = Pair.metric(sidecar, LATE);
            set(client, 30, 400);
            return Pair.metric(sidecar, LATE) == before;
          });
      set(client, 30, 401);
      assertThat(ofNew(target, 30)).isEqualTo(401);
    }
  }

  @Test
  void mirroredHoldsTheOtherWayRoundAsWell() throws Exception {
    try (Sidecar sidecar = sidecar("0%", MIRRORED, LONG_MILLIS);
        Connection client = connect(sidecar);
        Connection old = pair.sides.old.connect("shop")) {
      pair.flip(Side.NEW);
      try {
        Await.until(
            "the mirror has turned",
            () -> {
              long before = Pair.metric(sidecar, LATE);
              set(client, 40, 1);
              return Pair.metric(sidecar, LATE) == before;
            });
        long late = Pair.metric(sidecar, LATE);
        for (int i = 0; i < 50; i++) {
          set(client, 40, i);
          assertThat(get(old, 40)).isEqualTo(i);
        }
        client.setAutoCommit(false);
        set(client, 41, 4_141);
        set(client, 42, 4_242);
        client.commit();
        assertThat(get(old, 41)).isEqualTo(4_141);
        assertThat(get(old, 42)).isEqualTo(4_242);
        client.setAutoCommit(true);
        try (Statement statement = client.createStatement();
            ResultSet rows =
                statement.executeQuery(
                    "INSERT INTO customers SELECT i, 'A long name for a row that takes room', NULL,"
                        + " i, now() FROM generate_series(20001, 21000) AS i RETURNING *")) {
          int count = 0;
          while (rows.next()) {
            count++;
          }
          assertThat(count).isEqualTo(1_000);
        }
        assertThat(number(old, "SELECT count(*) FROM customers WHERE id > 20000")).isEqualTo(1_000);
        assertThat(Pair.metric(sidecar, LATE)).isEqualTo(late);
      } finally {
        pair.flip(Side.OLD);
      }
    }
  }

  @Test
  void eventualReadsGoToNewHoweverFarItIsBehind() throws Exception {
    try (Sidecar sidecar = sidecar("100%", "session, freshness: eventual", LONG_MILLIS);
        Connection client = connect(sidecar)) {
      set(client, 50, 1);
      awaitNew(sidecar, client, 50);
      try (Connection held = pair.holdUp()) {
        set(client, 50, 2);
        long before = Pair.queries(sidecar, "side=\"new\"");
        for (int i = 0; i < 10; i++) {
          assertThat(get(client, 50)).isEqualTo(1);
        }
        assertThat(Pair.queries(sidecar, "side=\"new\"")).isEqualTo(before + 10);
        held.rollback();
      }
      Await.until("new has it", () -> get(client, 50) == 2);
    }
  }

  @Test
  void boundedReadsGoToNewWhileItIsNotFurtherBehind() throws Exception {
    try (Sidecar sidecar = sidecar("100%", "session, freshness: \"bounded:3s\"", LONG_MILLIS);
        Connection client = connect(sidecar);
        Connection other = connect(sidecar)) {
      set(client, 60, 1);
      awaitNew(sidecar, client, 60);
      try (Connection held = pair.holdUp()) {
        long wrote = System.nanoTime();
        set(client, 60, 2);
        long seen = get(client, 60);
        if (millisSince(wrote) < 2_000) {
          assertThat(seen).as("what new has").isEqualTo(1);
        }
        Await.until("old is asked", () -> get(client, 60) == 2);
        assertThat(get(other, 60)).isEqualTo(2);
        assertThat(millisSince(wrote)).isBetween(1_000L, 10_000L);
        held.rollback();
      }
      awaitNew(sidecar, client, 60);
      assertThat(get(client, 60)).isEqualTo(2);
    }
  }

  private static long millisSince(long nanos) {
    return (System.nanoTime() - nanos) / 1_000_000;
  }
}
