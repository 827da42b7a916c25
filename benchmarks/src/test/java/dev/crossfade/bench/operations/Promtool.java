package dev.crossfade.bench.operations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.crossfade.bench.process.ChildProgram;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Prometheus' own judge of rules; a test that needs it is skipped where it is not installed. */
final class Promtool {
  private static final long SECONDS_MAX = 60;

  private Promtool() {}

  /** Fails with what promtool says unless it is content. */
  static void assertContent(String... arguments) throws IOException, InterruptedException {
    Optional<Path> found = ChildProgram.find("promtool");
    assumeTrue(found.isPresent(), "promtool is not installed (Debian package prometheus)");
    List<String> command =
        Stream.concat(Stream.of(found.orElseThrow().toString()), Stream.of(arguments)).toList();
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(SECONDS_MAX, TimeUnit.SECONDS)).as(said).isTrue();
    assertThat(process.exitValue()).as(said).isZero();
  }
}
