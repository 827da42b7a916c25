package dev.crossfade.sidecar.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.crossfade.core.migration.ReadShare;
import dev.crossfade.postgresql.parity.Parity;
import dev.crossfade.sql.yaml.InvalidFileException;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ParityConfigTest {
  private static final String MIRROR = "mirror: {old: {user: m}, new: {user: m}}\n";

  private static Optional<Parity.Settings> parity(String more) throws InvalidFileException {
    String yaml =
        """
        service: shop
        listen: {port: 6432}
        old: {database: shop, user: app}
        new: {database: shop2, user: app}
        controlPlane: {port: 7432}
        """;
    return ConfigFile.parse(yaml + more, "/etc/sidecar.yaml", Map.of()).parity();
  }

  @Test
  void whereAMirrorIsASampleOfTheWritesIsTried() throws Exception {
    assertThat(parity(MIRROR)).contains(new Parity.Settings(new ReadShare(1_000), 10));
    assertThat(parity(MIRROR + "parity: {share: 5%, perSecond: 3}"))
        .contains(new Parity.Settings(new ReadShare(5_000), 3));
    assertThat(parity("")).isEmpty();
  }

  @Test
  void itCanBeTurnedOff() throws Exception {
    assertThat(parity(MIRROR + "parity: {share: 0%}")).isEmpty();
    assertThat(parity(MIRROR + "parity: {perSecond: 0}")).isEmpty();
  }

  @Test
  void mistakesAreTold() {
    assertThatThrownBy(() -> parity("parity: {share: 5%}"))
        .isInstanceOf(InvalidFileException.class)
        .hasMessageContaining("name its logins under mirror");
    assertThatThrownBy(() -> parity(MIRROR + "parity: {share: many}"))
        .isInstanceOf(InvalidFileException.class)
        .hasMessageContaining("parity.share");
    assertThatThrownBy(() -> parity(MIRROR + "parity: {perSecond: 5000}"))
        .isInstanceOf(InvalidFileException.class)
        .hasMessageContaining("perSecond");
  }
}
