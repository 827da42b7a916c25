package dev.crossfade.server.embedded;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;

/**
 * The control plane's data directory, held by one process at a time.
 *
 * <pre>
 * DATA_DIR/
 *   lock                    locked while a control plane uses it; a kill -9 unlocks it
 *   postgresql/             the database
 *   postgresql.initializing/  left only when the first start was cut short; removed by the next one
 *   postgresql.password     of the database's one user; readable by its owner only
 *   postgresql.log          what the server says: warnings and worse
 *   postgresql-bin-HASH/    the server's programs
 * </pre>
 */
final class DataDirectory implements AutoCloseable {
  private static final int PASSWORD_BYTES = 24;

  private final Path root;
  private final FileChannel channel;

  private DataDirectory(Path root, FileChannel channel) {
    this.root = root;
    this.channel = channel;
  }

  static DataDirectory open(Path path) throws EmbeddedPostgresException {
    Path root = path.toAbsolutePath().normalize();
    try {
      Files.createDirectories(root);
      FileChannel channel =
          FileChannel.open(
              root.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (!isLocked(channel)) {
        channel.close();
        throw new EmbeddedPostgresException(
            "another control plane uses the data directory " + root);
      }
      return new DataDirectory(root, channel);
    } catch (FileAlreadyExistsException e) {
      throw new EmbeddedPostgresException("the data directory " + root + " is no directory", e);
    } catch (IOException e) {
      throw new EmbeddedPostgresException(
          "the data directory " + root + " cannot be written: " + e, e);
    }
  }

  private static boolean isLocked(FileChannel channel) throws IOException {
    try {
      FileLock lock = channel.tryLock();
      return lock != null;
    } catch (OverlappingFileLockException e) {
      return false;
    }
  }

  Path root() {
    return root;
  }

  Path database() {
    return root.resolve("postgresql");
  }

  Path databaseBeingMade() {
    return root.resolve("postgresql.initializing");
  }

  Path log() {
    return root.resolve("postgresql.log");
  }

  Path passwordFile() {
    return root.resolve("postgresql.password");
  }

  /** The password of the database's user, made at the first call. */
  String password() throws IOException {
    Path file = passwordFile();
    if (!Files.exists(file)) {
      byte[] random = new byte[PASSWORD_BYTES];
      new SecureRandom().nextBytes(random);
      Path beside = root.resolve("postgresql.password.tmp");
      Files.deleteIfExists(beside);
      Files.createFile(
          beside,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Files.writeString(beside, HexFormat.of().formatHex(random), StandardCharsets.US_ASCII);
      Files.move(beside, file);
    }
    return Files.readString(file, StandardCharsets.US_ASCII).trim();
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
