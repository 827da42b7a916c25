package dev.crossfade.net.listen;

import dev.crossfade.net.loop.EventLoops;
import dev.crossfade.net.upstream.Connector;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.unix.FileDescriptor;
import io.netty.channel.unix.UnixChannel;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.function.Supplier;

/**
 * The socket that clients connect to. Until {@link #accept} they wait, as many as the backlog
 * holds.
 */
public final class Listener implements AutoCloseable {
  private final Channel channel;

  private Listener(Channel channel) {
    this.channel = channel;
  }

  /**
   * @param handlers makes the handler of each accepted channel
   * @throws IOException when the address cannot be bound
   */
  public static Listener bind(
      EventLoops loops, InetSocketAddress address, Supplier<ChannelHandler> handlers)
      throws IOException {
    ServerBootstrap bootstrap =
        bootstrap(loops, handlers)
            .channel(loops.serverChannel())
            .option(ChannelOption.SO_REUSEADDR, true)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childOption(ChannelOption.SO_KEEPALIVE, true)
            .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
    var bound = bootstrap.bind(address).awaitUninterruptibly();
    if (!bound.isSuccess()) {
      throw new IOException(
          "cannot listen on "
              + address.getHostString()
              + ':'
              + address.getPort()
              + ": "
              + bound.cause().getMessage(),
          bound.cause());
    }
    return new Listener(bound.channel());
  }

  /**
   * Goes on with a socket that listens already; with Linux' epoll.
   *
   * @param handlers makes the handler of each accepted channel
   * @throws IOException when it cannot be used
   */
  public static Listener inherit(
      EventLoops loops, FileDescriptor listening, Supplier<ChannelHandler> handlers)
      throws IOException {
    ServerBootstrap bootstrap =
        bootstrap(loops, handlers)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childOption(ChannelOption.SO_KEEPALIVE, true)
            .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
    return new Listener(
        registered(bootstrap, () -> new EpollServerSocketChannel(listening.intValue())));
  }

  /** A channel of a socket that listens already. */
  static Channel registered(
      ServerBootstrap bootstrap, ChannelFactory<? extends ServerChannel> channel)
      throws IOException {
    var registered = bootstrap.channelFactory(channel).register().awaitUninterruptibly();
    if (!registered.isSuccess()) {
      throw new IOException(registered.cause().getMessage(), registered.cause());
    }
    return registered.channel();
  }

  /** What listeners of all kinds have in common. */
  static ServerBootstrap bootstrap(EventLoops loops, Supplier<ChannelHandler> handlers) {
    return new ServerBootstrap()
        .group(loops.group())
        .option(ChannelOption.SO_BACKLOG, 1024)
        .option(ChannelOption.AUTO_READ, false)
        .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, Connector.WATER_MARK)
        .childOption(ChannelOption.RECVBUF_ALLOCATOR, EventLoops.readSizes())
        .childHandler(
            new ChannelInitializer<Channel>() {
              @Override
              protected void initChannel(Channel accepted) {
                accepted.pipeline().addLast(handlers.get());
              }
            });
  }

  /** Where it really listens (the port is known even when 0 was asked for). */
  public InetSocketAddress address() {
    return (InetSocketAddress) channel.localAddress();
  }

  /** Lets in who has connected, and who will. */
  public void accept() {
    channel.config().setAutoRead(true);
  }

  /** Of the socket; with Linux' epoll. */
  public FileDescriptor descriptor() {
    return ((UnixChannel) channel).fd();
  }

  /** Stops accepting; accepted channels go on. */
  @Override
  public void close() {
    channel.close().awaitUninterruptibly();
  }
}
