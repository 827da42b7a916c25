package dev.crossfade.sidecar;

import dev.crossfade.sidecar.config.ConfigFile;
import dev.crossfade.testkit.net.Direction;
import dev.crossfade.testkit.net.FaultProxy;
import dev.crossfade.testkit.net.Flow;
import dev.crossfade.testkit.wire.Frame;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** However the network cuts the two byte streams up, the client hears the same. */
class SplitStreamIT {
  private static final long SEED = Long.getLong("crossfade.seed", 20261121L);
  private static final int ROUNDS = 4;

  /** Small pieces of these would take minutes. */
  private static final int SMALLEST_PIECE_OF_LARGE = 2000;

  private static Pair pair;
  private static FaultProxy beforeOld;
  private static FaultProxy beforeNew;
  private static FaultProxy beforeSidecar;
  private static Sidecar sidecar;

  @BeforeAll
  static void start() throws Exception {
    pair = new Pair();
    beforeOld = FaultProxy.to(pair.old.host(), pair.old.port());
    beforeNew = FaultProxy.to(pair.target.host(), pair.target.port());
    String config =
        pair.config("RAMP", "100%", "random", "")
            .replace("port: " + pair.old.port(), "port: " + beforeOld.port())
            .replace("port: " + pair.target.port(), "port: " + beforeNew.port());
    sidecar =
        Sidecar.start(
            ConfigFile.parse(config, pair.folder.resolve("sidecar.yaml").toString(), Map.of()));
    beforeSidecar = FaultProxy.to("127.0.0.1", sidecar.address().getPort());
  }

  @AfterAll
  static void stop() throws Exception {
    beforeSidecar.close();
    sidecar.close();
    beforeNew.close();
    beforeOld.close();
    pair.close();
  }

  static Stream<String> conversations() {
    // The server closes at an unknown type without reading on: what arrives later resets the
    // connection, and the reset
    // may overtake its error. That is so without any proxy.
    return Conversations.names().filter(name -> !name.contains("unknown message type"));
  }

  @ParameterizedTest
  @MethodSource("conversations")
  void sameWhereverTheStreamsAreSplit(String name) throws IOException {
    splitAndCompare(name, Conversations.named(name), Conversations.saysMuch(name));
  }

  static Stream<String> mappedConversations() {
    return MappedConversations.names();
  }

  @ParameterizedTest
  @MethodSource("mappedConversations")
  void sameFromNewWhereverTheStreamsAreSplit(String name) throws IOException {
    splitAndCompare(name, MappedConversations.named(name), false);
  }

  private static void splitAndCompare(String name, Conversations.Script script, boolean large)
      throws IOException {
    List<Frame> whole =
        GoldenTranscriptIT.hold(script, new InetSocketAddress(pair.old.host(), pair.old.port()));
    long bytes = whole.stream().mapToLong(frame -> 5 + frame.body().length).sum();
    int smallest = large || bytes > 200_000 ? SMALLEST_PIECE_OF_LARGE : 1;
    Random random = new Random(SEED ^ name.hashCode());
    for (int round = 0; round < ROUNDS; round++) {
      String sizes = "seed " + SEED + ", round " + round + ":";
      for (FaultProxy proxy : List.of(beforeSidecar, beforeOld, beforeNew)) {
        for (Direction direction : Direction.values()) {
          // The first round is the finest.
          int size = round == 0 ? smallest : smallest + random.nextInt(1 << (2 * round));
          proxy.set(direction, new Flow.Pieces(size));
          sizes += " " + size;
        }
      }
      try {
        List<Frame> heard =
            GoldenTranscriptIT.hold(
                script, new InetSocketAddress("127.0.0.1", beforeSidecar.port()));
        GoldenTranscriptIT.assertSame(whole, heard);
      } catch (IOException | AssertionError e) {
        throw new AssertionError(sizes, e);
      }
    }
  }
}
