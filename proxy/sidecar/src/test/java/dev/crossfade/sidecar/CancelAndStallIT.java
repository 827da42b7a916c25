package dev.crossfade.sidecar;

import static dev.crossfade.sidecar.MarkedPair.OF_NEW;
import static dev.crossfade.sidecar.MarkedPair.OF_OLD;
import static dev.crossfade.sidecar.MarkedPair.READ;
import static dev.crossfade.sidecar.MarkedPair.answer;
import static dev.crossfade.sidecar.MarkedPair.awaitCounted;
import static dev.crossfade.sidecar.MarkedPair.awaitNew;
import static dev.crossfade.sidecar.MarkedPair.client;
import static dev.crossfade.testkit.wire.Messages.cancel;
import static dev.crossfade.testkit.wire.Messages.query;
import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.testkit.net.Direction;
import dev.crossfade.testkit.net.FaultProxy;
import dev.crossfade.testkit.net.Flow;
import dev.crossfade.testkit.process.Await;
import dev.crossfade.testkit.wire.Frame;
import dev.crossfade.testkit.wire.FrameText;
import dev.crossfade.testkit.wire.WireClient;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Reads on new that the client gives up, that stop half-way, or that fail after some rows. */
class CancelAndStallIT {
  /** With 500 for LAST it takes minutes, with 0 no time; to the sidecar both are one statement. */
  private static final String SLOW =
      "SELECT count(*) FROM customers a, customers b, customers c, customers d WHERE a.id <= LAST"
          + " AND a.id + b.id + c.id + d.id < 0";

  /** Fails at the row with the id LAST, after 3 kB for each row before it. */
  private static final String FAILING =
      "SELECT repeat('y', 3000), 100 / (LAST - id) FROM customers";

  private static MarkedPair pair;

  @BeforeAll
  static void start() throws Exception {
    pair = new MarkedPair();
  }

  @AfterAll
  static void stop() throws Exception {
    pair.close();
  }

  private static String upTo(String sql, int last) {
    return sql.replace("LAST", Integer.toString(last));
  }

  private static boolean isRunningOnNew() throws SQLException {
    try (Connection connection = pair.sides.target.connect("shop2");
        ResultSet count =
            connection
                .createStatement()
                .executeQuery(
                    "SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND usename ="
                        + " 'app' AND query LIKE '%people%people%'")) {
      count.next();
      return count.getLong(1) == 1;
    }
  }

  private static void cancelFrom(Sidecar sidecar, WireClient client) throws IOException {
    try (WireClient canceller = WireClient.connect("127.0.0.1", sidecar.address().getPort())) {
      canceller.send(cancel(client.key())).readUntilClosed();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "BEGIN READ ONLY"})
  void aCancelledReadOfNewIsNotRepeatedOnOld(String before) throws Exception {
    try (Sidecar own = pair.ramp("newTimeout: 60s");
        WireClient client = client(own)) {
      awaitNew(own, client);
      awaitCounted(own, () -> client.query(upTo(SLOW, 0)));
      client.query(before);
      client.send(query(upTo(SLOW, 500)));
      Await.until("the read to run on new", CancelAndStallIT::isRunningOnNew);
      cancelFrom(own, client);
      List<Frame> heard = client.readUntilReady();
      assertThat(answer(heard)).isEqualTo("error 57014");
      assertThat(heard.getLast().status()).isEqualTo(before.isEmpty() ? 'I' : 'E');
      assertThat(Pair.metric(own, "crossfade_fallbacks_total")).isZero();
      assertThat(isRunningOnNew()).isFalse();
      client.query("ROLLBACK");
      assertThat(answer(client.query(READ))).isEqualTo(OF_NEW);
    }
  }

  /** Within the first message, after it, within the row. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 5, 12, 40})
  void oldAnswersWhenNewStallsInItsReply(int bytes) throws Exception {
    try (FaultProxy network = FaultProxy.to(pair.sides.target.host(), pair.sides.target.port());
        Sidecar own = pair.rampThrough(network, "newTimeout: 300ms");
        WireClient client = client(own)) {
      awaitNew(own, client);
      long before = Pair.metric(own, "crossfade_fallbacks_total");
      network.set(Direction.TO_CLIENT, new Flow.HoldAfter(bytes));
      assertThat(answer(client.query(READ))).isEqualTo(OF_OLD);
      assertThat(Pair.metric(own, "crossfade_fallbacks_total")).isEqualTo(before + 1);
      network.heal();
      MarkedPair.awaitAnswer(OF_NEW, () -> client.query(READ));
    }
  }

  @Test
  void aFailureAfterSomeRowsFailsTheTransaction() throws Exception {
    try (Sidecar own = pair.ramp("heldReplySize: 0");
        WireClient client = client(own);
        WireClient direct = pair.direct()) {
      awaitNew(own, client);
      awaitCounted(own, () -> client.query(upTo(FAILING, 4000)));
      long before = MarkedPair.onNew(own);
      for (WireClient either : List.of(client, direct)) {
        either.query("BEGIN READ ONLY");
        List<Frame> heard = either.query(upTo(FAILING, 500));
        assertThat(heard).filteredOn(frame -> frame.type() == 'D').isNotEmpty();
        assertThat(FrameText.of(heard.getLast())).isEqualTo("Z E");
        assertThat(heard.get(heard.size() - 2).sqlState()).isEqualTo("22012");
      }
      assertThat(MarkedPair.onNew(own)).isEqualTo(before + 1);
      for (String sql : List.of(READ, "SELECT 1", "COMMIT", "SELECT 1", "BEGIN", "COMMIT")) {
        assertThat(FrameText.of(client.query(sql))).isEqualTo(FrameText.of(direct.query(sql)));
      }
      assertThat(answer(client.query(READ))).isEqualTo(OF_NEW);
    }
  }

  @Test
  void aClientThatDoesNotReadIsNoFaultOfNew() throws Exception {
    String large = "SELECT repeat('z', 1000) FROM generate_series(1, 20000)";
    List<WireClient> idle = new ArrayList<>();
    try (Sidecar own = pair.ramp("newTimeout: 1s");
        WireClient client = client(own)) {
      awaitNew(own, client);
      for (int i = 0; i < 5; i++) {
        WireClient slow = client(own);
        idle.add(slow);
        slow.send(query(large), query(READ), query(READ));
      }
      long end = System.nanoTime() + Duration.ofSeconds(2).toNanos();
      while (System.nanoTime() < end) {
        assertThat(answer(client.query(READ))).isEqualTo(OF_NEW);
      }
      for (WireClient slow : idle) {
        assertThat(slow.readUntilReady()).hasSizeGreaterThan(20_000);
        assertThat(answer(slow.readUntilReady())).isEqualTo(OF_NEW);
        assertThat(answer(slow.readUntilReady())).isEqualTo(OF_NEW);
      }
      assertThat(Pair.metric(own, "crossfade_fallbacks_total")).isZero();
      assertThat(Pair.metric(own, "crossfade_circuit_open")).isZero();
    } finally {
      for (WireClient slow : idle) {
        slow.close();
      }
    }
  }
}
