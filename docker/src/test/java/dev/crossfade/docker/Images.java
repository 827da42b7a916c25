package dev.crossfade.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.InspectImageResponse;
import com.github.dockerjava.api.exception.NotFoundException;
import java.nio.file.Path;
import java.util.Objects;
import org.testcontainers.DockerClientFactory;

/** Which images are tested, and whether there is an engine to run them. */
final class Images {
  static final String VERSION = property("crossfade.version");
  static final String SIDECAR = "crossfade/sidecar:" + VERSION;
  static final String CONTROL_PLANE = "crossfade/control-plane:" + VERSION;
  static final String CTL = "crossfade/ctl:" + VERSION;

  /** The repository's folder. */
  static final Path HOME = Path.of(property("crossfade.home")).toAbsolutePath().normalize();

  private Images() {}

  /** Skips the test without an engine; with one, an image that is missing is a failure. */
  static void needEngine() {
    assumeTrue(
        DockerClientFactory.instance().isDockerAvailable(),
        "no Docker engine answers, so the images are not tested");
    for (String image : new String[] {SIDECAR, CONTROL_PLANE, CTL}) {
      assertThat(isThere(image)).as("%s is there; docker/build.sh builds it", image).isTrue();
    }
  }

  /** PostgreSQL of this major version: what docker/build.sh has made, else the public image. */
  static String postgresql(int version) {
    String own = "crossfade/postgresql:" + version;
    return isThere(own) ? own : "postgres:" + version;
  }

  static InspectImageResponse inspect(String image) {
    return client().inspectImageCmd(image).exec();
  }

  static DockerClient client() {
    return DockerClientFactory.instance().client();
  }

  private static boolean isThere(String image) {
    try {
      return inspect(image).getId() != null;
    } catch (NotFoundException e) {
      return false;
    }
  }

  private static String property(String name) {
    return Objects.requireNonNull(System.getProperty(name), name);
  }
}
