package dev.crossfade.net.listen;

import dev.crossfade.net.loop.EventLoops;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOption;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.function.Supplier;

/**
 * The UNIX socket that clients on the same machine connect to. Until {@link #accept} they wait, as
 * many as the backlog holds.
 */
public final class SocketListener implements AutoCloseable {
  private final SocketFile file;
  private final Channel channel;

  private SocketListener(SocketFile file, Channel channel) {
    this.file = file;
    this.channel = channel;
  }

  /**
   * Everybody on the machine may connect: who is let in is decided by the login.
   *
   * @param name of the socket, which is replaced if it was left behind by a process that is dead
   * @param handlers makes the handler of each accepted channel
   * @throws IOException when another process listens there, or nobody can
   */
  public static SocketListener bind(
      EventLoops loops, Path directory, String name, Supplier<ChannelHandler> handlers)
      throws IOException {
    Path socket = directory.resolve(name);
    try {
      SocketFile file = SocketFile.claim(directory, name);
      try {
        return new SocketListener(file, bound(loops, socket, handlers));
      } catch (IOException e) {
        file.close();
        throw e;
      }
    } catch (IOException e) {
      throw new IOException("cannot listen on " + socket + ": " + e.getMessage(), e);
    }
  }

  private static Channel bound(EventLoops loops, Path socket, Supplier<ChannelHandler> handlers)
      throws IOException {
    ServerBootstrap bootstrap = Listener.bootstrap(loops, loops.localServerChannel(), handlers);
    if (loops.isNative()) {
      // Elsewhere, a client that ends its half ends the session.
      bootstrap.childOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
    }
    var bound = bootstrap.bind(loops.localAddress(socket)).awaitUninterruptibly();
    if (!bound.isSuccess()) {
      throw new IOException(bound.cause().getMessage(), bound.cause());
    }
    Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rwxrwxrwx"));
    return bound.channel();
  }

  /** Lets in who has connected, and who will. */
  public void accept() {
    channel.config().setAutoRead(true);
  }

  /** Stops accepting and removes the socket; accepted channels go on. */
  @Override
  public void close() {
    channel.close().awaitUninterruptibly();
    try {
      file.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
