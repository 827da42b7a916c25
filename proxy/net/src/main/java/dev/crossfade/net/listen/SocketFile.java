package dev.crossfade.net.listen;

import java.io.IOException;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * The place of a UNIX socket, taken for this process while it lives.
 *
 * <p>Beside the socket lies {@code NAME.lock} with the process id in it, which keeps PostgreSQL
 * from taking the place, and which is locked, so that the operating system frees it when this
 * process dies. What a dead process left behind is removed.
 */
final class SocketFile implements AutoCloseable {
  /** What fits into {@code sockaddr_un} besides the zero at the end. */
  private static final int MAX_BYTES = 107;

  private final Path socket;
  private final Path lockFile;
  private final FileChannel lock;

  private SocketFile(Path socket, Path lockFile, FileChannel lock) {
    this.socket = socket;
    this.lockFile = lockFile;
    this.lock = lock;
  }

  /**
   * @param name of the socket in the directory
   * @throws IOException when the place is taken or cannot be, with a reason for people
   */
  static SocketFile claim(Path directory, String name) throws IOException {
    return lock(directory, name, false);
  }

  /**
   * The same for a socket that another process has {@link #release}d.
   *
   * @throws IOException when it is locked again, or gone
   */
  static SocketFile inherit(Path directory, String name) throws IOException {
    return lock(directory, name, true);
  }

  private static SocketFile lock(Path directory, String name, boolean inherited)
      throws IOException {
    Path socket = directory.resolve(name);
    int length = socket.toString().getBytes(StandardCharsets.UTF_8).length;
    if (length > MAX_BYTES) {
      throw new IOException(
          "the path is " + length + " bytes long, and a socket's may have " + MAX_BYTES);
    }
    if (!Files.isDirectory(directory)) {
      throw new IOException("there is no such directory");
    }
    Path lockFile = directory.resolve(name + ".lock");
    FileChannel lock =
        FileChannel.open(
            lockFile, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    try {
      if (!isLocked(lock) || !inherited && isAlive(socket)) {
        throw new IOException("another process listens there");
      }
      if (!inherited) {
        Files.deleteIfExists(socket);
      } else if (!Files.exists(socket, LinkOption.NOFOLLOW_LINKS)) {
        throw new IOException("the socket is gone");
      }
      lock.truncate(0);
      lock.write(
          ByteBuffer.wrap(
              (ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.US_ASCII)));
      return new SocketFile(socket, lockFile, lock);
    } catch (IOException e) {
      lock.close();
      throw e;
    }
  }

  private static boolean isLocked(FileChannel lock) throws IOException {
    try {
      return lock.tryLock() != null;
    } catch (OverlappingFileLockException e) {
      // This process has it already.
      return false;
    }
  }

  private static boolean isAlive(Path socket) throws IOException {
    if (!Files.exists(socket, LinkOption.NOFOLLOW_LINKS)) {
      return false;
    }
    var attributes =
        Files.readAttributes(socket, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    if (!attributes.isOther()) {
      throw new IOException("there is a file of that name that is no socket");
    }
    try (SocketChannel probe = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      // A process that does not accept must not hold this one up.
      probe.configureBlocking(false);
      probe.connect(UnixDomainSocketAddress.of(socket));
      return true;
    } catch (ConnectException e) {
      return false;
    }
  }

  /** Leaves both files to the process that goes on with the socket. */
  void release() throws IOException {
    lock.close();
  }

  /** Removes both files and frees the place. */
  @Override
  public void close() throws IOException {
    if (lock.isOpen()) {
      Files.deleteIfExists(socket);
      Files.deleteIfExists(lockFile);
      lock.close();
    }
  }
}
