package dev.crossfade.net.loop;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The event loops of the process and the channel types that fit them: epoll where the machine has
 * it, else NIO.
 *
 * @param group closed by {@link #close}
 */
public record EventLoops(
    EventLoopGroup group,
    Class<? extends ServerChannel> serverChannel,
    Class<? extends SocketChannel> channel)
    implements AutoCloseable {

  /**
   * @param threads 1 or more
   */
  public static EventLoops open(int threads) {
    ThreadFactory names = named("crossfade-loop-");
    if (Epoll.isAvailable()) {
      return new EventLoops(
          group(threads, names, FreshEvents.of(EpollIoHandler.newFactory())),
          EpollServerSocketChannel.class,
          EpollSocketChannel.class);
    }
    return new EventLoops(
        group(threads, names, NioIoHandler.newFactory()),
        NioServerSocketChannel.class,
        NioSocketChannel.class);
  }

  /** The channel type that listens on a UNIX socket. */
  public Class<? extends ServerChannel> localServerChannel() {
    return isNative() ? EpollServerDomainSocketChannel.class : NioServerDomainSocketChannel.class;
  }

  /** The address of a UNIX socket as {@link #localServerChannel} takes it. */
  public SocketAddress localAddress(Path socket) {
    return isNative()
        ? new DomainSocketAddress(socket.toString())
        : UnixDomainSocketAddress.of(socket);
  }

  /** Whether it is the machine's own transport, which knows a little more. */
  public boolean isNative() {
    return channel == EpollSocketChannel.class;
  }

  private static EventLoopGroup group(
      int threads, ThreadFactory names, IoHandlerFactory transport) {
    return new MultiThreadIoEventLoopGroup(threads, names, transport);
  }

  private static ThreadFactory named(String prefix) {
    AtomicInteger next = new AtomicInteger(1);
    return task -> {
      Thread thread =
          new io.netty.util.concurrent.FastThreadLocalThread(task, prefix + next.getAndIncrement());
      thread.setDaemon(true);
      return thread;
    };
  }

  @Override
  public void close() {
    group
        .shutdownGracefully(0, 2, TimeUnit.SECONDS)
        .awaitUninterruptibly(Duration.ofSeconds(3).toMillis());
  }
}
