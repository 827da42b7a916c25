package dev.crossfade.bench.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class CopyTextTest {
  @Test
  void aRowIsOneLineWhateverIsInIt() {
    CopyText text =
        new CopyText().column(7L).column(null).column("a\tb\nc\rd\\N").column("").endRow();
    assertThat(new String(text.take(), StandardCharsets.UTF_8))
        .isEqualTo("7\t\\N\ta\\tb\\nc\\rd\\\\N\t\n");
  }

  @Test
  void takingBeginsAnew() {
    CopyText text = new CopyText().column("é").endRow();
    assertThat(text.take()).hasSize(3);
    assertThat(text.take()).isEmpty();
  }
}
