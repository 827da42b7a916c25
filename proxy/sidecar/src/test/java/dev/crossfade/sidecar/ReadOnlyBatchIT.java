package dev.crossfade.sidecar;

import static dev.crossfade.sidecar.MarkedPair.OF_NEW;
import static dev.crossfade.sidecar.MarkedPair.OF_OLD;
import static dev.crossfade.sidecar.MarkedPair.READ;
import static dev.crossfade.sidecar.MarkedPair.answer;
import static dev.crossfade.sidecar.MarkedPair.awaitAnswer;
import static dev.crossfade.sidecar.MarkedPair.client;
import static dev.crossfade.testkit.wire.Messages.bind;
import static dev.crossfade.testkit.wire.Messages.describePortal;
import static dev.crossfade.testkit.wire.Messages.execute;
import static dev.crossfade.testkit.wire.Messages.join;
import static dev.crossfade.testkit.wire.Messages.parse;
import static dev.crossfade.testkit.wire.Messages.sync;
import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.testkit.net.FaultProxy;
import dev.crossfade.testkit.wire.Frame;
import dev.crossfade.testkit.wire.Parameter;
import dev.crossfade.testkit.wire.WireClient;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** BEGIN READ ONLY that comes in one batch with the first read, as pgjdbc sends it. */
class ReadOnlyBatchIT {
  private static MarkedPair pair;

  @BeforeAll
  static void start() throws Exception {
    pair = new MarkedPair();
  }

  @AfterAll
  static void stop() throws Exception {
    pair.close();
  }

  private static byte[] opening(String begin, Parameter... parameters) {
    return join(parse("", begin), bind("", "", parameters), execute("", 0));
  }

  private static byte[] read(String sql) {
    return join(parse("", sql), bind("", ""), describePortal(""), execute("", 0));
  }

  private static String types(List<Frame> frames) {
    return frames.stream()
        .map(frame -> Character.toString(frame.type()))
        .collect(Collectors.joining());
  }

  /** The state of the session after the batch, as ReadyForQuery says it. */
  private static char state(List<Frame> frames) {
    return frames.getLast().status();
  }

  private static List<Frame> openAndRead(WireClient client) throws IOException {
    return client.exchange(opening("BEGIN READ ONLY"), read(READ), sync());
  }

  @Test
  void theWholeTransactionOfADriverIsOnNew() throws Exception {
    try (Sidecar sidecar = pair.ramp();
        Connection connection = Pair.connect(sidecar)) {
      connection.setAutoCommit(false);
      connection.setReadOnly(true);
      awaitAnswer(OF_NEW, () -> client(sidecar).query(READ));
      for (int i = 0; i < 20; i++) {
        assertThat(name(connection)).isEqualTo(OF_NEW);
        assertThat(name(connection)).isEqualTo(OF_NEW);
        connection.commit();
      }
      connection.setReadOnly(false);
      assertThat(name(connection)).isEqualTo(OF_OLD);
      connection.rollback();
    }
  }

  private static String name(Connection connection) throws SQLException {
    try (ResultSet row = connection.createStatement().executeQuery(READ)) {
      row.next();
      return row.getString(1);
    }
  }

  @Test
  void theFramesAreThoseOfADirectConnection() throws Exception {
    try (Sidecar sidecar = pair.ramp();
        WireClient client = client(sidecar);
        WireClient direct = pair.direct()) {
      awaitAnswer(OF_NEW, () -> client.query(READ));
      List<Frame> expected = openAndRead(direct);
      List<Frame> seen = openAndRead(client);
      assertThat(answer(seen)).isEqualTo(OF_NEW);
      assertThat(types(seen)).isEqualTo(types(expected)).isEqualTo("12C12TDCZ");
      assertThat(state(seen)).isEqualTo('T');
      assertThat(state(client.query("COMMIT"))).isEqualTo('I');
      assertThat(answer(client.query(READ))).isEqualTo(OF_NEW);
    }
  }

  @Test
  void whatFollowsABeginningThatFailedIsNotLookedAt() throws Exception {
    Parameter tooMany = Parameter.text("1");
    try (Sidecar sidecar = pair.ramp();
        WireClient client = client(sidecar);
        WireClient direct = pair.direct()) {
      awaitAnswer(OF_NEW, () -> client.query(READ));
      byte[] batch = join(opening("BEGIN READ ONLY", tooMany), read(READ), sync());
      List<Frame> expected = direct.exchange(batch);
      List<Frame> seen = client.exchange(batch);
      assertThat(types(seen)).isEqualTo(types(expected)).isEqualTo("1EZ");
      assertThat(state(seen)).isEqualTo('I');
      // The next batch is looked at again, also when it has been sent by then.
      client.send(batch, join(read("SELECT 'next'"), sync()));
      assertThat(types(client.readUntilReady())).isEqualTo("1EZ");
      assertThat(answer(client.readUntilReady())).isEqualTo("next");
    }
  }

  @Test
  void theReadFallsBackWithinTheTransaction() throws Exception {
    try (FaultProxy network = FaultProxy.to(pair.sides.target.host(), pair.sides.target.port());
        Sidecar sidecar = pair.rampThrough(network, "newTimeout: 500ms");
        WireClient client = client(sidecar)) {
      awaitAnswer(OF_NEW, () -> client.query(READ));
      network.refuse();
      network.cut();
      List<Frame> seen = openAndRead(client);
      assertThat(answer(seen)).isEqualTo(OF_OLD);
      assertThat(types(seen)).isEqualTo("12C12TDCZ");
      assertThat(state(seen)).isEqualTo('T');
      assertThat(answer(client.query("SHOW transaction_read_only"))).isEqualTo("on");
    }
  }

  @Test
  void whatIsNoReadOfANewTransactionStaysWhole() throws Exception {
    try (Sidecar sidecar = pair.ramp();
        WireClient client = client(sidecar);
        WireClient direct = pair.direct()) {
      awaitAnswer(OF_NEW, () -> client.query(READ));
      for (String begin : List.of("BEGIN", "BEGIN READ ONLY ISOLATION LEVEL SERIALIZABLE")) {
        List<Frame> seen = client.exchange(opening(begin), read(READ), sync());
        assertThat(answer(seen)).isEqualTo(OF_OLD);
        assertThat(types(seen)).isEqualTo("12C12TDCZ");
        client.query("ROLLBACK");
      }
      byte[] unmapped = join(opening("BEGIN READ ONLY"), read("SELECT 1"), sync());
      assertThat(types(client.exchange(unmapped))).isEqualTo(types(direct.exchange(unmapped)));
    }
  }
}
