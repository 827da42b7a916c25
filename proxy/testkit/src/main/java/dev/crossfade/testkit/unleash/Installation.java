package dev.crossfade.testkit.unleash;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The Unleash server's files, installed once per user by npm into a cache directory, as the lock
 * file says: every package has its version and its digest.
 *
 * <p>As with PostgreSQL's executables the directory's name holds the lock file's digest, and it
 * appears by one atomic rename.
 */
final class Installation {
  private static final String LOCK_FILE = "package-lock.json";
  private static final String PREFIX = "unleash-";
  private static final String PARTIAL = ".partial";
  private static final long INSTALL_MAX_MINUTES = 8;
  private static final int OUTPUT_MAX_CHARS = 4_000;
  private static final int LEAST_NODE = 20;

  private Installation() {}

  /** Why there can be none on this machine; empty when there can. */
  static Optional<String> obstacle() {
    Optional<String> version = firstLine("node", "--version");
    if (version.isEmpty()) {
      return Optional.of("an Unleash server needs Node: install nodejs and npm");
    }
    String major = version.get().replaceFirst("^v", "").replaceFirst("\\..*$", "");
    if (!major.matches("[0-9]{1,4}") || Integer.parseInt(major) < LEAST_NODE) {
      return Optional.of(
          "an Unleash server needs Node %d or newer, not %s".formatted(LEAST_NODE, version.get()));
    }
    return firstLine("npm", "--version").isEmpty()
        ? Optional.of("an Unleash server is installed by npm: install npm")
        : Optional.empty();
  }

  private static Optional<String> firstLine(String... command) {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(false).start();
      process.getOutputStream().close();
      String output = new String(process.getInputStream().readAllBytes(), UTF_8);
      return process.waitFor() == 0 ? output.lines().findFirst() : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }

  /**
   * The directory that holds {@code node_modules}; installs it if need be, which takes a minute.
   */
  static Path directory() throws IOException {
    Path cache = cacheDirectory();
    byte[] lockFile = resource(LOCK_FILE);
    Path target = cache.resolve(PREFIX + digest(lockFile));
    if (Files.isDirectory(target)) {
      return target;
    }
    Files.createDirectories(cache);
    // Not the lock of PostgreSQL's executables, for whom nobody should wait a minute.
    try (FileChannel channel =
            FileChannel.open(
                cache.resolve("unleash.lock"),
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE);
        FileLock lock = channel.lock()) {
      if (lock.isValid() && !Files.isDirectory(target)) {
        removePartial(cache);
        Path partial = Files.createDirectory(cache.resolve(target.getFileName() + PARTIAL));
        Files.write(partial.resolve(LOCK_FILE), lockFile);
        Files.write(partial.resolve("package.json"), resource("package.json"));
        install(partial);
        Files.move(partial, target, StandardCopyOption.ATOMIC_MOVE);
      }
    }
    return target;
  }

  static byte[] resource(String name) throws IOException {
    try (InputStream stream = Installation.class.getResourceAsStream(name)) {
      if (stream == null) {
        throw new IOException(name + " is not on the class path");
      }
      return stream.readAllBytes();
    }
  }

  private static void install(Path directory) throws IOException {
    Path log = directory.resolve("install.log");
    Process npm =
        new ProcessBuilder(
                List.of("npm", "ci", "--omit=dev", "--ignore-scripts", "--no-audit", "--no-fund"))
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    try {
      npm.getOutputStream().close();
      if (!npm.waitFor(INSTALL_MAX_MINUTES, TimeUnit.MINUTES)) {
        throw new IOException("npm has not installed Unleash in " + INSTALL_MAX_MINUTES + " min");
      }
      if (npm.exitValue() != 0) {
        String output = Files.readString(log);
        throw new IOException(
            "npm could not install Unleash:\n"
                + output.substring(Math.max(0, output.length() - OUTPUT_MAX_CHARS)));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while npm installed Unleash", e);
    } finally {
      npm.descendants().forEach(ProcessHandle::destroyForcibly);
      npm.destroyForcibly();
    }
  }

  private static Path cacheDirectory() {
    String configured = System.getenv("XDG_CACHE_HOME");
    Path base =
        configured == null || configured.isEmpty()
            ? Path.of(System.getProperty("user.home"), ".cache")
            : Path.of(configured);
    return base.resolve("crossfade");
  }

  private static String digest(byte[] content) {
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(sha.digest(content), 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void removePartial(Path cache) throws IOException {
    try (DirectoryStream<Path> leftovers =
        Files.newDirectoryStream(cache, PREFIX + "*" + PARTIAL)) {
      for (Path leftover : leftovers) {
        try (Stream<Path> paths = Files.walk(leftover)) {
          for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
            Files.deleteIfExists(path);
          }
        }
      }
    }
  }
}
