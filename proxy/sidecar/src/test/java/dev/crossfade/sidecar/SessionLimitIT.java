package dev.crossfade.sidecar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.crossfade.testkit.process.Await;
import dev.crossfade.testkit.wire.Frame;
import dev.crossfade.testkit.wire.Messages;
import dev.crossfade.testkit.wire.WireClient;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** One client more than {@code limits.sessions} is told so; nobody else notices. */
class SessionLimitIT {
  private static final int LIMIT = 3;

  /** SQLSTATE too_many_connections, as PostgreSQL answers beyond max_connections. */
  private static final String TOO_MANY = "53300";

  private static Pair pair;
  private static Sidecar sidecar;

  private final List<WireClient> admitted = new ArrayList<>();

  @BeforeAll
  static void start() throws Exception {
    pair = new Pair();
    sidecar = pair.sidecar("RAMP", "100%", "random", "limits: {sessions: " + LIMIT + "}");
  }

  @AfterAll
  static void stop() throws IOException {
    sidecar.close();
    pair.close();
  }

  @AfterEach
  void everybodyLeaves() throws IOException {
    for (WireClient client : admitted) {
      client.close();
    }
    Await.until("no session", () -> Pair.metric(sidecar, "crossfade_sessions") == 0);
  }

  private static WireClient connect() throws IOException {
    return WireClient.connect("127.0.0.1", sidecar.address().getPort());
  }

  private void fill() throws IOException {
    for (int i = 0; i < LIMIT; i++) {
      WireClient client = connect();
      admitted.add(client);
      client.login("shop", Pair.USER, Pair.PASSWORD);
    }
  }

  private void othersAreUnaffected() throws IOException {
    for (WireClient client : admitted) {
      assertThat(client.query("SELECT 'still here'").get(1).text(0)).isEqualTo("still here");
      assertThat(client.query("SELECT full_name FROM customers WHERE id = 1").get(1).text(0))
          .isEqualTo("Given1 Family1");
    }
  }

  @Test
  void oneMoreIsRefusedInTheProtocolAndTheOthersGoOn() throws Exception {
    fill();
    admitted.getFirst().query("BEGIN");
    long refused = Pair.metric(sidecar, "crossfade_sessions_refused_total");
    int attempts = 100;
    for (int i = 0; i < attempts; i++) {
      try (WireClient more = connect()) {
        more.send(Messages.startup(Map.of("user", Pair.USER, "database", "shop")));
        assertThat(more.readUntilClosed())
            .as("attempt %s", i)
            .singleElement()
            .satisfies(SessionLimitIT::isTooMany);
      }
    }
    othersAreUnaffected();
    admitted.getFirst().query("COMMIT");
    assertThat(Pair.metric(sidecar, "crossfade_sessions_refused_total") - refused)
        .isEqualTo(attempts);
    assertThat(Pair.metric(sidecar, "crossfade_sessions")).isEqualTo(LIMIT);
    assertThat(Pair.metric(sidecar, "crossfade_sessions_limit")).isEqualTo(LIMIT);
  }

  private static void isTooMany(Frame frame) {
    assertThat(frame.type()).isEqualTo('E');
    assertThat(frame.fields()).containsEntry('S', "FATAL").containsEntry('C', TOO_MANY);
    assertThat(frame.fields().get('M')).contains("too many clients", Integer.toString(LIMIT));
  }

  @Test
  void aDriverUnderstandsTheRefusalWhicheverEncryptionItAskedFor() throws Exception {
    fill();
    for (String mode : List.of("disable", "prefer", "allow")) {
      for (int i = 0; i < 20; i++) {
        assertThatThrownBy(() -> Pair.connect(sidecar, "sslmode", mode).close())
            .as(mode)
            .isInstanceOf(SQLException.class)
            .extracting(failure -> ((SQLException) failure).getSQLState())
            .isEqualTo(TOO_MANY);
      }
    }
    othersAreUnaffected();
  }

  @Test
  void whoLeavesMakesRoom() throws Exception {
    fill();
    admitted.removeLast().close();
    Await.until("a free place", () -> Pair.metric(sidecar, "crossfade_sessions") == LIMIT - 1);
    try (Connection connection = Pair.connect(sidecar, "sslmode", "prefer");
        var statement = connection.createStatement();
        var rows = statement.executeQuery("SELECT count(*) FROM customers")) {
      rows.next();
      assertThat(rows.getInt(1)).isEqualTo(Pair.CUSTOMERS);
    }
    othersAreUnaffected();
  }

  @Test
  void aCancelRequestIsStillServedWhenTheHouseIsFull() throws Exception {
    fill();
    WireClient busy = admitted.getFirst();
    busy.send(Messages.query("SELECT pg_sleep(30)"));
    try (WireClient cancel = connect()) {
      cancel.send(Messages.cancel(busy.key()));
      cancel.readUntilClosed();
    }
    assertThat(busy.readUntilReady())
        .anySatisfy(
            frame -> assertThat(frame.type() == 'E' ? frame.sqlState() : "").isEqualTo("57014"));
    othersAreUnaffected();
  }
}
