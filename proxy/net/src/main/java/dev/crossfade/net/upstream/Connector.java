package dev.crossfade.net.upstream;

import dev.crossfade.net.loop.EventLoops;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.WriteBufferWaterMark;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;

/** Opens channels to an endpoint on a given event loop. */
public final class Connector {
  /** A channel stops being writable above the high mark; the other side is then no longer read. */
  public static final WriteBufferWaterMark WATER_MARK =
      new WriteBufferWaterMark(64 * 1024, 256 * 1024);

  private final EventLoops loops;
  private final Duration connectTimeout;

  public Connector(EventLoops loops, Duration connectTimeout) {
    this.loops = loops;
    this.connectTimeout = connectTimeout;
  }

  /**
   * The handler is added before the connection is made; the future fails when it can't be in time.
   */
  public ChannelFuture connect(Endpoint endpoint, EventLoop loop, ChannelHandler handler) {
    return connect(endpoint.address(), loop, handler);
  }

  /** The same, where the address is known better than by its name. */
  public ChannelFuture connect(InetSocketAddress address, EventLoop loop, ChannelHandler handler) {
    Bootstrap bootstrap =
        new Bootstrap()
            .group(loop)
            .channel(loops.channel())
            .option(ChannelOption.TCP_NODELAY, true)
            .option(ChannelOption.SO_KEEPALIVE, true)
            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) connectTimeout.toMillis())
            .option(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK)
            .handler(handler);
    if (address.isUnresolved()) {
      ChannelFuture registered = bootstrap.register();
      return registered
          .channel()
          .newFailedFuture(
              new UnknownHostException("the name " + address.getHostString() + " is not known"))
          .addListener(done -> registered.channel().close());
    }
    return bootstrap.connect(address);
  }
}
