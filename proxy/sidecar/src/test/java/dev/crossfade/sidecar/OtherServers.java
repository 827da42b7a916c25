package dev.crossfade.sidecar;

import dev.crossfade.testkit.postgres.EmbeddedServer;
import java.nio.file.Files;
import java.nio.file.Path;

/** PostgreSQL of other versions than the one that tests run against unless they ask here. */
final class OtherServers {
  private OtherServers() {}

  /**
   * @param major the first number of the version, as the build names its copies
   */
  static EmbeddedServer.Builder version(int major) {
    Path jar =
        Path.of(System.getProperty("crossfade.postgresql", "target/postgresql"), major + ".jar");
    if (!Files.isRegularFile(jar)) {
      throw new IllegalStateException(
          jar.toAbsolutePath() + " is missing; Maven's phase process-test-resources puts it there");
    }
    return EmbeddedServer.builder().binaries(jar);
  }
}
