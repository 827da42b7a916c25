package dev.crossfade.postgresql.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.net.loop.EventLoops;
import dev.crossfade.net.upstream.Connector;
import dev.crossfade.net.upstream.Endpoint;
import dev.crossfade.postgresql.wire.CancelKey;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class CancelSenderIT {
  private static final CancelKey KEY = new CancelKey(4711, new byte[] {1, 2, 3, 4});

  private final EventLoops loops = EventLoops.open(1);
  private final EventLoop loop = loops.group().next();
  private final Connector connector = new Connector(loops, Duration.ofSeconds(5));
  private final CountDownLatch done = new CountDownLatch(1);
  private ServerSocket server;

  @BeforeEach
  void listen() throws IOException {
    server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
    loops.close();
  }

  private Channel open() throws InterruptedException {
    Endpoint endpoint = new Endpoint("127.0.0.1", server.getLocalPort());
    endpoint.refresh();
    return connector.connect(endpoint, loop, new ChannelInboundHandlerAdapter()).sync().channel();
  }

  private static void expectKey(Socket cancel) throws IOException {
    DataInputStream in = new DataInputStream(cancel.getInputStream());
    assertThat(in.readInt()).isEqualTo(16);
    assertThat(in.readInt()).isEqualTo(80877102);
    assertThat(in.readInt()).isEqualTo(4711);
    assertThat(in.readNBytes(4)).containsExactly(1, 2, 3, 4);
  }

  @Test
  void goesToWhereTheQueryRunsAndEndsWhenTheServerCloses() throws Exception {
    Channel running = open();
    try (Socket session = server.accept()) {
      CancelSender.send(connector, running, KEY, done::countDown);
      try (Socket cancel = server.accept()) {
        expectKey(cancel);
        assertThat(done.getCount()).isEqualTo(1);
      }
      assertThat(done.await(4, TimeUnit.SECONDS)).isTrue();
      assertThat(session.isConnected()).isTrue();
    }
    running.close().sync();
  }

  @Test
  void aServerThatTalksAndNeverClosesIsNotWaitedForLongerThanTheTimeout() throws Exception {
    Channel running = open();
    Endpoint endpoint = new Endpoint("127.0.0.1", server.getLocalPort());
    assertThat(endpoint.refresh()).isTrue();
    try (Socket session = server.accept()) {
      long start = System.nanoTime();
      CancelSender.send(connector, endpoint, loop, KEY, done::countDown);
      try (Socket cancel = server.accept()) {
        expectKey(cancel);
        cancel.getOutputStream().write(new byte[8 * 1024 * 1024]);
        assertThat(done.await(20, TimeUnit.SECONDS)).isTrue();
      }
      assertThat(Duration.ofNanos(System.nanoTime() - start))
          .isBetween(CancelSender.TIMEOUT.minusMillis(50), Duration.ofSeconds(15));
      assertThat(session.isConnected()).isTrue();
    }
    running.close().sync();
  }

  @Test
  void whatIsGoneNeedsNoCancelling() throws Exception {
    Channel running = open();
    running.close().sync();
    server.close();
    CancelSender.send(connector, running, KEY, done::countDown);
    assertThat(done.await(10, TimeUnit.SECONDS)).isTrue();
  }
}
