package dev.crossfade.sidecar;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.testkit.wire.Frame;
import dev.crossfade.testkit.wire.Messages;
import dev.crossfade.testkit.wire.WireClient;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An error of new behind its first rows speaks of the client's own text. */
class ErrorPositionIT {
  private static final String FAILS_LATE =
      "SELECT full_name, 'é' AS e, repeat('x', 400), 1 / (id - 400) FROM customers WHERE id > 0";

  private static MarkedPair pair;
  private static TamperedServer target;
  private static Sidecar sidecar;

  @BeforeAll
  static void start() throws Exception {
    pair = new MarkedPair();
    target =
        new TamperedServer(
            new InetSocketAddress(pair.sides.target.host(), pair.sides.target.port()),
            Map.of(
                'q',
                "SELECT * FROM people",
                'p',
                "15",
                'W',
                "SQL function \"of_new\"",
                's',
                "public",
                't',
                "people",
                'c',
                "balance",
                'd',
                "money",
                'n',
                "people_pkey",
                'H',
                "a hint"));
    sidecar =
        pair.sides.rampThrough(
            pair.sides.target.port(), target.port(), "limits: {heldReplySize: 0}");
  }

  @AfterAll
  static void stop() throws Exception {
    sidecar.close();
    target.close();
    pair.close();
  }

  /** The error of a read of which rows from new came before. */
  private static Frame lateError(WireClient client, byte[]... messages) throws Exception {
    MarkedPair.awaitNew(sidecar, client);
    Frame[] error = new Frame[1];
    MarkedPair.awaitAnswer(
        "NEW",
        () -> {
          List<Frame> frames = client.exchange(messages);
          error[0] = frames.stream().filter(frame -> frame.type() == 'E').findFirst().orElseThrow();
          return frames;
        });
    return error[0];
  }

  @ParameterizedTest
  @CsvSource({"1 / (, 1 / (", "'>', '> 0'", "people, customers", "é, é", "SELECT full, SELECT"})
  void itsPlaceIsThatInTheClientsText(String inTranslation, String inOriginal) throws Exception {
    String expected = Integer.toString(FAILS_LATE.indexOf(inOriginal) + 1);
    try (WireClient client = MarkedPair.client(sidecar)) {
      target.pointTo(inTranslation);
      assertThat(lateError(client, Messages.query(FAILS_LATE)).fields())
          .containsEntry('C', "22012")
          .containsEntry('P', expected);
      Frame extended =
          lateError(
              client,
              Messages.parse("", FAILS_LATE),
              Messages.bind("", ""),
              Messages.execute("", 0),
              Messages.sync());
      assertThat(extended.fields()).containsEntry('C', "22012").containsEntry('P', expected);
    } finally {
      target.pointTo("");
    }
  }

  @Test
  void whatNamesNewsObjectsIsLeftOutAndTheRestIsNews() throws Exception {
    try (WireClient client = MarkedPair.client(sidecar);
        WireClient direct = pair.direct()) {
      Map<Character, String> told = lateError(client, Messages.query(FAILS_LATE)).fields();
      Map<Character, String> server =
          direct.query(FAILS_LATE).stream()
              .filter(frame -> frame.type() == 'E')
              .findFirst()
              .orElseThrow()
              .fields();
      assertThat(server).as("the server gives no place while it runs").doesNotContainKey('P');
      assertThat(told.remove('H')).isEqualTo("a hint");
      assertThat(told).isEqualTo(server);
    }
  }
}
