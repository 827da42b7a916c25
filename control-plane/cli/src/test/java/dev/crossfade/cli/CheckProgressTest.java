package dev.crossfade.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class CheckProgressTest {
  @Test
  void tellsTheRateAndWhatIsLeft() {
    assertThat(CheckProgress.line("old public.t", 50_000, 150_000, Duration.ofSeconds(5)))
        .isEqualTo("old public.t  50,000 of about 150,000 rows  10,000/s  10 s left");
    assertThat(CheckProgress.line("old public.t", 7, 0, Duration.ofSeconds(7)))
        .isEqualTo("old public.t  7 rows  1/s");
    assertThat(CheckProgress.line("old public.t", 0, 10, Duration.ZERO)).isEqualTo("old public.t");
  }

  @Test
  void drawsOverItsOwnLineAndNotTooOften() {
    StringWriter screen = new StringWriter();
    long[] now = {0};
    CheckProgress progress = new CheckProgress(new PrintWriter(screen), () -> now[0]);
    progress.at("old public.t", 1, 0);
    now[0] = 100_000_000L;
    progress.at("old public.t", 2, 0);
    now[0] = 1_000_000_000L;
    progress.at("old public.t", 3, 0);
    progress.end();
    assertThat(screen.toString())
        .isEqualTo("\r\u001b[Kold public.t  1 rows\r\u001b[Kold public.t  3 rows  3/s\r\u001b[K");
  }
}
