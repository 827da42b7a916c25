package dev.crossfade.sidecar;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.testkit.postgres.EmbeddedServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The real pg_dump, pg_restore and psql, while mapped reads go to new. Skipped where there are
 * none. The servers are of the programs' version, since pg_dump reads from no newer one.
 */
class PgDumpIT {
  private static String dump;
  private static String restore;
  private static String psql;
  private static Pair pair;
  private static Sidecar ramp;

  @BeforeAll
  static void start() throws Exception {
    dump = Tools.require("pg_dump");
    restore = Tools.require("pg_restore");
    psql = Tools.require("psql");
    pair = new Pair(servers());
    try (Connection connection = pair.old.connect("shop", Pair.USER, Pair.PASSWORD);
        Statement statement = connection.createStatement()) {
      for (String sql :
          List.of(
              "CREATE TYPE mood AS ENUM ('fine', 'it''s \\ bad')",
              "CREATE TABLE note (id serial PRIMARY KEY, about bigint REFERENCES customers, body"
                  + " text, mood mood, data bytea, parts int[])",
              "INSERT INTO note (about, body, mood, data, parts) SELECT i, repeat('é\t\\n''', i),"
                  + " 'fine', decode(md5(i::text), 'hex'), ARRAY[i, NULL] FROM generate_series(1,"
                  + " 400) i",
              "CREATE VIEW rich AS SELECT * FROM customers WHERE balance_cents > 1000",
              "CREATE FUNCTION twice(int) RETURNS int LANGUAGE sql AS $$SELECT $1 * 2$$",
              "CREATE INDEX ON note (lower(body)) WHERE id < 10",
              "CREATE SEQUENCE ticks",
              "SELECT lo_from_bytea(4711, decode(repeat('00ff', 50000), 'hex'))")) {
        statement.execute(sql);
      }
    }
    ramp = pair.sidecar("RAMP", "100%", "random");
  }

  private static EmbeddedServer.Builder servers() throws Exception {
    Matcher version = Pattern.compile(" (\\d+)").matcher(run(null, List.of(dump, "--version")));
    assertThat(version.find()).isTrue();
    int major = Integer.parseInt(version.group(1));
    if (major == 17) {
      return EmbeddedServer.builder();
    }
    return OtherServers.version(major < 17 ? 15 : 18);
  }

  @AfterAll
  static void stop() throws Exception {
    if (ramp != null) {
      ramp.close();
    }
    if (pair != null) {
      pair.close();
    }
  }

  private static InetSocketAddress old() {
    return new InetSocketAddress(pair.old.host(), pair.old.port());
  }

  @ParameterizedTest
  @ValueSource(strings = {"plain", "custom", "directory"})
  void whatIsDumpedAndRestoredThroughTheSidecar(String format) throws Exception {
    String direct = script(dumped(old(), "shop", format, "direct"), format);
    assertThat(direct).contains("CREATE TABLE public.customers", "Given499", "lo_create('4711')");
    Path through = dumped(ramp.address(), "shop", format, "through");
    assertThat(script(through, format)).isEqualTo(direct);
    String copy = "copy_" + format;
    pair.old.execute("CREATE DATABASE " + copy + " OWNER app");
    if (format.equals("plain")) {
      run(
          ramp.address(),
          List.of(psql, "-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", copy, "-f", through.toString()));
    } else {
      String jobs = format.equals("directory") ? "-j2" : "-j1";
      run(
          ramp.address(),
          List.of(restore, "--exit-on-error", jobs, "-d", copy, through.toString()));
    }
    assertThat(script(dumped(old(), copy, format, "copy"), format)).isEqualTo(direct);
  }

  private static Path dumped(InetSocketAddress from, String database, String format, String name)
      throws Exception {
    Path target = pair.folder.resolve(format + "-" + name);
    List<String> line = new ArrayList<>(List.of(dump, "-F", format, "-f", target.toString()));
    if (format.equals("directory")) {
      line.add("-j2");
    }
    line.add(database);
    run(from, line);
    return target;
  }

  /** The statements of a dump, without what differs between any two. */
  private static String script(Path dumped, String format) throws Exception {
    String sql =
        format.equals("plain")
            ? Files.readString(dumped)
            : run(null, List.of(restore, "-f", "-", dumped.toString()));
    return sql.lines()
        .filter(line -> !line.startsWith("\\restrict ") && !line.startsWith("\\unrestrict "))
        .collect(Collectors.joining("\n"));
  }

  private static final String COMMANDS =
      """
      \\set FETCH_COUNT 100
      SELECT id, email FROM customers ORDER BY id;
      \\unset FETCH_COUNT
      SELECT full_name, balance_cents AS cents FROM customers WHERE id = 17 \\gset
      SELECT :'full_name', :cents + 1;
      SELECT id, full_name FROM customers WHERE id < 3 \\gdesc
      SELECT 'SELECT full_name FROM customers WHERE id = ' || i FROM generate_series(1, 4) i \\gexec
      SELECT id, id % 2 AS odd, email FROM customers WHERE id < 5 ORDER BY 1 \\crosstabview
      \\copy (SELECT * FROM customers ORDER BY id) TO 'FOLDER/out.csv' CSV HEADER
      CREATE TEMP TABLE again (id bigint, full_name text, email text, cents bigint, made timestamptz);
      \\copy again FROM 'FOLDER/out.csv' CSV HEADER
      SELECT count(*), sum(hashtext(a::text)) FROM again a;
      DROP TABLE again;
      \\copy customers TO PROGRAM 'cat > FOLDER/piped' BINARY
      \\lo_import 'FOLDER/out.csv' 'a comment'
      \\lo_export :LASTOID 'FOLDER/exported'
      \\lo_unlink :LASTOID
      ALTER SEQUENCE ticks RESTART;
      SELECT (SELECT email FROM customers WHERE id = 1), 10 / (3 - nextval('ticks')) \\watch 0.05
      SELECT full_name FROM customers WHERE id = 9 \\; SELECT 1 / 0 \\; SELECT 2;
      \\errverbose
      \\d customers
      \\dt+
      \\df twice
      \\timing off
      BEGIN READ ONLY;
      SELECT full_name FROM customers WHERE id = 11;
      COMMIT;
      """;

  @Test
  void commandsOfPsql() throws Exception {
    Path script = pair.folder.resolve("commands.sql");
    Files.writeString(script, COMMANDS.replace("FOLDER", pair.folder.toString()));
    List<String> line = List.of(psql, "-X", "-a", "-d", "shop", "-f", script.toString());
    String direct = seen(old(), line);
    assertThat(direct).contains("division by zero", "Given11", "COPY 500", "lo_import");
    byte[] copied = Files.readAllBytes(pair.folder.resolve("out.csv"));
    byte[] piped = Files.readAllBytes(pair.folder.resolve("piped"));
    // Not the one that restored: it has seen a table of this name being written.
    try (Sidecar own = pair.sidecar("RAMP", "100%", "random")) {
      for (int round = 0; round < 3; round++) {
        assertThat(seen(own.address(), line)).isEqualTo(direct);
        assertThat(Files.readAllBytes(pair.folder.resolve("out.csv"))).isEqualTo(copied);
        assertThat(Files.readAllBytes(pair.folder.resolve("exported"))).isEqualTo(copied);
        assertThat(Files.readAllBytes(pair.folder.resolve("piped"))).isEqualTo(piped);
      }
      assertThat(MarkedPair.onNew(own)).isPositive();
    }
  }

  /** Without what differs between any two runs. */
  private static String seen(InetSocketAddress address, List<String> line) throws Exception {
    return run(address, line)
        .replaceAll("(?m)^.*\\(every .*$", "watched")
        .replaceAll("(lo_import|lo_unlink) \\d+", "$1");
  }

  /** Everything that the program wrote; it has to succeed. */
  private static String run(@Nullable InetSocketAddress address, List<String> line)
      throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(line).redirectErrorStream(true);
    if (address != null) {
      builder.environment().put("PGHOST", address.getHostString());
      builder.environment().put("PGPORT", Integer.toString(address.getPort()));
      builder.environment().put("PGUSER", Pair.USER);
      builder.environment().put("PGPASSWORD", Pair.PASSWORD);
    }
    Process process = builder.start();
    process.getOutputStream().close();
    try {
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).as("%s: %s", line, output).isZero();
      return output;
    } finally {
      process.destroyForcibly();
    }
  }
}
