package dev.crossfade.net.probe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.net.admin.AdminServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

final class ProbeMainTest {
  private static final Map<String, String> NOTHING = Map.of();

  @Test
  void itSaysWhatTheAdminPortSays() throws IOException {
    AtomicBoolean ready = new AtomicBoolean();
    InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    try (AdminServer admin = AdminServer.start(any, ready::get, () -> "", () -> "")) {
      String url = "http://127.0.0.1:" + admin.address().getPort() + "/readyz";
      assertThat(ProbeMain.run(new String[] {url}, NOTHING)).isEqualTo(1);
      ready.set(true);
      assertThat(ProbeMain.run(new String[] {url}, NOTHING)).isZero();
      assertThat(ProbeMain.run(new String[0], Map.of("CROSSFADE_PROBE", url))).isZero();
      assertThat(ProbeMain.run(new String[] {url.replace("readyz", "none")}, NOTHING)).isEqualTo(1);
    }
  }

  @Test
  void nobodyThereIsAnAnswerToo() throws IOException {
    int port;
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = taken.getLocalPort();
      // It takes the connection and says nothing.
      String silent = "http://127.0.0.1:" + port + "/livez";
      assertThat(ProbeMain.run(new String[] {silent}, NOTHING)).isEqualTo(1);
    }
    String gone = "http://127.0.0.1:" + port + "/livez";
    assertThat(ProbeMain.run(new String[] {gone}, NOTHING)).isEqualTo(1);
  }

  @Test
  void whatIsNoAddressIsRefused() {
    assertThat(ProbeMain.run(new String[0], NOTHING)).isEqualTo(2);
    for (String wrong : new String[] {"livez", "https://127.0.0.1:1/", "http://127.0.0.1/", " "}) {
      assertThat(ProbeMain.run(new String[] {wrong}, NOTHING)).as(wrong).isEqualTo(2);
    }
    assertThat(ProbeMain.run(new String[] {"http://h:1/", "x"}, NOTHING)).isEqualTo(2);
  }
}
