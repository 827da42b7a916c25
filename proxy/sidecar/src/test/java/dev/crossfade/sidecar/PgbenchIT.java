package dev.crossfade.sidecar;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The real pgbench, initialisation included. Skipped where there is none; LoadModesIT speaks its
 * messages everywhere.
 */
class PgbenchIT {
  private static final String MAPPED =
      "\\set id random(1, 500)\nSELECT full_name, email FROM customers WHERE id = :id;\n";

  private static String program;
  private static Pair pair;

  @BeforeAll
  static void start() throws Exception {
    program = Tools.require("pgbench");
    pair = new Pair();
    Files.writeString(pair.folder.resolve("mapped.sql"), MAPPED);
    try (Sidecar sidecar = pair.sidecar("OFF", "0%", "random")) {
      assertThat(pgbench(sidecar.address(), "-i", "-q", "-s", "1")).contains("done in");
    }
  }

  @AfterAll
  static void stop() throws Exception {
    if (pair != null) {
      pair.close();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "simple,OFF,0%",
    "extended,OFF,0%",
    "prepared,OFF,0%",
    "simple,RAMP,50%",
    "extended,RAMP,50%",
    "prepared,RAMP,50%"
  })
  void runsWithoutAnError(String mode, String stage, String reads) throws Exception {
    try (Sidecar sidecar = pair.sidecar(stage, reads, "random")) {
      String script = pair.folder.resolve("mapped.sql").toString();
      String report =
          pgbench(
              sidecar.address(),
              "-n",
              "-M",
              mode,
              "-c",
              "4",
              "-j",
              "2",
              "-t",
              "150",
              "-b",
              "tpcb-like@1",
              "-f",
              script + "@3");
      assertThat(report).contains("number of transactions actually processed: 600/600");
      assertThat(report).contains("number of failed transactions: 0");
      if (stage.equals("RAMP")) {
        assertThat(Pair.queries(sidecar, "side=\"new\"")).isPositive();
      }
    }
  }

  private static String pgbench(InetSocketAddress address, String... arguments)
      throws IOException, InterruptedException {
    List<String> line =
        new ArrayList<>(
            List.of(
                program,
                "-h",
                address.getHostString(),
                "-p",
                Integer.toString(address.getPort()),
                "-U",
                Pair.USER));
    line.addAll(List.of(arguments));
    line.add("shop");
    ProcessBuilder builder = new ProcessBuilder(line).redirectErrorStream(true);
    builder.environment().put("PGPASSWORD", Pair.PASSWORD);
    Process process = builder.start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(output).isZero();
    return output;
  }
}
