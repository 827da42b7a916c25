package dev.crossfade.sidecar;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.testkit.process.Await;
import dev.crossfade.testkit.wire.Frame;
import dev.crossfade.testkit.wire.FrameText;
import dev.crossfade.testkit.wire.WireClient;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Through the sidecar a client hears, byte for byte, what it hears from the server itself. */
class GoldenTranscriptIT {
  /**
   * Frames with a process id, a secret or a nonce in them: compared as text, where these are left
   * out.
   */
  private static final Set<Character> ONLY_AS_TEXT = Set.of('K', 'A', 'R');

  private static final int ROUNDS = 5;
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private static Pair pair;
  private static Sidecar off;
  private static Sidecar half;
  private static Sidecar ramp;

  @BeforeAll
  static void start() throws Exception {
    pair = new Pair();
    off = pair.sidecar("OFF", "0%", "session");
    // With the commands on, nothing else changes.
    half = pair.sidecar("RAMP", "50%", "random", CommandsIT.ENABLED);
    ramp = pair.sidecar("RAMP", "100%", "random");
  }

  @AfterAll
  static void stop() throws Exception {
    ramp.close();
    half.close();
    off.close();
    pair.close();
  }

  static Stream<String> conversations() {
    return Conversations.names();
  }

  @ParameterizedTest
  @MethodSource("conversations")
  void sameThroughTheSidecarAsDirectly(String name) throws IOException {
    List<Frame> direct = hold(Conversations.named(name), old());
    assertSame(direct, hold(Conversations.named(name), off.address()));
    assertSame(direct, hold(Conversations.named(name), half.address()));
  }

  static Stream<String> mappedConversations() {
    return MappedConversations.names();
  }

  /** While the plans are made old answers, then new does: nothing of it is to be seen. */
  @ParameterizedTest
  @MethodSource("mappedConversations")
  void sameFromNewAsFromOld(String name) throws IOException {
    List<Frame> direct = hold(MappedConversations.named(name), old());
    assertSame(direct, hold(MappedConversations.named(name), off.address()));
    long before = Pair.queries(ramp, "side=\"new\"");
    for (int round = 0; round < ROUNDS; round++) {
      assertSame(direct, hold(MappedConversations.named(name), ramp.address()));
      assertSame(direct, hold(MappedConversations.named(name), half.address()));
    }
    try {
      Await.until(
          "new to answer",
          PATIENCE,
          () -> {
            assertSame(direct, hold(MappedConversations.named(name), ramp.address()));
            return MappedConversations.isForOldAlone(name)
                || Pair.queries(ramp, "side=\"new\"") > before;
          });
    } catch (AssertionError e) {
      throw new AssertionError(counters(), e);
    }
  }

  @Test
  void aQueryOfSeveralReadsStopsNoOtherRead() throws Exception {
    Conversations.Script read = MappedConversations.named("simple point read");
    try (Sidecar own = pair.sidecar("RAMP", "100%", "random")) {
      Await.until(
          "new to answer",
          () -> {
            hold(read, own.address());
            return Pair.queries(own, "side=\"new\"") > 0;
          });
      hold(
          client -> client.query("SELECT full_name FROM customers WHERE id = 2; SELECT 2"),
          own.address());
      long before = Pair.queries(own, "side=\"new\"");
      hold(read, own.address());
      assertThat(Pair.queries(own, "side=\"new\"")).isEqualTo(before + 1);
      String hidden =
          "SELECT 1; WITH gone AS (DELETE FROM customers WHERE id = -1 RETURNING 1) SELECT count(*)"
              + " FROM gone";
      hold(client -> client.query(hidden), own.address());
      hold(read, own.address());
      assertThat(Pair.queries(own, "side=\"new\""))
          .as("after what may have been a write")
          .isEqualTo(before + 1);
    }
  }

  private static String counters() {
    return Pair.scrape(ramp)
        .lines()
        .filter(line -> line.startsWith("crossfade_queries_total") && !line.endsWith(" 0.0"))
        .collect(Collectors.joining("\n"));
  }

  private static InetSocketAddress old() {
    return new InetSocketAddress(pair.old.host(), pair.old.port());
  }

  /** The frames of a whole session, login included. */
  static List<Frame> hold(Conversations.Script script, InetSocketAddress address)
      throws IOException {
    try (WireClient client = WireClient.connect(address.getHostString(), address.getPort())) {
      List<Frame> heard = new ArrayList<>(client.login("shop", Pair.USER, Pair.PASSWORD));
      heard.addAll(script.hold(client));
      return heard;
    }
  }

  static void assertSame(List<Frame> expected, List<Frame> actual) {
    assertThat(FrameText.of(actual)).isEqualTo(FrameText.of(expected));
    for (int i = 0; i < expected.size(); i++) {
      if (!ONLY_AS_TEXT.contains(expected.get(i).type())) {
        assertThat(actual.get(i).equals(expected.get(i)))
            .as("bytes of frame %s, %s", i, expected.get(i))
            .isTrue();
      }
    }
  }
}
