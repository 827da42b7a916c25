package dev.crossfade.server.flags;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.crossfade.sql.yaml.InvalidFileException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class UnleashFileTest {
  private static final String TOKEN = "default:production.s3cr3t";

  @TempDir private Path folder;

  private UnleashSettings read(String yaml) throws IOException, InvalidFileException {
    Path file = Files.writeString(folder.resolve("unleash.yaml"), yaml);
    return UnleashFile.read(file, Map.of("TOKEN", TOKEN, "EMPTY", ""), "here/1");
  }

  private String problems(String yaml) {
    return String.valueOf(
        catchThrowableOfType(InvalidFileException.class, () -> read(yaml)).getMessage());
  }

  @Test
  void addressAndTokenAreEnough() throws Exception {
    UnleashSettings settings = read("url: https://unleash.example.com/api\ntoken: env:TOKEN\n");
    assertThat(settings.token()).isEqualTo(TOKEN);
    assertThat(settings.environment()).as("of the token").isEqualTo("production");
    assertThat(settings.project()).isNull();
    assertThat(settings.poll()).isEqualTo(Duration.ofSeconds(5));
    assertThat(settings.identity()).isEqualTo(new UnleashSettings.Identity("crossfade", "here/1"));
    assertThat(settings.toString()).doesNotContain("s3cr3t");
  }

  @Test
  void everythingCanBeSaid() throws Exception {
    Files.writeString(folder.resolve("token.secret"), "plain-token\n");
    UnleashSettings settings =
        read(
            """
            url: http://127.0.0.1:4242/api
            token: file:token.secret
            environment: development
            project: shop
            appName: shop-control
            instanceId: one
            pollInterval: 1s
            """);
    assertThat(settings.token()).isEqualTo("plain-token");
    assertThat(settings.environment()).isEqualTo("development");
    assertThat(settings.project()).isEqualTo("shop");
    assertThat(settings.poll()).isEqualTo(Duration.ofSeconds(1));
    assertThat(settings.identity()).isEqualTo(new UnleashSettings.Identity("shop-control", "one"));
  }

  @Test
  void mistakesAreToldWithTheirPlacesAndWithoutTheToken() {
    assertThat(problems("url: unleash\ntoken: " + TOKEN + "\npollInterval: 500ms\nname: x\n"))
        .contains(
            "unleash.yaml:1:1 url: no address of Unleash's API",
            "unleash.yaml:2:1 token: is not to stand here itself; write env:NAME or file:PATH",
            "unleash.yaml:3:1 pollInterval: \"500ms\" is not usable",
            "unleash.yaml:4:1 name: unknown key")
        .doesNotContain("s3cr3t");
    assertThat(problems("url: http://h/api\ntoken: env:NONE\n"))
        .contains("the environment has no variable NONE");
    assertThat(problems("url: http://h/api\ntoken: env:EMPTY\n")).contains("env:EMPTY is empty");
    assertThat(problems("url: http://h/api\ntoken: file:none\n")).contains("cannot be read");
    assertThat(problems("url: http://h/api\n")).contains("token: missing");
  }

  @Test
  void aTokenOfAnotherEnvironmentIsRefused() {
    assertThat(problems("url: http://h/api\ntoken: env:TOKEN\nenvironment: staging\n"))
        .contains("the token is one of environment production, not of staging")
        .doesNotContain("s3cr3t");
  }
}
