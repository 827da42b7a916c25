package dev.crossfade.sidecar.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.crossfade.sql.yaml.InvalidFileException;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OtelConfigTest {
  private static Optional<URI> otel(String more) throws InvalidFileException {
    String yaml =
        """
        service: shop
        listen: {port: 6432}
        old: {database: shop, user: app}
        new: {database: shop2, user: app}
        controlPlane: {port: 7432}
        """;
    return ConfigFile.parse(yaml + more, "/etc/sidecar.yaml", Map.of()).otel();
  }

  @Test
  void spansAreMadeWhereACollectorIsNamed() throws Exception {
    assertThat(otel("")).isEmpty();
    assertThat(otel("otel: {endpoint: \"http://127.0.0.1:4318/v1/traces\"}"))
        .contains(URI.create("http://127.0.0.1:4318/v1/traces"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"grpc://127.0.0.1:4317", "127.0.0.1", "http://", "ht tp://x/"})
  void whatIsNoAddressOfACollectorIsTold(String endpoint) {
    assertThatThrownBy(() -> otel("otel: {endpoint: \"" + endpoint + "\"}"))
        .isInstanceOf(InvalidFileException.class)
        .hasMessageContaining("otel.endpoint")
        .hasMessageContaining("is no address of a collector");
  }
}
