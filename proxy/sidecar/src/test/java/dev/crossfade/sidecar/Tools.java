package dev.crossfade.sidecar;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** PostgreSQL's own programs, where Debian puts them or on the PATH. */
final class Tools {
  private static final Path DEBIAN = Path.of("/usr/lib/postgresql");

  private Tools() {}

  /** The program's path; skips the test that asks when the machine does not have it. */
  static String require(String name) throws IOException {
    Optional<Path> found =
        folders().map(folder -> folder.resolve(name)).filter(Files::isExecutable).findFirst();
    assumeTrue(
        found.isPresent(), name + " is not installed (postgresql-client, postgresql-contrib)");
    return found.orElseThrow().toString();
  }

  private static Stream<Path> folders() throws IOException {
    Stream<Path> path =
        Stream.of(System.getenv().getOrDefault("PATH", "").split(":")).map(Path::of);
    if (!Files.isDirectory(DEBIAN)) {
      return path;
    }
    try (Stream<Path> versions = Files.list(DEBIAN)) {
      List<Path> debian = versions.map(version -> version.resolve("bin")).sorted().toList();
      return Stream.concat(path, debian.stream());
    }
  }
}
