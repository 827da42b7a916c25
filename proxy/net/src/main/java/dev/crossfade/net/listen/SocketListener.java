package dev.crossfade.net.listen;

import dev.crossfade.net.loop.EventLoops;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOption;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.unix.FileDescriptor;
import io.netty.channel.unix.UnixChannel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The UNIX socket that clients on the same machine connect to. Until {@link #accept} they wait, as
 * many as the backlog holds.
 */
public final class SocketListener implements AutoCloseable {
  private static final String EVERYBODY = "rwxrwxrwx";

  private final Path directory;
  private final String name;
  private final Channel channel;

  /** Null while the place is another process'. */
  private @Nullable SocketFile file;

  private SocketListener(Path directory, String name, Channel channel, @Nullable SocketFile file) {
    this.directory = directory;
    this.name = name;
    this.channel = channel;
    this.file = file;
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
        return new SocketListener(directory, name, bound(loops, socket, handlers), file);
      } catch (IOException e) {
        file.close();
        throw e;
      }
    } catch (IOException e) {
      throw new IOException("cannot listen on " + socket + ": " + e.getMessage(), e);
    }
  }

  /**
   * Goes on with a socket that listens already, and whose place is another process' until {@link
   * #claim}; with Linux' epoll.
   *
   * @throws IOException when it cannot be used
   */
  public static SocketListener inherit(
      EventLoops loops, Path socket, FileDescriptor listening, Supplier<ChannelHandler> handlers)
      throws IOException {
    Path directory = socket.getParent();
    Path name = socket.getFileName();
    if (directory == null || name == null) {
      throw new IOException(socket + " is no place of a socket");
    }
    return new SocketListener(
        directory, name.toString(), registered(loops, listening.intValue(), handlers), null);
  }

  private static Channel bound(EventLoops loops, Path socket, Supplier<ChannelHandler> handlers)
      throws IOException {
    if (loops.isNative()) {
      return registered(loops, LocalSocket.listening(socket, EVERYBODY).intValue(), handlers);
    }
    // Here, a client that ends its half ends the session.
    ServerBootstrap bootstrap =
        Listener.bootstrap(loops, handlers).channel(loops.localServerChannel());
    var bound = bootstrap.bind(loops.localAddress(socket)).awaitUninterruptibly();
    if (!bound.isSuccess()) {
      throw new IOException(bound.cause().getMessage(), bound.cause());
    }
    Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString(EVERYBODY));
    return bound.channel();
  }

  private static Channel registered(
      EventLoops loops, int descriptor, Supplier<ChannelHandler> handlers) throws IOException {
    return Listener.registered(
        Listener.bootstrap(loops, handlers).childOption(ChannelOption.ALLOW_HALF_CLOSURE, true),
        () -> new EpollServerDomainSocketChannel(descriptor, true));
  }

  /** Lets in who has connected, and who will. */
  public void accept() {
    channel.config().setAutoRead(true);
  }

  /** Leaves the place to a process that has the socket as well; both accept then. */
  public void release() throws IOException {
    SocketFile held = file;
    file = null;
    if (held != null) {
      held.release();
    }
  }

  /**
   * Takes the place.
   *
   * @throws IOException when another process has it
   */
  public void claim() throws IOException {
    file = SocketFile.inherit(directory, name);
  }

  /** Of the socket; with Linux' epoll. */
  public FileDescriptor descriptor() {
    return ((UnixChannel) channel).fd();
  }

  /** Where it is. */
  public Path place() {
    return directory.resolve(name);
  }

  /** Stops accepting, and removes the socket if it is this process'; accepted channels go on. */
  @Override
  public void close() {
    channel.close().awaitUninterruptibly();
    SocketFile held = file;
    try {
      if (held != null) {
        held.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
