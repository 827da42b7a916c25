package dev.crossfade.sidecar;

import static dev.crossfade.testkit.wire.Messages.bind;
import static dev.crossfade.testkit.wire.Messages.describePortal;
import static dev.crossfade.testkit.wire.Messages.execute;
import static dev.crossfade.testkit.wire.Messages.join;
import static dev.crossfade.testkit.wire.Messages.parse;
import static dev.crossfade.testkit.wire.Messages.query;
import static dev.crossfade.testkit.wire.Messages.sync;
import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.testkit.net.Direction;
import dev.crossfade.testkit.net.FaultProxy;
import dev.crossfade.testkit.net.Flow;
import dev.crossfade.testkit.wire.Frame;
import dev.crossfade.testkit.wire.Messages;
import dev.crossfade.testkit.wire.WireClient;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Old's answer breaks off at every one of its first bytes: the client hears a part of it, no more.
 */
class OldTruncatedIT {
  private static final String TWO_ROWS =
      "SELECT 'first' AS name, 1 AS n UNION ALL SELECT 'zweite', 2";
  private static final int CUTS = 120;

  private static MarkedPair pair;
  private static FaultProxy network;
  private static Sidecar sidecar;

  @BeforeAll
  static void start() throws Exception {
    pair = new MarkedPair();
    network = FaultProxy.to(pair.sides.old.host(), pair.sides.old.port());
    sidecar = pair.sides.rampThrough(pair.sides.old.port(), network.port(), "");
  }

  @AfterAll
  static void stop() throws Exception {
    sidecar.close();
    network.close();
    pair.close();
  }

  private static byte[] asked(String protocol) {
    return protocol.equals("simple")
        ? query(TWO_ROWS)
        : join(parse("", TWO_ROWS), bind("", ""), describePortal(""), execute("", 0), sync());
  }

  /** All bytes up to the end of the connection. */
  private static byte[] rest(WireClient client) throws IOException {
    ByteArrayOutputStream heard = new ByteArrayOutputStream();
    try {
      while (true) {
        heard.write(client.readByte());
      }
    } catch (EOFException | SocketException ended) {
      return heard.toByteArray();
    }
  }

  private static byte[] bytes(List<Frame> frames) {
    return join(
        frames.stream()
            .map(frame -> Messages.raw(frame.type(), frame.body()))
            .toArray(byte[][]::new));
  }

  @ParameterizedTest
  @ValueSource(strings = {"simple", "extended"})
  void theClientHearsAPrefix(String protocol) throws IOException {
    byte[] whole;
    try (WireClient direct = pair.direct()) {
      whole = bytes(direct.exchange(asked(protocol)));
    }
    assertThat(whole).hasSizeGreaterThan(60);
    int longest = 0;
    try (WireClient witness = MarkedPair.client(sidecar)) {
      for (int cut = 0; cut < Math.min(CUTS, whole.length); cut++) {
        try (WireClient client = MarkedPair.client(sidecar)) {
          network.set(Direction.TO_CLIENT, new Flow.Truncate(cut));
          byte[] heard = rest(client.send(asked(protocol)));
          longest = Math.max(longest, heard.length);
          assertThat(heard.length).as("cut at %s", cut).isLessThanOrEqualTo(cut);
          assertThat(heard).as("cut at %s", cut).isEqualTo(Arrays.copyOf(whole, heard.length));
        } finally {
          network.heal();
        }
        assertThat(bytes(witness.exchange(asked(protocol)))).as("another session").isEqualTo(whole);
      }
    }
    assertThat(longest).as("bytes heard").isGreaterThan(30);
  }
}
