package dev.crossfade.net.loop;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.net.InetAddress;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

class EventLoopsTest {
  private static final Duration BUSY = Duration.ofMillis(200);

  /** A channel that stays open keeps its descriptor and whatever its handlers have put by. */
  @Test
  void channelsAreClosedThoughTheLoopIsAtWorkWhenItIsToldToEnd() throws Exception {
    EventLoops loops = EventLoops.open(1);
    Channel channel =
        new ServerBootstrap()
            .group(loops.group())
            .channel(loops.serverChannel())
            .childHandler(new ChannelInboundHandlerAdapter())
            .bind(InetAddress.getLoopbackAddress(), 0)
            .sync()
            .channel();
    CountDownLatch working = new CountDownLatch(1);
    loops
        .group()
        .execute(
            () -> {
              working.countDown();
              long end = System.nanoTime() + BUSY.toNanos();
              while (!loops.group().isShuttingDown() && System.nanoTime() < end) {
                LockSupport.parkNanos(1_000_000);
              }
            });
    assertThat(working.await(5, TimeUnit.SECONDS)).isTrue();

    loops.close();

    assertThat(loops.group().isTerminated()).isTrue();
    assertThat(channel.isOpen()).isFalse();
  }
}
