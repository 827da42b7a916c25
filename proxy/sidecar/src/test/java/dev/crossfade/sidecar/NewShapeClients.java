package dev.crossfade.sidecar;

import dev.crossfade.testkit.wire.Frame;
import dev.crossfade.testkit.wire.WireClient;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Clients of the new shape: one that speaks to old through a sidecar, one to new itself. */
final class NewShapeClients {
  static final String OPTION = "-c crossfade.shape=new";

  private NewShapeClients() {}

  static WireClient through(Sidecar sidecar) throws IOException {
    WireClient client = WireClient.connect("127.0.0.1", sidecar.address().getPort());
    client.login(Map.of("user", Pair.USER, "database", "shop", "options", OPTION), Pair.PASSWORD);
    return client;
  }

  static WireClient direct(Pair pair) throws IOException {
    WireClient client = WireClient.connect(pair.target.host(), pair.target.port());
    client.login(Map.of("user", Pair.USER, "database", "shop2"), Pair.PASSWORD);
    return client;
  }

  /**
   * Frames without what differs between two servers and says nothing about the shape: the numbers
   * of tables, and where a server was when it found an error.
   */
  static List<String> essence(List<Frame> frames) {
    List<String> lines = new ArrayList<>();
    for (Frame frame : frames) {
      lines.add(
          switch (frame.type()) {
            case 'T' -> frame.toString().replaceAll("table=\\d+\\.\\d+ ", "");
            case 'E' -> {
              Map<Character, String> fields = frame.fields();
              fields.keySet().removeAll(Set.of('F', 'L', 'R', 'W'));
              yield "E " + fields;
            }
            default -> frame.toString();
          });
    }
    return lines;
  }
}
