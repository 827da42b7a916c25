package dev.crossfade.net.upstream;

import dev.crossfade.net.loop.EventLoops;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPromise;
import io.netty.channel.DefaultChannelPromise;
import io.netty.channel.EventLoop;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.util.AttributeKey;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Opens channels to an endpoint on a given event loop. */
public final class Connector {
  /** A channel stops being writable above the high mark; the other side is then no longer read. */
  public static final WriteBufferWaterMark WATER_MARK =
      new WriteBufferWaterMark(64 * 1024, 256 * 1024);

  private static final AttributeKey<Opening> OPENING = AttributeKey.valueOf(Opening.class, "how");

  private final EventLoops loops;
  private final Duration connectTimeout;

  public Connector(EventLoops loops, Duration connectTimeout) {
    this.loops = loops;
    this.connectTimeout = connectTimeout;
  }

  /**
   * The handler is added before it could hear that the channel is active; the future fails when it
   * can't be in time, or when the endpoint's {@link Opening} comes to nothing.
   */
  public ChannelFuture connect(Endpoint endpoint, EventLoop loop, ChannelHandler handler) {
    return connect(endpoint.address(), endpoint.opening(), loop, handler);
  }

  /** One more channel to where another one is, on its loop and opened in the same way. */
  public ChannelFuture connectBeside(
      Channel other, InetSocketAddress address, ChannelHandler handler) {
    return connect(address, other.attr(OPENING).get(), other.eventLoop(), handler);
  }

  private ChannelFuture connect(
      InetSocketAddress address,
      @Nullable Opening opening,
      EventLoop loop,
      ChannelHandler handler) {
    if (opening == null) {
      return connect(address, loop, handler);
    }
    ChannelFuture connecting = connect(address, loop, new Unopened());
    Channel channel = connecting.channel();
    channel.attr(OPENING).set(opening);
    ChannelPromise settled = new DefaultChannelPromise(channel, loop);
    connecting.addListener(
        connected -> {
          if (connected.isSuccess()) {
            channel.pipeline().addLast(opening.handler(settled), handler);
          } else {
            settled.setFailure(connected.cause());
          }
        });
    return settled;
  }

  private ChannelFuture connect(InetSocketAddress address, EventLoop loop, ChannelHandler handler) {
    Bootstrap bootstrap =
        new Bootstrap()
            .group(loop)
            .channel(loops.channel())
            .option(ChannelOption.TCP_NODELAY, true)
            .option(ChannelOption.SO_KEEPALIVE, true)
            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) connectTimeout.toMillis())
            .option(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK)
            .option(ChannelOption.RECVBUF_ALLOCATOR, EventLoops.readSizes())
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

  /** A channel that is connected and not opened. */
  private static final class Unopened extends ChannelInitializer<Channel> {
    @Override
    protected void initChannel(Channel channel) {
      // The handlers are added when it is connected.
    }
  }
}
