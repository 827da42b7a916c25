package dev.crossfade.sidecar;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.testkit.process.Await;
import dev.crossfade.testkit.wire.Frame;
import dev.crossfade.testkit.wire.FrameText;
import dev.crossfade.testkit.wire.Messages;
import dev.crossfade.testkit.wire.WireClient;
import io.netty.buffer.PooledByteBufAllocator;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Clients that break the protocol get an error where it has one, lose their connection, and harm
 * nobody.
 */
class BadInputIT {
  private static final Duration PATIENCE = Duration.ofMillis(700);
  private static final Duration STARTUP_TIMEOUT = Duration.ofSeconds(2);
  private static Pair pair;
  private static Sidecar sidecar;
  private static LeakWatch leakWatch;
  private WireClient bystander;

  @BeforeAll
  static void start() throws Exception {
    leakWatch = new LeakWatch();
    pair = new Pair();
    sidecar = pair.sidecar("RAMP", "50%", "random", "limits: {startupTimeout: 2s}");
  }

  @AfterAll
  static void stop() throws Exception {
    sidecar.close();
    pair.close();
    assertThat(leakWatch.leaks()).isEmpty();
    leakWatch.close();
  }

  @BeforeEach
  void openAnotherSession() throws IOException {
    bystander = login(sidecar.address());
    bystander.send(Messages.query("BEGIN"));
    bystander.readUntilReady();
  }

  @AfterEach
  void theOtherSessionIsUnharmedAndNothingIsLeft() throws IOException {
    List<Frame> answer = bystander.exchange(Messages.query("SELECT 'unharmed'; COMMIT"));
    assertThat(FrameText.of(answer)).contains("D 'unharmed'").endsWith("C COMMIT\nZ I");
    bystander.close();
    Await.until(
        "the sidecar's sessions to end", () -> Pair.metric(sidecar, "crossfade_sessions") == 0);
    Await.until("the server's sessions to end", () -> sessionsOnOld() == 0);
    assertThat(leakWatch.leaks()).isEmpty();
  }

  private static long sessionsOnOld() throws Exception {
    try (var connection = pair.old.connect("postgres");
        var rows =
            connection
                .createStatement()
                .executeQuery(
                    "SELECT count(*) FROM pg_stat_activity WHERE usename = 'app' AND"
                        + " application_name NOT LIKE 'crossfade%'")) {
      rows.next();
      return rows.getLong(1);
    }
  }

  private static InetSocketAddress old() {
    return new InetSocketAddress(pair.old.host(), pair.old.port());
  }

  private static WireClient connect(InetSocketAddress address) throws IOException {
    return WireClient.connect(address.getHostString(), address.getPort());
  }

  private static WireClient login(InetSocketAddress address) throws IOException {
    WireClient client = connect(address);
    client.login("shop", Pair.USER, Pair.PASSWORD);
    return client;
  }

  private static byte[] packet(int length, int... words) {
    ByteBuffer bytes = ByteBuffer.allocate(4 + 4 * words.length).putInt(length);
    Arrays.stream(words).forEach(bytes::putInt);
    return bytes.array();
  }

  /**
   * The first packet of a client.
   *
   * @param name for the test report
   */
  record Beginning(String name, byte[] bytes) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Beginning> startups() {
    List<Beginning> all = new ArrayList<>();
    all.add(new Beginning("length 0", packet(0, 196608)));
    all.add(new Beginning("length 3", packet(3, 196608)));
    all.add(new Beginning("length 4", packet(4, 196608)));
    all.add(new Beginning("length 7", packet(7, 196608)));
    all.add(new Beginning("negative length", packet(-5, 196608)));
    all.add(new Beginning("length 10001", packet(10_001, 196608)));
    all.add(new Beginning("greatest length", packet(Integer.MAX_VALUE, 196608)));
    all.add(new Beginning("no parameters", packet(8, 196608)));
    all.add(new Beginning("protocol 2", packet(8, 2 << 16)));
    all.add(new Beginning("protocol 4", packet(8, 4 << 16)));
    all.add(new Beginning("an unknown request code", packet(8, 80877199)));
    all.add(new Beginning("a short cancel request", packet(12, 80877102, 1)));
    all.add(new Beginning("a long cancel request", packet(20, 80877102, 1, 2, 3)));
    all.add(new Beginning("a cancel request for nobody", packet(16, 80877102, 1, 2)));
    all.add(
        new Beginning(
            "an HTTP request",
            "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII)));
    all.add(
        new Beginning(
            "a TLS client hello",
            new byte[] {22, 3, 1, 2, 0, 1, 0, 1, (byte) 0xfc, 3, 3, 1, 2, 3, 4}));
    all.add(new Beginning("no user", Messages.startup(Map.of("database", "shop"))));
    all.add(
        new Beginning(
            "an unknown user",
            Messages.startup(
                Map.of("user", "nobody", "database", "shop", "replication", "maybe"))));
    all.add(new Beginning("a parameter without a value", packet(13, 196608, 0x75736572, 0)));
    all.add(new Beginning("no terminator", Arrays.copyOf(packet(12, 196608, 0x75736572), 12)));
    all.add(
        new Beginning(
            "an unknown option",
            Messages.startup(Map.of("user", "app", "database", "shop", "no_such_setting", "1"))));
    return all.stream();
  }

  @ParameterizedTest
  @MethodSource("startups")
  void aBrokenStartIsAnsweredAsTheServerAnswersIt(Beginning beginning) throws IOException {
    assertThat(endOf(sidecar.address(), beginning.bytes()))
        .isEqualTo(endOf(old(), beginning.bytes()));
  }

  /** What is said to such a beginning. A client that is asked for more ends its side instead. */
  private static String endOf(InetSocketAddress address, byte[] beginning) throws IOException {
    try (WireClient client = connect(address)) {
      client.timeout(PATIENCE);
      client.send(beginning);
      try {
        return FrameText.of(client.readUntilClosed());
      } catch (IOException stillOpen) {
        client.shutdownOutput();
        return "waited, then " + FrameText.of(client.readUntilClosed());
      }
    }
  }

  @ParameterizedTest
  @MethodSource("startups")
  void soIsOneWhoseClientSaysNothingMore(Beginning beginning) throws IOException {
    assertThat(endOfHalfClosed(sidecar.address(), beginning.bytes()))
        .isEqualTo(endOfHalfClosed(old(), beginning.bytes()));
  }

  private static String endOfHalfClosed(InetSocketAddress address, byte[] beginning)
      throws IOException {
    try (WireClient client = connect(address)) {
      client.send(beginning);
      client.shutdownOutput();
      return FrameText.of(client.readUntilClosed());
    }
  }

  @Test
  void noiseIsClosed() throws IOException {
    Random random = new Random(4711);
    for (int i = 0; i < 100; i++) {
      byte[] noise = new byte[1 + random.nextInt(3000)];
      random.nextBytes(noise);
      try (WireClient client = connect(sidecar.address())) {
        client.timeout(STARTUP_TIMEOUT.plusSeconds(5));
        client.send(noise);
        assertThat(client.readUntilClosed())
            .as("seed 4711, round %s", i)
            .hasSizeLessThanOrEqualTo(1);
      } catch (java.net.SocketException e) {
        assertThat(e).as("closed while it was being written").isNotNull();
      }
    }
  }

  @Test
  void encryptionIsRefusedAndMayBeAskedForOnceEach() throws IOException {
    try (WireClient client = connect(sidecar.address())) {
      client.send(Messages.gssRequest());
      assertThat(client.readByte()).isEqualTo('N');
      client.send(Messages.sslRequest());
      assertThat(client.readByte()).isEqualTo('N');
      assertThat(FrameText.of(client.login("shop", Pair.USER, Pair.PASSWORD))).endsWith("Z I");
    }
    try (WireClient client = connect(sidecar.address())) {
      for (int i = 0; i < 1000; i++) {
        client.send(Messages.sslRequest());
      }
    } catch (IOException e) {
      assertThat(e).as("closed while it kept asking").isInstanceOf(java.net.SocketException.class);
    }
  }

  @Test
  void aFrameOfImpossibleLengthEndsTheSessionWithAnError() throws IOException {
    for (char type : new char[] {'Q', 'P', 'B', 'E', 'S', 'd', 'p', 'X'}) {
      for (int length : new int[] {0, 3, -1, Integer.MIN_VALUE, Integer.MAX_VALUE}) {
        try (WireClient client = login(sidecar.address())) {
          client.send(ByteBuffer.allocate(9).put((byte) type).putInt(length).putInt(0).array());
          List<Frame> end = client.readUntilClosed();
          String what = type + " of length " + length;
          assertThat(end).as(what).hasSize(1);
          assertThat(end.getFirst().sqlState()).as(what).isEqualTo("08P01");
          assertThat(end.getFirst().fields()).as(what).containsEntry('S', "FATAL");
        }
      }
    }
  }

  @Test
  void aFrameWhoseInsideDoesNotFitItsLengthIsTheServersToRefuse() throws IOException {
    byte[][] bodies = {
      {},
      {0},
      "no end".getBytes(StandardCharsets.US_ASCII),
      {0, 0, 0, 9},
      {1, 2, 3, 4, 5, 6, 7, 8, 9}
    };
    Map<String, String> direct = new LinkedHashMap<>();
    Map<String, String> through = new LinkedHashMap<>();
    for (char type : new char[] {'Q', 'P', 'B', 'D', 'E', 'C', 'F'}) {
      for (byte[] body : bodies) {
        byte[] batch =
            Messages.join(Messages.raw(type, body), Messages.sync(), Messages.terminate());
        direct.put(type + Arrays.toString(body), sessionWith(old(), batch));
        through.put(type + Arrays.toString(body), sessionWith(sidecar.address(), batch));
      }
    }
    assertThat(through).containsExactlyEntriesOf(direct);
  }

  private static String sessionWith(InetSocketAddress address, byte[] batch) throws IOException {
    try (WireClient client = login(address)) {
      client.send(batch);
      return FrameText.of(client.readUntilClosed());
    }
  }

  @Test
  void aClientThatVanishesAnywhereLeavesNothing() throws IOException {
    Random random = new Random(815);
    byte[] session =
        Messages.join(
            Messages.query("SELECT 1"),
            Messages.parse("", "SELECT repeat('x', 1000000)"),
            Messages.bind("", ""),
            Messages.execute("", 0),
            Messages.sync(),
            Messages.query("COPY audit (note) FROM STDIN"),
            Messages.copyData("a\nb\n"),
            Messages.query("SELECT pg_sleep(0.2)"));
    for (int i = 0; i < 60; i++) {
      try (WireClient client =
          random.nextBoolean() ? login(sidecar.address()) : connect(sidecar.address())) {
        client.send(Arrays.copyOf(session, random.nextInt(session.length + 1)));
        if (random.nextBoolean()) {
          client.reset();
        }
      }
    }
  }

  @Test
  void aHalfClosedSessionEndsOnTheServerToo() throws IOException {
    try (WireClient client = login(sidecar.address())) {
      client.shutdownOutput();
      assertThat(client.readUntilClosed()).isEmpty();
    }
    try (WireClient client = login(sidecar.address())) {
      client.send(Arrays.copyOf(Messages.query("SELECT 1"), 9));
      client.shutdownOutput();
      client.readUntilClosed();
    }
  }

  /**
   * Not the whole of it: Netty 4.2.18 takes a half-closed channel out of epoll and cannot put it
   * back when the kernel's buffer is full (EpollIoHandler forgets that it removed the descriptor).
   * What comes is right, and the session ends.
   */
  @Test
  void aHalfClosedClientOfALargeAnswerGetsNothingWrong() throws IOException {
    byte[] query = Messages.query("SELECT i, repeat('w', 1000) FROM generate_series(1, 40000) i");
    for (int round = 0; round < 10; round++) {
      try (WireClient client = login(sidecar.address())) {
        client.send(query);
        client.shutdownOutput();
        List<Frame> heard = client.readUntilClosed();
        assertThat(heard.size()).isBetween(2, 40_003);
        for (int i = 1; i < Math.min(heard.size(), 40_001); i++) {
          assertThat(heard.get(i).text(0)).isEqualTo(Integer.toString(i));
        }
      }
    }
  }

  @Test
  void aClientThatNeverFinishesItsLoginIsToldAndClosed() throws IOException {
    byte[] startup = startup();
    byte[][] beginnings = {
      {}, Arrays.copyOf(startup, 3), Arrays.copyOf(startup, startup.length - 1), startup
    };
    for (byte[] beginning : beginnings) {
      try (WireClient client = connect(sidecar.address())) {
        client.timeout(STARTUP_TIMEOUT.plusSeconds(8));
        client.send(beginning);
        List<Frame> end = client.readUntilClosed();
        assertThat(end).as("after %s bytes", beginning.length).isNotEmpty();
        assertThat(end.getLast().fields()).containsEntry('S', "FATAL");
      }
    }
  }

  private static byte[] startup() {
    Map<String, String> parameters = new LinkedHashMap<>();
    parameters.put("user", Pair.USER);
    parameters.put("database", "shop");
    return Messages.startup(parameters);
  }

  @Test
  void aSlowWriterIsServed() throws IOException {
    try (WireClient client = login(sidecar.address())) {
      for (byte single : Messages.join(Messages.query("SELECT 'slow'"), Messages.sync())) {
        client.send(new byte[] {single});
      }
      assertThat(FrameText.of(client.readUntilReady())).contains("D 'slow'");
    }
  }

  @Test
  void aClientThatDoesNotReadHoldsUpNobody() throws IOException {
    try (WireClient deaf = login(sidecar.address())) {
      deaf.send(Messages.query("SELECT repeat('x', 1000) FROM generate_series(1, 200000)"));
      for (int i = 0; i < 200; i++) {
        assertThat(FrameText.of(bystander.query("SELECT " + i))).contains("D '" + i + "'");
      }
      deaf.reset();
    }
  }

  @Test
  void theWatchFindsALostBuffer() {
    try (LeakWatch watch = new LeakWatch()) {
      lose();
      Await.until("the leak to be reported", () -> !watch.leaks().isEmpty());
    }
    leakWatch.close();
    leakWatch = new LeakWatch();
  }

  private static void lose() {
    assertThat(PooledByteBufAllocator.DEFAULT.buffer(64).refCnt()).isEqualTo(1);
  }
}
