package dev.crossfade.sidecar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** psql and pgbench, unchanged, through a sidecar that reads nothing or half from new. */
class ToolsIT {
  private static Pair pair;
  private static Sidecar off;
  private static Sidecar half;

  @BeforeAll
  static void start() throws Exception {
    pair = new Pair();
    off = pair.sidecar("OFF", "0%", "session");
    half = pair.sidecar("RAMP", "50%", "random");
  }

  @AfterAll
  static void stop() throws Exception {
    off.close();
    half.close();
    pair.close();
  }

  private static Optional<String> tool(String name) throws IOException {
    Path debian = Path.of("/usr/lib/postgresql");
    List<Path> folders = new ArrayList<>(List.of(Path.of("/usr/bin"), Path.of("/usr/local/bin")));
    if (Files.isDirectory(debian)) {
      try (Stream<Path> versions = Files.list(debian)) {
        versions.forEach(version -> folders.add(version.resolve("bin")));
      }
    }
    return folders.stream()
        .map(folder -> folder.resolve(name))
        .filter(Files::isExecutable)
        .map(Path::toString)
        .findFirst();
  }

  private static String run(Sidecar sidecar, String... command) throws Exception {
    Optional<String> program = tool(command[0]);
    assumeTrue(
        program.isPresent(),
        command[0] + " is not installed (Debian: postgresql-client, postgresql-contrib)");
    List<String> words = new ArrayList<>(List.of(command));
    words.set(0, program.get());
    ProcessBuilder builder = new ProcessBuilder(words).redirectErrorStream(true);
    builder.environment().put("PGHOST", "127.0.0.1");
    builder.environment().put("PGPORT", Integer.toString(sidecar.address().getPort()));
    builder.environment().put("PGUSER", Pair.USER);
    builder.environment().put("PGPASSWORD", Pair.PASSWORD);
    builder.environment().put("PGDATABASE", "shop");
    Process process = builder.start();
    try {
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).as(output).isZero();
      return output;
    } finally {
      process.destroyForcibly();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "simple,off",
    "extended,off",
    "prepared,off",
    "simple,half",
    "extended,half",
    "prepared,half"
  })
  void pgbenchReadsMappedTables(String mode, String which) throws Exception {
    Sidecar sidecar = which.equals("off") ? off : half;
    Path script = pair.folder.resolve("read.sql");
    Files.writeString(
        script,
        "\\set id random(1, 500)\n"
            + "SELECT full_name, balance_cents FROM customers WHERE id = :id;\n");
    long before = Pair.queries(sidecar, "side=\"new\"");
    String output =
        run(
            sidecar,
            "pgbench",
            "-n",
            "-M",
            mode,
            "-f",
            script.toString(),
            "-c",
            "4",
            "-j",
            "2",
            "-t",
            "500");
    assertThat(output).contains("number of transactions actually processed: 2000/2000");
    long onNew = Pair.queries(sidecar, "side=\"new\"") - before;
    if (which.equals("off")) {
      assertThat(onNew).isZero();
    } else {
      assertThat(onNew).isBetween(600L, 1200L);
    }
  }

  @ParameterizedTest
  @CsvSource({"simple", "extended", "prepared"})
  void pgbenchWritesItsOwnTables(String mode) throws Exception {
    run(half, "pgbench", "-q", "-i", "-s", "1");
    String output = run(half, "pgbench", "-M", mode, "-c", "4", "-t", "100");
    assertThat(output).contains("number of transactions actually processed: 400/400");
  }

  @Test
  void psqlLooksAroundAndCopies() throws Exception {
    for (Sidecar sidecar : List.of(off, half)) {
      assertThat(run(sidecar, "psql", "-X", "-c", "\\d customers"))
          .contains("full_name")
          .contains("character varying(80)");
      assertThat(run(sidecar, "psql", "-X", "-At", "-c", "SELECT count(*) FROM customers"))
          .isEqualTo("500\n");
      assertThat(
              run(
                  sidecar,
                  "psql",
                  "-X",
                  "-At",
                  "-c",
                  "COPY (SELECT id FROM customers WHERE id < 4 ORDER BY id) TO STDOUT"))
          .isEqualTo("1\n2\n3\n");
      assertThat(
              run(
                  sidecar,
                  "psql",
                  "-X",
                  "-At",
                  "-c",
                  "SELECT 1; SELECT 2; SELECT id FROM customers WHERE id = 3"))
          .isEqualTo("1\n2\n3\n");
    }
  }
}
