package dev.crossfade.net.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.crossfade.core.secret.SecretException;
import dev.crossfade.core.secret.SecretReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalSecretsTest {
  @TempDir Path folder;

  @SuppressWarnings("NullAway.Init")
  private LocalSecrets secrets;

  @BeforeEach
  void make() {
    secrets = new LocalSecrets(folder, Map.of("NAME", "of the environment"));
  }

  private String read(String text) throws SecretException {
    return secrets.read(SecretReference.parse(text).orElseThrow());
  }

  @Test
  void aSecretIsReadWhereItIs() throws Exception {
    Files.writeString(folder.resolve("a.secret"), " of a file \n");
    assertThat(read("env:NAME")).isEqualTo("of the environment");
    assertThat(read("file:a.secret")).isEqualTo(" of a file ");
    assertThat(read("file:" + folder.resolve("a.secret"))).isEqualTo(" of a file ");
    assertThat(SecretReference.parse("as it is")).isEmpty();
  }

  @Test
  void whatIsMissingOrTooLargeIsSaid() throws Exception {
    Files.write(folder.resolve("large"), new byte[65 << 10]);
    assertThatThrownBy(() -> read("env:NONE")).hasMessageContaining("no variable NONE");
    assertThatThrownBy(() -> read("file:none")).hasMessageContaining("cannot be read");
    assertThatThrownBy(() -> read("file:large")).hasMessageContaining("larger than 64 KiB");
    assertThat(secrets.toString()).doesNotContain("of the environment");
  }
}
