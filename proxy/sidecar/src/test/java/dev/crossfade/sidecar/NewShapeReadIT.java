package dev.crossfade.sidecar;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.testkit.wire.Frame;
import dev.crossfade.testkit.wire.Messages;
import dev.crossfade.testkit.wire.WireClient;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * A session that speaks the new shape gets from old what a database of the new shape with the same
 * facts answers, frame by frame.
 */
class NewShapeReadIT {
  private static Pair pair;
  private static Sidecar sidecar;

  @BeforeAll
  static void start() throws Exception {
    pair = new Pair();
    sidecar = pair.sidecar("OFF", "0%", "random");
  }

  @AfterAll
  static void stop() throws Exception {
    sidecar.close();
    pair.close();
  }

  private static WireClient through() throws Exception {
    WireClient client =
        WireClient.connect("127.0.0.1", sidecar.address().getPort());
    client.login(
        Map.of(
            "user", Pair.USER, "database", "shop", "options", "-c crossfade.shape=new"),
        Pair.PASSWORD);
    return client;
  }

  private static WireClient direct() throws Exception {
    WireClient client = WireClient.connect(pair.target.host(), pair.target.port());
    client.login(Map.of("user", Pair.USER, "database", "shop2"), Pair.PASSWORD);
    return client;
  }

  /** What differs between two servers and says nothing about the shape. */
  private static List<String> essence(List<Frame> frames) {
    List<String> lines = new ArrayList<>();
    for (Frame frame : frames) {
      lines.add(
          switch (frame.type()) {
            case 'T' -> frame.toString().replaceAll("table \\d+", "table _");
            case 'E' -> {
              var fields = frame.fields();
              fields.keySet().removeAll(Set.of('F', 'L', 'R'));
              yield "E " + fields;
            }
            default -> frame.toString();
          });
    }
    return lines;
  }

  private static final List<String> READS =
      List.of(
          "SELECT * FROM people WHERE id = 17",
          "SELECT p.given_name, c.email FROM people p JOIN contacts c ON c.person_id = p.id WHERE p.id < 9 ORDER BY p.id");

  @Test
  void simpleQueriesAreAnsweredAsByNew() throws Exception {
    try (WireClient through = through();
        WireClient direct = direct()) {
      for (String sql : READS) {
        List<Frame> expected = direct.query(sql);
        List<Frame> actual = through.query(sql);
        System.out.println(actual);
        assertThat(essence(actual)).as(sql).isEqualTo(essence(expected));
      }
    }
  }

  @Test
  void extendedQueriesAreAnsweredAsByNew() throws Exception {
    try (WireClient through = through();
        WireClient direct = direct()) {
      for (String sql : READS) {
        byte[][] messages = {
          Messages.parse("s", sql),
          Messages.describeStatement("s"),
          Messages.bind("", "s"),
          Messages.describePortal(""),
          Messages.execute("", 0),
          Messages.closeStatement("s"),
          Messages.sync()
        };
        assertThat(essence(through.exchange(messages)))
            .as(sql)
            .isEqualTo(essence(direct.exchange(messages)));
      }
    }
  }
}
