package dev.crossfade.server.embedded;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.tukaani.xz.XZInputStream;

/**
 * The server's programs, unpacked from the class path. Unpacked beside and renamed, so that a
 * directory with the final name is complete.
 */
final class PostgresBinaries {
  private static final int OWNER_EXECUTES = 0100;
  private static final String PREFIX = "postgresql-bin-";

  private final Path home;

  private PostgresBinaries(Path home) {
    this.home = home;
  }

  /**
   * Unpacks into {@code directory} unless that was done before; older unpacked versions there are
   * removed.
   */
  static PostgresBinaries unpack(Path directory) throws IOException, EmbeddedPostgresException {
    String archive = archiveName();
    byte[] packed;
    try (InputStream resource = PostgresBinaries.class.getResourceAsStream("/" + archive)) {
      if (resource == null) {
        throw new EmbeddedPostgresException(
            "this build has no PostgreSQL for "
                + System.getProperty("os.name")
                + " "
                + System.getProperty("os.arch")
                + ": give --jdbc-url of a server of yours");
      }
      packed = resource.readAllBytes();
    }
    Path home = directory.resolve(PREFIX + Integer.toHexString(Arrays.hashCode(packed)));
    if (!Files.isDirectory(home)) {
      removeOthers(directory);
      Path beside = Files.createTempDirectory(directory, PREFIX + "unpacking-");
      untar(packed, beside);
      Files.move(beside, home, StandardCopyOption.ATOMIC_MOVE);
    }
    return new PostgresBinaries(home);
  }

  String program(String name) {
    return home.resolve("bin").resolve(name).toString();
  }

  private static String archiveName() {
    String system =
        System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("mac")
            ? "darwin"
            : "linux";
    String machine =
        switch (System.getProperty("os.arch")) {
          case "aarch64", "arm64" -> "arm_64";
          default -> "x86_64";
        };
    return "postgres-" + system + "-" + machine + ".txz";
  }

  private static void untar(byte[] packed, Path target) throws IOException {
    try (TarArchiveInputStream tar =
        new TarArchiveInputStream(new XZInputStream(new ByteArrayInputStream(packed)))) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        Path path = target.resolve(entry.getName()).normalize();
        if (!path.startsWith(target)) {
          throw new IOException("the archive has a path outside itself: " + entry.getName());
        }
        if (entry.isDirectory()) {
          Files.createDirectories(path);
          continue;
        }
        Files.createDirectories(parentOf(path));
        if (entry.isSymbolicLink()) {
          Files.createSymbolicLink(path, Path.of(entry.getLinkName()));
        } else {
          Files.copy(tar, path);
          if ((entry.getMode() & OWNER_EXECUTES) != 0) {
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x"));
          }
        }
      }
    }
  }

  private static Path parentOf(Path path) throws IOException {
    Path parent = path.getParent();
    if (parent == null) {
      throw new IOException("the archive has an entry without a directory: " + path);
    }
    return parent;
  }

  private static void removeOthers(Path directory) throws IOException {
    List<Path> others;
    try (Stream<Path> children = Files.list(directory)) {
      others =
          children.filter(child -> String.valueOf(child.getFileName()).startsWith(PREFIX)).toList();
    }
    for (Path other : others) {
      removeTree(other);
    }
  }

  /** Removes a directory with everything in it; symbolic links are removed, not followed. */
  static void removeTree(Path root) throws IOException {
    List<Path> paths;
    try (Stream<Path> tree = Files.walk(root)) {
      paths = tree.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path path : paths) {
      Files.delete(path);
    }
  }
}
