package dev.crossfade.bench.operations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.crossfade.bench.demo.Scrape;
import dev.crossfade.bench.process.ChildProgram;
import dev.crossfade.testkit.postgres.EmbeddedServer;
import dev.crossfade.testkit.process.Await;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A newcomer does what docs/quickstart.md says and nothing else: at the end half of the sessions
 * read from new.
 */
class QuickstartIT {
  private static final String PAGE = "docs/quickstart.md";
  private static final int MOST_COMMANDS = 10;
  private static final Duration BOUND = Duration.ofMinutes(4);
  private static final Pattern BLOCK = Pattern.compile("```sh\n(.*?)\n```", Pattern.DOTALL);
  private static final String PASSWORD = "secret";
  private static final int CUSTOMERS = 500;
  private static final int SESSIONS = 150;

  /** The ports that the page says, and free ones in their places. */
  private record Ports(int service, int admin, int control, int console) {
    static Ports free() {
      return new Ports(
          ChildProgram.freePort(),
          ChildProgram.freePort(),
          ChildProgram.freePort(),
          ChildProgram.freePort());
    }

    /** Only where things listen is not as on the page. */
    String options() {
      return "--listen 127.0.0.1:%d --admin 127.0.0.1:%d --http 127.0.0.1:%d"
          .formatted(service, admin, console);
    }
  }

  private static List<String> commands() {
    String section = Repository.section(Repository.read(PAGE), "## Do it: your own two databases");
    return BLOCK.matcher(section).results().map(block -> block.group(1)).toList();
  }

  @Test
  void tenCommandsAreEnough() {
    List<String> commands = commands();
    assertThat(commands).hasSizeLessThanOrEqualTo(MOST_COMMANDS);
    assertThat(commands.getFirst()).startsWith("git clone ");
    for (String command : commands) {
      assertThat(command.contains("<<'YAML'") || !command.contains("\n"))
          .as("one command in a block: %s", command)
          .isTrue();
    }
  }

  @Test
  void theyLeadToHalfOfTheReadsOnNew(@TempDir Path folder) throws Exception {
    assumeTrue(ChildProgram.find("psql").isPresent(), "psql is not installed");
    launcher(folder.resolve("crossfade"));
    Ports ports = Ports.free();
    try (EmbeddedServer old = server();
        EmbeddedServer next = server();
        Shell shell = new Shell(folder)) {
      fill(old);
      next.execute("CREATE DATABASE shop OWNER shop");
      String last = "";
      for (String command : commands().subList(1, commands().size())) {
        last =
            run(
                shell,
                command.replace("db-old:5432", address(old)).replace("db-new:5432", address(next)),
                ports);
      }
      assertThat(last).contains("RAMP").contains("50%");
      assertHalf(ports);
    }
  }

  private static EmbeddedServer server() {
    return EmbeddedServer.builder().role("shop", PASSWORD).start();
  }

  private static String address(EmbeddedServer server) {
    return server.host() + ":" + server.port();
  }

  private static void fill(EmbeddedServer old) throws SQLException {
    old.execute("CREATE DATABASE shop OWNER shop");
    try (Connection connection = old.connect("shop", "shop", PASSWORD);
        Statement statement = connection.createStatement()) {
      statement.execute(
          "CREATE TABLE customers (id bigint PRIMARY KEY, full_name text NOT NULL, email text)");
      statement.execute(
          "INSERT INTO customers SELECT i, 'Given' || i || CASE WHEN i % 7 > 0 THEN ' Of Family'"
              + " ELSE '' END, CASE WHEN i % 5 > 0 THEN 'c' || i || '@example.org' END FROM"
              + " generate_series(1, "
              + CUSTOMERS
              + ") i");
    }
  }

  /** The packaged launcher; where nothing is packaged, its commands from this class path. */
  private static void launcher(Path file) throws IOException {
    boolean packaged = Files.exists(Repository.path("benchmarks/target/built"));
    String text =
        packaged
            ? "exec '" + Repository.path("crossfade") + "' \"$@\"\n"
            : """
            case "$1" in
              up) main=dev.crossfade.bench.up.UpMain ;;
              ctl) main=dev.crossfade.cli.CtlMain ;;
            esac
            shift
            exec '%s/bin/java' --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow -Xmx128m -cp '%s' $main "$@"
            """
                .formatted(System.getProperty("java.home"), System.getProperty("java.class.path"));
    Files.writeString(file, "#!/bin/sh\n" + text);
    assertThat(file.toFile().setExecutable(true)).isTrue();
  }

  private static String run(Shell shell, String command, Ports ports) throws Exception {
    if (command.startsWith("export ")) {
      String all = command + " CROSSFADE_CONTROL_PLANE=127.0.0.1:" + ports.control();
      assertThat(shell.run(all, BOUND).code()).isZero();
      return "";
    }
    if (command.endsWith(" &")) {
      return shell.start(
          command.replace("crossfade up", "crossfade up " + ports.options()), "ready", BOUND);
    }
    Shell.Outcome outcome = shell.run(command, BOUND);
    assertThat(outcome.code()).as("%s\n%s", command, outcome.text()).isZero();
    return outcome.text();
  }

  /** By sessions, as the migration's default stickiness has it. */
  private static void assertHalf(Ports ports) throws Exception {
    URI metrics = URI.create("http://127.0.0.1:" + ports.admin() + "/metrics");
    Await.until(
        "a read from new",
        BOUND,
        () -> {
          read(ports, 1);
          return served(metrics, "IN_SHARE") > 0;
        });
    double inShare = served(metrics, "IN_SHARE");
    double outside = served(metrics, "OUT_OF_SHARE");
    for (int i = 0; i < SESSIONS; i++) {
      read(ports, 1 + i % CUSTOMERS);
    }
    inShare = served(metrics, "IN_SHARE") - inShare;
    outside = served(metrics, "OUT_OF_SHARE") - outside;
    assertThat(inShare + outside).isEqualTo(SESSIONS);
    assertThat(inShare / SESSIONS).isBetween(0.3, 0.7);
  }

  private static void read(Ports ports, int id) throws SQLException {
    try (Connection connection =
            DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:%d/shop?connectTimeout=10&socketTimeout=30"
                    .formatted(ports.service()),
                "shop",
                PASSWORD);
        Statement statement = connection.createStatement();
        var rows = statement.executeQuery("SELECT full_name FROM customers WHERE id = " + id)) {
      assertThat(rows.next()).isTrue();
      assertThat(rows.getString(1)).isEqualTo("Given" + id + (id % 7 > 0 ? " Of Family" : ""));
    }
  }

  private static double served(URI metrics, String reason) throws Exception {
    try (HttpClient http = HttpClient.newHttpClient()) {
      String text =
          http.send(
                  HttpRequest.newBuilder(metrics).timeout(Duration.ofSeconds(20)).build(),
                  HttpResponse.BodyHandlers.ofString())
              .body();
      return Scrape.parse(text)
          .sum("crossfade_queries_total", Map.of("migration", "split-customers", "reason", reason));
    }
  }

  @Test
  void theReadmesCommandsAreThoseOfThePages() {
    String readme = Repository.read("README.md");
    assertThat(Stream.of("./crossfade demo", "./crossfade up", PAGE)).allMatch(readme::contains);
  }
}
