package dev.crossfade.server.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class LensCheckPlaceTest {
  private static final Instant BEGAN = Instant.ofEpochSecond(1_000);

  @Test
  void itIsKeptWithinAPassAndForgottenWithIt() throws Exception {
    Path file;
    try (LensCheckPlace place = LensCheckPlace.create(5_000)) {
      file = place.of(BEGAN);
      Files.writeString(file, "x");
      assertThat(place.of(BEGAN)).exists();
      assertThat(place.of(BEGAN.plusSeconds(1))).doesNotExist();
      Files.writeString(file, "x");
    }
    assertThat(file.getParent()).doesNotExist();
  }

  @Test
  void chunksBecomeSmallerUpToALimit() {
    try (LensCheckPlace place = LensCheckPlace.create(150);
        LensCheckPlace small = LensCheckPlace.create(5)) {
      assertThat(place.chunk()).isEqualTo(150);
      place.tookTooLong();
      assertThat(place.chunk()).isEqualTo(75);
      place.tookTooLong();
      place.tookTooLong();
      assertThat(place.chunk()).isEqualTo(50);
      small.tookTooLong();
      assertThat(small.chunk()).isEqualTo(5);
    }
  }
}
