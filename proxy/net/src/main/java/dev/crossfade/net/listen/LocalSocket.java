package dev.crossfade.net.listen;

import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.epoll.LinuxSocket;
import io.netty.channel.unix.DomainSocketAddress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * A UNIX socket that listens, before there is a channel of it; with Linux' epoll.
 *
 * <p>A channel that binds by itself removes the file when it is closed, also when another process
 * goes on listening there. So the file is the {@link SocketFile}'s affair alone.
 */
public final class LocalSocket implements AutoCloseable {
  private static final int BACKLOG = 1024;

  private final SocketFile file;
  private final LinuxSocket socket;

  private LocalSocket(SocketFile file, LinuxSocket socket) {
    this.file = file;
    this.socket = socket;
  }

  /**
   * For programs of the same system user alone.
   *
   * @throws IOException when another process listens there, or nobody can
   */
  public static LocalSocket bindForOwner(Path place) throws IOException {
    Path directory = place.toAbsolutePath().getParent();
    Path name = place.getFileName();
    if (directory == null || name == null) {
      throw new IOException(place + " is no place for a socket");
    }
    SocketFile file = SocketFile.claim(directory, name.toString());
    try {
      return new LocalSocket(file, listening(place, "rw-------"));
    } catch (IOException e) {
      file.close();
      throw e;
    }
  }

  /** Nobody can connect before the permissions are as they are to be. */
  static LinuxSocket listening(Path place, String permissions) throws IOException {
    LinuxSocket socket = LinuxSocket.newSocketDomain();
    try {
      socket.bind(new DomainSocketAddress(place.toString()));
      Files.setPosixFilePermissions(place, PosixFilePermissions.fromString(permissions));
      socket.listen(BACKLOG);
      return socket;
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  /** The one channel of it, which owns the descriptor. */
  public ServerChannel channel() {
    return new EpollServerDomainSocketChannel(socket.intValue(), true);
  }

  /** Removes the file; the channel is closed by whoever has it. */
  @Override
  public void close() {
    try {
      file.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
