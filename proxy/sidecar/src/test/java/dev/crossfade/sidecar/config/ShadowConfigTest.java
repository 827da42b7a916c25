package dev.crossfade.sidecar.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.crossfade.core.migration.ReadShare;
import dev.crossfade.postgresql.shadow.Shadow;
import dev.crossfade.sql.yaml.InvalidFileException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ShadowConfigTest {
  private static final String MIRROR = "mirror: {old: {user: m}, new: {user: m}}\n";

  private static Optional<Shadow.Settings> shadow(String more) throws InvalidFileException {
    String yaml =
        """
        service: shop
        listen: {port: 6432}
        old: {database: shop, user: app}
        new: {database: shop2, user: app}
        controlPlane: {port: 7432}
        """;
    return ConfigFile.parse(yaml + more, "/etc/sidecar.yaml", Map.of()).shadow();
  }

  @Test
  void whereAMirrorIsReadsAreCompared() throws Exception {
    assertThat(shadow("")).isEmpty();
    assertThat(shadow("shadow: {share: 100%}")).isEqualTo(shadow(MIRROR));
    assertThat(shadow(MIRROR))
        .contains(
            new Shadow.Settings(
                ReadShare.ALL, 100, 4, Duration.ofSeconds(1), new ReadShare(1_000)));
    assertThat(
            shadow(
                "shadow: {share: 5%, perSecond: 7, connections: 2, deadline: 300ms, control: 0%}"))
        .contains(
            new Shadow.Settings(
                new ReadShare(5_000), 7, 2, Duration.ofMillis(300), ReadShare.NONE));
  }

  @Test
  void itCanBeTurnedOff() throws Exception {
    assertThat(shadow(MIRROR + "shadow: {share: 0%}")).isEmpty();
    assertThat(shadow(MIRROR + "shadow: {perSecond: 0}")).isEmpty();
  }

  @Test
  void mistakesAreTold() {
    for (String wrong :
        new String[] {"share: many", "perSecond: -1", "connections: 0", "deadline: 1ms"}) {
      assertThatThrownBy(() -> shadow("shadow: {" + wrong + "}"))
          .isInstanceOf(InvalidFileException.class)
          .hasMessageContaining("shadow." + wrong.substring(0, wrong.indexOf(':')));
    }
  }
}
