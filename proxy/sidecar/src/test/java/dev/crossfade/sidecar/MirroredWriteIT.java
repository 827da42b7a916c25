package dev.crossfade.sidecar;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.testkit.process.Await;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Writes through a sidecar arrive on new, and nobody sees that it takes a while. */
class MirroredWriteIT {
  private static final String READ = "SELECT balance_cents FROM customers WHERE id = ";
  private static MirroredPair pair;

  @BeforeAll
  static void start() throws Exception {
    pair = new MirroredPair();
  }

  @AfterAll
  static void stop() throws Exception {
    pair.close();
  }

  private static long read(Connection connection, int id) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(READ + id)) {
      assertThat(result.next()).isTrue();
      return result.getLong(1);
    }
  }

  private static void write(Connection connection, int id, long value) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      assertThat(
              statement.executeUpdate(
                  "UPDATE customers SET balance_cents = " + value + " WHERE id = " + id))
          .isEqualTo(1);
    }
  }

  private static long ofNew(Sidecar sidecar) {
    return Pair.queries(sidecar, "side=\"new\"");
  }

  private static void awaitNew(Sidecar sidecar, Connection connection, int id) {
    Await.until(
        "new answers",
        () -> {
          long before = ofNew(sidecar);
          read(connection, id);
          return ofNew(sidecar) > before;
        });
  }

  @Test
  void aWriteArrivesAndReadsGoOnBeingAnsweredByNew() throws Exception {
    try (Sidecar sidecar = pair.sidecar("100%", "session");
        Connection connection = Pair.connect(sidecar)) {
      awaitNew(sidecar, connection, 1);
      write(connection, 1, 4711);
      assertThat(read(connection, 1)).isEqualTo(4711);
      awaitNew(sidecar, connection, 1);
      assertThat(read(connection, 1)).isEqualTo(4711);
      assertThat(Pair.metric(sidecar, "crossfade_mirror_entities_total")).isPositive();
      assertThat(Pair.metric(sidecar, "crossfade_mirror_pending")).isZero();
    }
  }

  @Test
  void whoWroteReadsOldUntilItHasArrivedAndOthersReadNew() throws Exception {
    try (Sidecar sidecar = pair.sidecar("100%", "session");
        Connection writer = Pair.connect(sidecar);
        Connection other = Pair.connect(sidecar)) {
      awaitNew(sidecar, writer, 2);
      awaitNew(sidecar, other, 2);
      long before = read(other, 2);
      try (Connection held = pair.holdUp()) {
        writer.setAutoCommit(false);
        write(writer, 2, before + 1);
        assertThat(read(writer, 2)).isEqualTo(before + 1);
        writer.commit();
        writer.setAutoCommit(true);
        assertThat(read(writer, 2)).isEqualTo(before + 1);
        assertThat(Pair.queries(sidecar, "reason=\"NOT_FRESH\"")).isPositive();
        assertThat(read(other, 2)).isEqualTo(before);
        held.rollback();
      }
      awaitNew(sidecar, writer, 2);
      assertThat(read(writer, 2)).isEqualTo(before + 1);
      assertThat(read(other, 2)).isEqualTo(before + 1);
    }
  }

  @Test
  void whileAnythingCouldBeLostOldAnswersEverything() throws Exception {
    try (Sidecar sidecar = pair.sidecar("100%", "session");
        Connection connection = Pair.connect(sidecar)) {
      awaitNew(sidecar, connection, 3);
      pair.sides.old.executeIn("shop", "ALTER TABLE customers DISABLE TRIGGER USER");
      try {
        Await.until(
            "it is noticed",
            () -> {
              long before = ofNew(sidecar);
              read(connection, 3);
              return ofNew(sidecar) == before;
            });
        write(connection, 3, 99);
        assertThat(read(connection, 3)).isEqualTo(99);
      } finally {
        pair.install();
      }
    }
  }

  /** It would stay on old for ever if each read there put off all the others. */
  @Test
  void whoReadsWithoutAPauseComesToNewWhileOthersWrite() throws Exception {
    AtomicBoolean ended = new AtomicBoolean();
    try (Sidecar sidecar = pair.sidecar("100%", "session");
        Connection reader = Pair.connect(sidecar);
        Connection writer = Pair.connect(sidecar);
        ExecutorService threads = Executors.newSingleThreadExecutor()) {
      awaitNew(sidecar, reader, 20);
      Future<?> writing =
          threads.submit(
              () -> {
                for (int i = 0; !ended.get(); i++) {
                  write(writer, 40 + i % 20, i);
                }
                return null;
              });
      try {
        for (int round = 0; round < 6; round++) {
          write(reader, 20, round);
          long before = ofNew(sidecar);
          for (int i = 0; ofNew(sidecar) == before; i++) {
            assertThat(i).as("reads in a row on old").isLessThan(20_000);
            assertThat(read(reader, 20)).isEqualTo(round);
            read(reader, 21 + i % 10);
          }
        }
      } finally {
        ended.set(true);
      }
      writing.get(30, TimeUnit.SECONDS);
    }
  }

  /** Sessions write and read while new is held up again and again; nobody may look back. */
  @Test
  void timeNeverRunsBackwardsForAnySession() throws Exception {
    int sessions = 6;
    AtomicLong violations = new AtomicLong();
    AtomicLong reads = new AtomicLong();
    try (Sidecar sidecar = pair.sidecar("50%", "session");
        ExecutorService threads = Executors.newFixedThreadPool(sessions)) {
      try (Connection connection = Pair.connect(sidecar)) {
        read(connection, 100);
      }
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(8);
      List<Future<?>> running = new ArrayList<>();
      for (int i = 0; i < sessions; i++) {
        int own = 100 + i;
        running.add(
            threads.submit(
                () -> {
                  lookForward(sidecar, own, sessions, end, violations, reads);
                  return null;
                }));
      }
      while (System.nanoTime() < end) {
        try (Connection held = pair.holdUp()) {
          long until = reads.get() + 300;
          Await.until(
              "they go on meanwhile", () -> reads.get() > until || System.nanoTime() >= end);
          held.rollback();
        }
        long until = reads.get() + 300;
        Await.until("they go on", () -> reads.get() > until || System.nanoTime() >= end);
      }
      for (Future<?> session : running) {
        session.get(30, TimeUnit.SECONDS);
      }
      assertThat(violations.get()).isZero();
      assertThat(ofNew(sidecar)).as("of %d reads", reads.get()).isGreaterThan(50);
      assertThat(Pair.queries(sidecar, "reason=\"NOT_FRESH\"")).isPositive();
    }
  }

  /** Values only grow: whoever has read or written one must not read a smaller one. */
  private static void lookForward(
      Sidecar sidecar, int own, int sessions, long end, AtomicLong violations, AtomicLong reads)
      throws SQLException {
    Random random = new Random(own);
    while (System.nanoTime() < end) {
      // A new session draws a new bucket.
      try (Connection connection = Pair.connect(sidecar)) {
        long[] least = new long[sessions];
        for (int i = 0; i < 60; i++) {
          int which = random.nextInt(sessions);
          if (which == own - 100 && random.nextInt(6) == 0) {
            long next = System.nanoTime() / 1000;
            write(connection, own, next);
            least[which] = next;
          }
          long found = read(connection, 100 + which);
          if (found < least[which]) {
            violations.incrementAndGet();
          }
          least[which] = found;
          reads.incrementAndGet();
        }
      }
    }
  }
}
