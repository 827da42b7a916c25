package dev.crossfade.testkit.net;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.crossfade.testkit.process.Await;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class FaultProxyIT {
  private static final int BOUND_MILLIS = 20_000;

  private Listener echo;
  private FaultProxy proxy;

  @BeforeEach
  void start() throws IOException {
    ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    echo = new Listener(socket, (client, acceptedBy) -> echo(client));
    proxy = FaultProxy.to(socket.getInetAddress().getHostAddress(), socket.getLocalPort());
  }

  @AfterEach
  void stop() {
    proxy.close();
    echo.close();
  }

  private static void echo(Socket socket) {
    try (socket) {
      socket.getInputStream().transferTo(socket.getOutputStream());
    } catch (IOException e) {
      // The client went away.
    }
  }

  @Test
  void passesBytesAndEnds() throws IOException {
    try (Socket client = connect()) {
      send(client, "hello");
      assertThat(receive(client, 5)).isEqualTo("hello");
      assertThat(proxy.connections()).isEqualTo(1);
      client.shutdownOutput();
      assertThat(client.getInputStream().read()).isEqualTo(-1);
    }
    Await.until("the end of the connection", () -> proxy.connections() == 0);
  }

  @Test
  void cutResetsConnectionsButAcceptsNewOnes() throws IOException {
    try (Socket client = connect()) {
      send(client, "a");
      receive(client, 1);
      proxy.cut();
      assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(SocketException.class);
    }
    Await.until("the end of the connection", () -> proxy.connections() == 0);
    try (Socket client = connect()) {
      send(client, "b");
      assertThat(receive(client, 1)).isEqualTo("b");
    }
  }

  @Test
  void refusesNewConnectionsUntilHealedOnTheSamePort() throws IOException {
    int port = proxy.port();
    try (Socket before = connect()) {
      send(before, "a");
      receive(before, 1);
      proxy.refuse();
      assertThatThrownBy(this::connect).isInstanceOf(ConnectException.class);
      send(before, "b");
      assertThat(receive(before, 1)).isEqualTo("b");
      proxy.heal();
      assertThat(proxy.port()).isEqualTo(port);
      try (Socket after = connect()) {
        send(after, "c");
        assertThat(receive(after, 1)).isEqualTo("c");
      }
    }
  }

  @Test
  void holdsBytesAndEndsInOneDirectionOnly() throws IOException {
    try (Socket client = connect()) {
      send(client, "a");
      assertThat(receive(client, 1)).isEqualTo("a");
      proxy.set(Direction.TO_CLIENT, new Flow.Hold());
      send(client, "b");
      client.shutdownOutput();
      client.setSoTimeout(200);
      assertThatThrownBy(() -> client.getInputStream().read())
          .isInstanceOf(SocketTimeoutException.class);
      proxy.heal();
      client.setSoTimeout(BOUND_MILLIS);
      assertThat(receive(client, 1)).isEqualTo("b");
      assertThat(client.getInputStream().read()).isEqualTo(-1);
    }
  }

  @Test
  void truncatesAnAnswer() throws IOException {
    try (Socket client = connect()) {
      proxy.set(Direction.TO_CLIENT, new Flow.Truncate(3));
      send(client, "hello");
      assertThat(new String(client.getInputStream().readAllBytes(), US_ASCII)).isEqualTo("hel");
    }
  }

  @Test
  void tinyPiecesArriveInOrder() throws IOException {
    proxy.set(new Flow.Pieces(1));
    try (Socket client = connect()) {
      String text = "0123456789".repeat(100);
      send(client, text);
      assertThat(receive(client, text.length())).isEqualTo(text);
    }
  }

  @Test
  void anUnreachableServerIsAReset() throws IOException {
    echo.close();
    try (Socket client = connect()) {
      assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(SocketException.class);
    }
    assertThat(proxy.connections()).isZero();
  }

  @Test
  void closeEndsHeldConnections() throws IOException {
    try (Socket client = connect()) {
      send(client, "a");
      receive(client, 1);
      proxy.set(new Flow.Hold());
      send(client, "b");
      proxy.close();
      assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(SocketException.class);
      Await.until("the end of the connection", () -> proxy.connections() == 0);
    }
  }

  private Socket connect() throws IOException {
    Socket socket = new Socket(proxy.host(), proxy.port());
    socket.setSoTimeout(BOUND_MILLIS);
    return socket;
  }

  private static void send(Socket socket, String text) {
    try {
      socket.getOutputStream().write(text.getBytes(US_ASCII));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String receive(Socket socket, int bytes) throws IOException {
    return new String(socket.getInputStream().readNBytes(bytes), US_ASCII);
  }
}
