package dev.crossfade.net.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.crossfade.net.upstream.Connector;
import dev.crossfade.net.upstream.Endpoint;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class FreshEventsTest {
  private static final Duration BOUND = Duration.ofSeconds(10);

  @Test
  void aChannelThatGetsTheDescriptorOfAClosedOneDoesNotHearItsHangUp() throws Exception {
    try (EventLoops loops = EventLoops.open(1);
        ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      assumeThat(loops.isNative()).isTrue();
      for (int i = 0; i < 20; i++) {
        replaceInOneBundle(loops, server);
      }
    }
  }

  /**
   * Two channels become readable while the loop is busy: on the first one's byte the second one,
   * which the server has left, is closed and a third one opened in its place.
   */
  private static void replaceInOneBundle(EventLoops loops, ServerSocket server) throws Exception {
    EventLoop loop = loops.group().next();
    Connector connector = new Connector(loops, BOUND);
    CompletableFuture<ChannelFuture> third = new CompletableFuture<>();
    Channel second = connect(connector, server, loop, new Ignored()).sync().channel();
    try (Socket ofSecond = server.accept()) {
      Replacing replacing =
          new Replacing(second, () -> connect(connector, server, loop, new Ignored()), third);
      Channel first = connect(connector, server, loop, replacing).sync().channel();
      try (Socket ofFirst = server.accept()) {
        CountDownLatch ready = new CountDownLatch(1);
        loop.execute(() -> await(ready));
        ofFirst.getOutputStream().write('x');
        ofSecond.setSoLinger(true, 0);
        ofSecond.close();
        ready.countDown();
        ChannelFuture connected = third.get(BOUND.toSeconds(), TimeUnit.SECONDS);
        assertThat(connected.await(BOUND.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(connected.cause()).isNull();
        // A round of the loop later it still stands.
        loop.submit(() -> {}).sync();
        assertThat(connected.channel().isActive()).isTrue();
        server.accept().close();
        connected.channel().close().sync();
        first.close().sync();
      }
    }
  }

  private static ChannelFuture connect(
      Connector connector, ServerSocket server, EventLoop loop, ChannelInboundHandlerAdapter own) {
    Endpoint endpoint = new Endpoint("127.0.0.1", server.getLocalPort());
    endpoint.refresh();
    return connector.connect(endpoint, loop, own);
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(BOUND.toSeconds(), TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Reads and forgets. */
  private static class Ignored extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext context, Object chunk) {
      ReferenceCountUtil.release(chunk);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      context.close();
    }
  }

  /** Opens what a connect gives. */
  private interface Opening {
    ChannelFuture open() throws IOException;
  }

  private static final class Replacing extends ChannelInboundHandlerAdapter {
    private final Channel replaced;
    private final Opening opening;
    private final CompletableFuture<ChannelFuture> opened;

    Replacing(Channel replaced, Opening opening, CompletableFuture<ChannelFuture> opened) {
      this.replaced = replaced;
      this.opening = opening;
      this.opened = opened;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object chunk) throws IOException {
      ((ByteBuf) chunk).release();
      replaced.close();
      opened.complete(opening.open());
    }
  }
}
