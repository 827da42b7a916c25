package dev.crossfade.bench.up;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.crossfade.inspect.database.DatabaseUrl;
import dev.crossfade.net.tls.ConnectorTls;
import dev.crossfade.server.job.DatabasesFile;
import dev.crossfade.sidecar.config.ConfigFile;
import dev.crossfade.sidecar.config.SidecarConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What up writes is what control plane and sidecar read. */
class SettingsTest {
  private static final Map<String, String> ENVIRONMENT =
      Map.of(
          "CROSSFADE_OLD_PASSWORD", "old's secret",
          "CROSSFADE_NEW_PASSWORD", "new's secret",
          "CROSSFADE_MIRROR_NEW_PASSWORD", "another");

  private static final Settings SETTINGS =
      new Settings(
          "shop: it's # mine",
          DatabaseUrl.parse("postgresql://o'neil@db-old/shop", "old's secret", "me"),
          DatabaseUrl.parse(
              "postgresql://db-new:5433/shop?sslmode=verify-full&sslrootcert=/tmp/ca.crt",
              "new's secret",
              "me"));

  @Test
  void theSidecarReadsItsFile() throws Exception {
    String yaml =
        SETTINGS.sidecar(
            Settings.Address.parse("127.0.0.1:6432"),
            Settings.Address.parse("127.0.0.1:9090"),
            Settings.Address.parse("127.0.0.1:7432"));
    assertThat(yaml).doesNotContain("secret");
    SidecarConfig config =
        ConfigFile.parse(yaml, Path.of("sidecar.yaml").toAbsolutePath().toString(), ENVIRONMENT);
    assertThat(config.service()).isEqualTo("shop: it's # mine");
    assertThat(config.old()).hasToString("o'neil@db-old:5432/shop");
    assertThat(config.old().password()).isEqualTo("old's secret");
    assertThat(config.target()).hasToString("me@db-new:5433/shop");
    assertThat(config.target().tls().mode()).isEqualTo(ConnectorTls.Mode.VERIFY_FULL);
    assertThat(config.target().tls().ca()).contains(Path.of("/tmp/ca.crt"));
    assertThat(config.controlPlane().orElseThrow().address()).hasToString("127.0.0.1:7432");
    assertThat(config.mirror().orElseThrow().target().user()).isEqualTo("me");
  }

  @Test
  void theMirrorHasTheSidesPasswordsUnlessItHasItsOwn() {
    assertThat(SETTINGS.mirrorPasswords(ENVIRONMENT))
        .isEqualTo(Map.of("CROSSFADE_MIRROR_OLD_PASSWORD", "old's secret"));
  }

  @Test
  void theControlPlaneReadsItsFile(@TempDir Path folder) throws Exception {
    String yaml = SETTINGS.databases(ENVIRONMENT);
    assertThat(yaml).doesNotContain("secret");
    Path file = Files.writeString(folder.resolve("databases.yaml"), yaml);
    DatabasesFile.Sides sides = new DatabasesFile(file, ENVIRONMENT).of("any").orElseThrow();
    assertThat(sides.old().user()).isEqualTo("o'neil");
    assertThat(sides.old().password()).isEqualTo("old's secret");
    assertThat(sides.old().place()).isEqualTo("db-old:5432/shop");
    assertThat(sides.next().user()).isEqualTo("me");
    assertThat(sides.next().jdbc()).contains("sslmode=verify-full", "sslrootcert=/tmp/ca.crt");
  }

  @ParameterizedTest
  @ValueSource(strings = {"6432", "127.0.0.1", "127.0.0.1:65536", "a b:1", ""})
  void whatIsNoAddressIsSaid(String text) {
    assertThatThrownBy(() -> Settings.Address.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("HOST:PORT");
  }
}
