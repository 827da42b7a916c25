package dev.crossfade.sidecar;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.testkit.process.Await;
import dev.crossfade.testkit.wire.Frame;
import dev.crossfade.testkit.wire.FrameText;
import dev.crossfade.testkit.wire.Messages;
import dev.crossfade.testkit.wire.WireClient;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Protocol 3.2 of PostgreSQL 18: longer keys, and versions and options that are negotiated. */
class Protocol32IT {
  private static final int V3_0 = 3 << 16;
  private static final int V3_2 = 3 << 16 | 2;
  private static final int CANCEL = 80_877_102;

  /** With 500 for LAST it takes minutes, with 0 no time; to the sidecar both are one statement. */
  private static final String SLOW =
      "SELECT count(*) FROM customers a, customers b, customers c, customers d WHERE a.id <= LAST"
          + " AND a.id + b.id + c.id + d.id < 0";

  private static Pair pair;
  private static Sidecar ramp;

  @BeforeAll
  static void start() throws Exception {
    pair = new Pair(OtherServers.version(18));
    ramp = pair.sidecar("RAMP", "100%", "random");
  }

  @AfterAll
  static void stop() throws Exception {
    if (pair != null) {
      ramp.close();
      pair.close();
    }
  }

  private static InetSocketAddress old() {
    return new InetSocketAddress(pair.old.host(), pair.old.port());
  }

  private static WireClient client(InetSocketAddress address, int version) throws IOException {
    return WireClient.connect(address.getHostString(), address.getPort()).protocol(version);
  }

  /** As text, with the length of the key. */
  private static String login(InetSocketAddress address, int version, String... options)
      throws IOException {
    Map<String, String> parameters = new LinkedHashMap<>();
    parameters.put("user", Pair.USER);
    parameters.put("database", "shop");
    for (String option : options) {
      parameters.put(option, "on");
    }
    try (WireClient client = client(address, version)) {
      List<Frame> heard = new ArrayList<>(client.login(parameters, Pair.PASSWORD));
      StringBuilder said = new StringBuilder();
      for (Frame frame : heard) {
        if (frame.type() == 'K') {
          said.append("key of ").append(frame.body().length - 4).append('\n');
        } else if (frame.type() == 'v') {
          said.append("v ").append(java.util.HexFormat.of().formatHex(frame.body())).append('\n');
        } else {
          said.append(FrameText.of(List.of(frame))).append('\n');
        }
      }
      if (heard.getLast().type() == 'Z') {
        said.append(FrameText.of(client.query("SELECT full_name FROM customers WHERE id = 17")));
      }
      return said.toString();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "0, 4, ''",
    "1, 4, ''",
    "2, 32, ''",
    "3, 32, ''",
    "99, 32, ''",
    "9999, 32, ''",
    "0, 4, _pq_.unknown",
    "2, 32, _pq_.unknown",
    "99, 32, _pq_.unknown"
  })
  void theVersionIsTheServersToChoose(int minor, int keyLength, String option) throws Exception {
    String[] options = option.isEmpty() ? new String[0] : new String[] {option, "_pq_.other"};
    String direct = login(old(), V3_0 | minor, options);
    assertThat(direct).contains("Given17 Family17");
    assertThat(direct).contains("key of " + keyLength);
    assertThat(login(ramp.address(), V3_0 | minor, options)).isEqualTo(direct);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 4, 5})
  void versionsThatNoServerSpeaks(int major) throws Exception {
    byte[] direct = refusal(old(), major << 16);
    assertThat(direct).isNotEmpty();
    assertThat(refusal(ramp.address(), major << 16)).isEqualTo(direct);
  }

  /** All bytes up to the end: to some clients the server speaks a protocol without lengths. */
  private static byte[] refusal(InetSocketAddress address, int version) throws IOException {
    try (Socket socket = new Socket(address.getAddress(), address.getPort())) {
      socket.setSoTimeout(10_000);
      socket.getOutputStream().write(Messages.startup(version, Map.of("user", Pair.USER)));
      return socket.getInputStream().readAllBytes();
    }
  }

  private static byte[] key(List<Frame> login) {
    return login.stream().filter(frame -> frame.type() == 'K').findFirst().orElseThrow().body();
  }

  private static void cancel(Sidecar sidecar, byte[] key) throws IOException {
    ByteBuffer message = ByteBuffer.allocate(8 + key.length);
    message.putInt(8 + key.length).putInt(CANCEL).put(key);
    try (WireClient canceller = client(sidecar.address(), V3_0)) {
      assertThat(canceller.send(message.array()).readUntilClosed()).isEmpty();
    }
  }

  private static int running(boolean onNew) throws Exception {
    try (Connection connection = onNew ? pair.target.connect("shop2") : pair.old.connect("shop");
        ResultSet rows =
            connection
                .createStatement()
                .executeQuery(
                    "SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND usename ="
                        + " 'app' AND query LIKE 'SELECT count(*)%'")) {
      rows.next();
      return rows.getInt(1);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aLongKeyCancelsItsOwnQueryAndNoOther(boolean onNew) throws Exception {
    try (Sidecar own = pair.sidecar("RAMP", "100%", "random", "limits: {newTimeout: 60s}");
        WireClient client = client(own.address(), V3_2)) {
      byte[] key = key(client.login("shop", Pair.USER, Pair.PASSWORD));
      assertThat(key).hasSize(36);
      // What is within a transaction is old's.
      client.query(onNew ? "" : "BEGIN");
      if (onNew) {
        MarkedPair.awaitCounted(own, () -> client.query(SLOW.replace("LAST", "0")));
      }
      client.send(Messages.query(SLOW.replace("LAST", "500")));
      Await.until("the query to run", Duration.ofSeconds(10), () -> running(onNew) == 1);
      byte[] wrong = key.clone();
      wrong[35] ^= 1;
      cancel(own, wrong);
      byte[] cut = java.util.Arrays.copyOf(key, 8);
      cancel(own, cut);
      assertThat(running(onNew)).isEqualTo(1);
      cancel(own, key);
      assertThat(MarkedPair.answer(client.readUntilReady())).isEqualTo("error 57014");
      assertThat(running(onNew)).isZero();
      client.query("ROLLBACK");
      // The one that is over does not harm the next.
      assertThat(MarkedPair.answer(client.query("SELECT 'fine'"))).isEqualTo("fine");
    }
  }

  static Stream<String> mappedConversations() {
    return MappedConversations.names();
  }

  @ParameterizedTest
  @MethodSource("mappedConversations")
  void sameFromNewAsFromOld(String name) throws IOException {
    Conversations.Script script = MappedConversations.named(name);
    List<Frame> direct = hold(script, old());
    for (int round = 0; round < 2; round++) {
      GoldenTranscriptIT.assertSame(direct, hold(script, ramp.address()));
    }
  }

  private static List<Frame> hold(Conversations.Script script, InetSocketAddress address)
      throws IOException {
    try (WireClient client = client(address, V3_2)) {
      List<Frame> heard = new ArrayList<>(client.login("shop", Pair.USER, Pair.PASSWORD));
      heard.addAll(script.hold(client));
      return heard;
    }
  }
}
