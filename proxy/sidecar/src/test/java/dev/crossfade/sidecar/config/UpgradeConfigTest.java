package dev.crossfade.sidecar.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.crossfade.sidecar.config.SidecarConfig.Upgrade;
import dev.crossfade.sql.yaml.InvalidFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class UpgradeConfigTest {
  private static SidecarConfig config(String more) throws InvalidFileException {
    String yaml =
        """
        service: shop
        instance: pod-1
        listen: {port: 6432}
        old: {database: shop, user: app}
        new: {database: shop2, user: app}
        controlPlane: {port: 7432}
        """;
    return ConfigFile.parse(yaml + more, "/etc/crossfade/sidecar.yaml", Map.of());
  }

  @Test
  void nothingTakesOverWhereNoSocketIsNamed() throws Exception {
    assertThat(config("").upgrade()).isEmpty();
    assertThat(config("").instance()).isEqualTo("pod-1");
  }

  @Test
  void theSocketIsRelativeToTheFileAndClientsMayStayForAnHour() throws Exception {
    assertThat(config("upgrade: {socket: next}").upgrade())
        .contains(new Upgrade(Path.of("/etc/crossfade/next"), Duration.ofHours(1)));
    assertThat(config("upgrade: {socket: /run/next, linger: 90s}").upgrade())
        .contains(new Upgrade(Path.of("/run/next"), Duration.ofSeconds(90)));
    assertThat(config("upgrade: {socket: /run/next, linger: 0s}").upgrade())
        .contains(new Upgrade(Path.of("/run/next"), Duration.ZERO));
  }

  /** Two processes of one sidecar are there at the same time. */
  @Test
  void theControlPlaneKnowsEachProcessByANameOfItsOwn() throws Exception {
    assertThat(config("upgrade: {socket: next}").instance())
        .isEqualTo("pod-1~" + ProcessHandle.current().pid());
  }

  @Test
  void mistakesAreTold() {
    Map.of(
            "linger: 1h", "upgrade.socket",
            "socket: next, linger: 25h", "upgrade.linger",
            "socket: next, linger: soon", "upgrade.linger",
            "socket: next, wait: 1s", "upgrade.wait")
        .forEach(
            (wrong, key) ->
                assertThatThrownBy(() -> config("upgrade: {" + wrong + "}"))
                    .isInstanceOf(InvalidFileException.class)
                    .hasMessageContaining(key));
  }
}
