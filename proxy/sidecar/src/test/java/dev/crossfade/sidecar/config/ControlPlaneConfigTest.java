package dev.crossfade.sidecar.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.crossfade.core.secret.SecretReference;
import dev.crossfade.net.tls.DialerTls;
import dev.crossfade.sidecar.config.SidecarConfig.ControlPlane;
import dev.crossfade.sql.yaml.InvalidFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ControlPlaneConfigTest {
  private static SidecarConfig config(String controlPlane, String password)
      throws InvalidFileException {
    String yaml =
        """
        service: shop
        listen: {port: 6432}
        old: {database: shop, user: app, password: "%s"}
        new: {database: shop2, user: app}
        controlPlane: %s
        """
            .formatted(password, controlPlane);
    return ConfigFile.parse(
        yaml, "/etc/crossfade/sidecar.yaml", Map.of("OLD", "s3cret", "TOKEN", "cf_x"));
  }

  private static ControlPlane controlPlane(String text) throws InvalidFileException {
    return config(text, "").controlPlane().orElseThrow();
  }

  @Test
  void filesAreRelativeToTheConfiguration() throws Exception {
    ControlPlane control =
        controlPlane(
            "{host: ops, port: 7432, token: env:TOKEN, tls: {ca: ca.crt, certificate: a.crt, key:"
                + " a.key}}");
    Path folder = Path.of("/etc/crossfade");
    assertThat(control.tls())
        .contains(
            new DialerTls.Source(
                Optional.of(folder.resolve("ca.crt")),
                Optional.of(new DialerTls.Shown(folder.resolve("a.crt"), folder.resolve("a.key"))),
                "h2"));
    assertThat(control.token().orElseThrow().reference())
        .isEqualTo(new SecretReference.Variable("TOKEN"));
    assertThat(controlPlane("{port: 7432, tls: {}}").tls()).isPresent();
    assertThat(controlPlane("{port: 7432}").tls()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{port: 7432, token: file:a.token}",
        "{host: localhost, port: 7432, token: file:a.token}",
        "{host: '::1', port: 7432, token: file:a.token}",
        "{host: ops, port: 7432, token: file:a.token, tls: {ca: ca.crt}}",
        "{host: ops, port: 7432, token: file:a.token, allowClearText: true}"
      })
  void aTokenIsSentWhereNobodyListens(String text) throws Exception {
    assertThat(controlPlane(text).token()).isPresent();
  }

  @Test
  void mistakesAreToldAndNoSecretWithThem() {
    assertThatThrownBy(() -> controlPlane("{host: ops, port: 7432, token: env:TOKEN}"))
        .isInstanceOf(InvalidFileException.class)
        .hasMessageContaining("sidecar.yaml:5")
        .hasMessageContaining("would be sent to ops in clear text");
    assertThatThrownBy(() -> controlPlane("{port: 7432, token: cf_0123456789}"))
        .isInstanceOf(InvalidFileException.class)
        .hasMessageContaining("write env:NAME or file:PATH")
        .hasMessageNotContaining("cf_0123456789");
    assertThatThrownBy(() -> controlPlane("{port: 7432, tls: {certificate: a.crt}}"))
        .isInstanceOf(InvalidFileException.class)
        .hasMessageContaining("certificate and key go together");
  }

  @Test
  void aPasswordMayBeNamedInsteadOfWritten() throws Exception {
    assertThat(config("{port: 7432}", "env:OLD").old().password()).isEqualTo("s3cret");
    assertThat(config("{port: 7432}", "as it is").old().password()).isEqualTo("as it is");
    assertThatThrownBy(() -> config("{port: 7432}", "env:NONE"))
        .isInstanceOf(InvalidFileException.class)
        .hasMessageContaining("the environment has no variable NONE");
  }
}
