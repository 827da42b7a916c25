package dev.crossfade.sidecar;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.Writer;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** psql prints the same through the sidecar. Skipped where there is no psql. */
class PsqlIT {
  private static final String SCRIPT =
      """
      \\set ON_ERROR_STOP 0
      \\set VERBOSITY verbose
      SELECT version() IS NOT NULL AS connected;
      \\dt
      \\d customers
      \\d+ audit
      \\df no_such_function
      SELECT count(*), sum(balance_cents) FROM customers;
      SELECT * FROM customers WHERE id IN (1, 7, 35) ORDER BY id;
      \\x
      SELECT * FROM customers WHERE id = 5;
      \\x
      \\set FETCH_COUNT 7
      SELECT id, full_name FROM customers WHERE id <= 40 ORDER BY id;
      \\set FETCH_COUNT 0
      SELECT id AS wanted FROM customers WHERE full_name = 'Given9 Family9' \\gset
      SELECT email FROM customers WHERE id = :wanted;
      SELECT 'SELECT full_name FROM customers WHERE id = ' || i FROM generate_series(1, 3) i \\gexec
      SELECT id, email IS NULL AS none FROM customers WHERE id < 4 \\gdesc
      BEGIN;
      SELECT count(*) FROM customers;
      SAVEPOINT s;
      SELECT nope FROM customers;
      ROLLBACK TO s;
      COMMIT;
      BEGIN READ ONLY; SELECT max(id) FROM customers; END;
      CREATE TEMP TABLE staging (id bigint, note text);
      COPY staging FROM STDIN;
      1\tone
      2\ttwo
      \\.
      \\copy staging to stdout
      COPY (SELECT id, full_name FROM customers WHERE id < 4 ORDER BY id) TO STDOUT (FORMAT csv);
      DO $$ BEGIN RAISE NOTICE 'noticed'; END $$;
      LISTEN news; NOTIFY news;
      UNLISTEN news;
      SELECT 1 / (id - 3) FROM customers WHERE id = 3;
      \\encoding LATIN1
      SELECT full_name FROM customers WHERE id = 4;
      \\conninfo
      """;

  private static String program;
  private static Pair pair;

  @BeforeAll
  static void start() throws Exception {
    program = Tools.require("psql");
    pair = new Pair();
  }

  @AfterAll
  static void stop() throws Exception {
    if (pair != null) {
      pair.close();
    }
  }

  @Test
  void printsTheSameWithReadsOffAndAtHalfAndAtAll() throws Exception {
    String direct = psql(new InetSocketAddress(pair.old.host(), pair.old.port()));
    assertThat(direct)
        .contains("Given35")
        .contains("noticed")
        .contains("Asynchronous notification");
    for (String[] setting : new String[][] {{"OFF", "0%"}, {"RAMP", "50%"}, {"RAMP", "100%"}}) {
      try (Sidecar sidecar = pair.sidecar(setting[0], setting[1], "random")) {
        // Plans are made during the first round.
        for (int round = 0; round < 3; round++) {
          assertThat(psql(sidecar.address()))
              .as("%s %s, round %s", setting[0], setting[1], round)
              .isEqualTo(direct);
        }
      }
    }
  }

  /** Both streams in one, without what differs between any two runs: ports and process ids. */
  private static String psql(InetSocketAddress address) throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(
                List.of(
                    program,
                    "-X",
                    "-h",
                    address.getHostString(),
                    "-p",
                    Integer.toString(address.getPort()),
                    "-U",
                    Pair.USER,
                    "-d",
                    "shop",
                    "-f",
                    "-"))
            .redirectErrorStream(true);
    builder.environment().put("PGPASSWORD", Pair.PASSWORD);
    Process process = builder.start();
    try (Writer input = process.outputWriter(StandardCharsets.UTF_8)) {
      input.write(SCRIPT);
    }
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return output.replaceAll("port \"\\d+\"", "port").replaceAll("with PID \\d+", "with PID");
  }
}
