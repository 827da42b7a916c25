package dev.crossfade.sql.lens;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

final class AnalyzerMemoryTest {
  private static final int STATEMENTS = 5_000;
  private static final long RETAINED_KIB = 20 * 1024;

  /** The sidecar has 64 MB for everything; this leaves half of it to the rest. */
  @Test
  void fiveThousandDistinctStatementsFitIntoHalfOfTheSidecarsHeap()
      throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx32m",
                "-XX:+UseSerialGC",
                "-XX:+ExitOnOutOfMemoryError",
                "-cp",
                System.getProperty("java.class.path"),
                SmallHeap.class.getName(),
                String.valueOf(STATEMENTS))
            .redirectErrorStream(true)
            .start();
    try {
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.waitFor(3, TimeUnit.MINUTES)).isTrue();
      assertThat(process.exitValue()).as(output).isZero();
      Matcher matcher = Pattern.compile("failed=0 costly=0 usedKiB=(\\d+)").matcher(output);
      assertThat(matcher.find()).as(output).isTrue();
      assertThat(Long.parseLong(matcher.group(1))).isLessThan(RETAINED_KIB);
    } finally {
      process.destroyForcibly();
    }
  }
}
