package dev.crossfade.net.loop;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.RecvByteBufAllocator;
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
import io.netty.util.concurrent.EventExecutor;
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
  private static final int LEAST_READ = 4 << 10;
  private static final int MOST_READ = 64 << 10;
  private static final Duration NEVER = Duration.ofDays(10_000);
  private static final long SETTLE_MILLIS = 2_000;
  private static final long QUIET_MILLIS = 20;
  private static final long END_MILLIS = 2_000;
  private static final long LAST_MILLIS = 1_000;

  /** Loads what the first {@link #open} needs of the machine. */
  public static void warmUp() {
    Epoll.isAvailable();
  }

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

  /**
   * How much a channel reads at once. Netty's own choice follows the messages down to their size;
   * one that just fits costs a second read, and one that does not is cut in two.
   */
  public static RecvByteBufAllocator readSizes() {
    return new AdaptiveRecvByteBufAllocator(LEAST_READ, LEAST_READ, MOST_READ);
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

  /**
   * Each loop has one task that it never comes to. Netty gives a loop without any a new limit of
   * one second at every wait, for which it reads the clock twice and the kernel sets a timer; a
   * limit that stays is set once (with {@code io.netty.channel.epoll.epollWaitThreshold=0}).
   */
  private static EventLoopGroup group(
      int threads, ThreadFactory names, IoHandlerFactory transport) {
    EventLoopGroup loops = new MultiThreadIoEventLoopGroup(threads, names, transport);
    loops.forEach(loop -> loop.schedule(() -> {}, NEVER.toDays(), TimeUnit.DAYS));
    return loops;
  }

  /**
   * Returns when the loops have done what was begun before, and what that has handed to another
   * loop. Not for callers on a loop.
   */
  public void settle() {
    for (int handed = 0; handed < 2; handed++) {
      for (EventExecutor loop : group) {
        loop.submit(() -> {}).awaitUninterruptibly(SETTLE_MILLIS);
      }
    }
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

  /**
   * Closes every channel and waits, bounded, for the threads to end. A loop looks whether it is to
   * end between its events and its tasks; told so while it is at the tasks and given no quiet time,
   * it would end after them, without another look, and leave its channels open. So it is told by a
   * task of its own, and a quiet time has it come round once more.
   */
  @Override
  public void close() {
    for (EventExecutor loop : group) {
      if (!loop.isShuttingDown()) {
        loop.execute(() -> loop.shutdownGracefully(QUIET_MILLIS, END_MILLIS, MILLISECONDS));
      }
    }
    if (!group.terminationFuture().awaitUninterruptibly(END_MILLIS)) {
      group.shutdownGracefully(0, 0, MILLISECONDS);
    }
    group.terminationFuture().awaitUninterruptibly(LAST_MILLIS);
  }
}
