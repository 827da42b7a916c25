package dev.crossfade.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.crossfade.cli.LiveControlPlane.Outcome;
import dev.crossfade.testkit.postgres.EmbeddedServer;
import dev.crossfade.testkit.tls.Authority;
import dev.crossfade.testkit.tls.Identity;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A small whole story with a secret of its own in every place where one can be given, at the most
 * talkative level of the log; then whatever was written anywhere is searched for them.
 */
class SecretsIT extends PlantedSecrets {
  private static final String MIGRATION =
      """
      apiVersion: crossfade.dev/v1
      kind: Migration
      metadata: {name: notes}
      spec:
        engine: postgresql
        tables:
          - old: notes
            new: remarks
            columns: {body: {rename: text}}
      """;

  private final StringBuilder answers = new StringBuilder();

  @SuppressWarnings("NullAway.Init")
  private EmbeddedServer server;

  private int port;

  @BeforeEach
  void startServer() throws Exception {
    EmbeddedServer.Builder builder = EmbeddedServer.builder();
    for (String role : List.of("control", "jobs_old", "jobs_new", "reader_old", "reader_new")) {
      builder.role(role, plant(role));
    }
    for (String role : List.of("carry_old", "carry_new", "app")) {
      builder.role(role, plant(role));
    }
    server = builder.start();
    for (String database : List.of("control", "old", "new")) {
      server.createDatabase(database);
    }
    for (String role : secrets.keySet()) {
      server.execute("ALTER ROLE " + role + " SUPERUSER");
    }
    server.executeIn(
        "old",
        "CREATE TABLE notes (id bigint PRIMARY KEY, body text)",
        "INSERT INTO notes SELECT i, 'note ' || i FROM generate_series(1, 50) AS i");
    server.executeIn("new", "CREATE TABLE remarks (id bigint PRIMARY KEY, text text)");
  }

  @AfterEach
  void stop() throws Exception {
    endAll();
    server.close();
  }

  private Outcome ctl(String... arguments) {
    Map<String, String> environment = new HashMap<>();
    environment.put("CROSSFADE_CONTROL_PLANE", "127.0.0.1:" + port);
    environment.put("CROSSFADE_TOKEN", String.valueOf(secrets.get("admin token")));
    environment.put("CROSSFADE_OLD_PASSWORD", plant("jobs_old"));
    environment.put("CROSSFADE_NEW_PASSWORD", plant("jobs_new"));
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--ca", folder.resolve("ca.crt").toString()));
    Outcome outcome = LiveControlPlane.ctl(environment, all.toArray(String[]::new));
    answers.append(outcome.out()).append('\n').append(outcome.err()).append('\n');
    return outcome;
  }

  private void done(String... arguments) {
    Outcome outcome = ctl(arguments);
    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
  }

  private void job(String kind) {
    String id = ctl("job", "start", kind).out().replaceFirst("^job (\\d+).*$", "$1");
    await()
        .atMost(SOON)
        .until(() -> ctl("job", "status", id).out(), out -> out.contains("state     done"));
  }

  private void startControlPlane() throws Exception {
    Authority authority = Authority.create("Crossfade tests");
    Identity identity = authority.issue("control plane", "127.0.0.1");
    identity.write(folder, "server");
    secrets.put("TLS key", identity.keyPem().lines().skip(1).findFirst().orElseThrow());
    file("ca.crt", authority.pem());
    file("jobs_old.secret", plant("jobs_old") + "\n");
    String url = "postgresql://jobs_%s@127.0.0.1:" + server.port() + "/%s";
    file(
        "databases.yaml",
        """
        default:
          old: {url: "%s", passwordFile: jobs_old.secret}
          new: {url: "%s", password: "env:JOBS_NEW"}
        """
            .formatted(url.formatted("old", "old"), url.formatted("new", "new")));
    Map<String, String> environment =
        Map.of("CROSSFADE_DB_PASSWORD", plant("control"), "JOBS_NEW", plant("jobs_new"));
    String[] storage = {
      "--jdbc-url",
      "jdbc:postgresql://127.0.0.1:" + server.port() + "/control",
      "--db-user",
      "control"
    };
    Process token =
        launch(
            "dev.crossfade.server.ControlPlaneMain",
            "token",
            environment,
            Stream.concat(Stream.of("token", "--name", "root"), Stream.of(storage))
                .toArray(String[]::new));
    assertThat(token.waitFor(60, TimeUnit.SECONDS)).isTrue();
    Matcher made = Pattern.compile("(?m)^(cf_\\S{43})$").matcher(log("token"));
    assertThat(made.find()).isTrue();
    secrets.put("admin token", made.group(1));
    // It is what this command is for: everything else that it has written is searched.
    file("token.log", log("token").replaceFirst("(?m)^cf_\\S{43}$", ""));
    launch(
        "dev.crossfade.server.ControlPlaneMain",
        "control-plane",
        environment,
        Stream.concat(
                Stream.of(storage),
                Stream.of(
                    "--listen",
                    "127.0.0.1:0",
                    "--databases",
                    folder.resolve("databases.yaml").toString(),
                    "--tls-cert",
                    folder.resolve("server.crt").toString(),
                    "--tls-key",
                    folder.resolve("server.key").toString()))
            .toArray(String[]::new));
    port = number("control-plane", PORT);
  }

  private int startSidecar(String token) throws Exception {
    secrets.put("sidecar token", token);
    file("sidecar.token", token + "\n");
    file("reader_old.secret", plant("reader_old"));
    file("app.secret", plant("app"));
    file(
        "users.yaml",
        "users:\n  - {name: app, verifier: \"%s\", old: {user: app, passwordFile: app.secret}}\n"
            .formatted(verifier()));
    String side = "{host: 127.0.0.1, port: %d, database: %s, user: reader_%s%s}";
    file(
        "sidecar.yaml",
        """
        service: shop
        listen: {port: 0, authentication: {mode: terminated, users: users.yaml}}
        admin: {port: 0}
        old: %s
        new: %s
        mirror:
          old: {user: carry_old, password: "env:CARRY_OLD"}
          new: {user: carry_new}
        controlPlane:
          port: %d
          tls: {ca: ca.crt}
          token: file:sidecar.token
        """
            .formatted(
                side.formatted(server.port(), "old", "old", ", password: file:reader_old.secret"),
                side.formatted(server.port(), "new", "new", ""),
                port));
    launch(
        "dev.crossfade.sidecar.SidecarMain",
        "sidecar",
        Map.of(
            "CROSSFADE_NEW_PASSWORD",
            plant("reader_new"),
            "CARRY_OLD",
            plant("carry_old"),
            "CROSSFADE_MIRROR_NEW_PASSWORD",
            plant("carry_new")),
        "--config",
        folder.resolve("sidecar.yaml").toString());
    return number("sidecar", PORT);
  }

  private String verifier() throws SQLException {
    try (Connection connection = server.connect("postgres");
        Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery("SELECT rolpassword FROM pg_authid WHERE rolname = 'app'")) {
      assertThat(row.next()).isTrue();
      return row.getString(1);
    }
  }

  private void readAndWrite(int sidecar) throws SQLException {
    Properties login = new Properties();
    login.setProperty("user", "app");
    login.setProperty("password", plant("app"));
    login.setProperty("socketTimeout", "20");
    try (Connection client =
            DriverManager.getConnection("jdbc:postgresql://127.0.0.1:" + sidecar + "/old", login);
        Statement statement = client.createStatement()) {
      assertThat(statement.executeUpdate("UPDATE notes SET body = 'read' WHERE id = 1")).isOne();
      try (ResultSet row = statement.executeQuery("SELECT body FROM notes WHERE id = 1")) {
        assertThat(row.next()).isTrue();
        assertThat(row.getString(1)).isEqualTo("read");
      }
    }
  }

  @Test
  void noSecretIsWrittenAnywhere() throws Exception {
    startControlPlane();
    String[] urls = {
      "--old",
      "postgresql://jobs_old@127.0.0.1:" + server.port() + "/old",
      "--new",
      "postgresql://jobs_new@127.0.0.1:" + server.port() + "/new"
    };
    String migration = file("notes.yaml", MIGRATION);
    done("apply", "-f", migration, urls[0], urls[1], urls[2], urls[3]);
    done("mirror", "install", migration, urls[0], urls[1], urls[2], urls[3]);
    Outcome token = ctl("token", "create", "--name", "pods", "--role", "sidecar");
    answers.setLength(0);
    int sidecar = startSidecar(token.out());
    done("stage", "DUAL_WRITE");
    readAndWrite(sidecar);
    job("backfill");
    job("verify");
    done("stage", "SHADOW");
    done("stage", "RAMP");
    done("reads", "100%");
    readAndWrite(sidecar);
    rotate();
    wrongLogins(sidecar);
    ask();
    search();
  }

  /** Another token for the sidecar, while it runs. */
  private void rotate() throws Exception {
    Outcome second = ctl("token", "create", "--name", "pods", "--role", "sidecar");
    answers.setLength(0);
    secrets.put("second sidecar token", second.out());
    done("token", "revoke", "2");
    await().atMost(SOON).until(() -> log("sidecar").contains("does not let this sidecar in"));
    // It serves its clients as before, and says what is wrong.
    await()
        .atMost(SOON)
        .until(
            () ->
                page("/readyz")
                    .startsWith("ok\nturned away by the control plane: UNAUTHENTICATED"));
    assertThat(page("/metrics")).contains("crossfade_control_turned_away 1.0");
    file("sidecar.token", second.out());
    await().atMost(SOON).until(() -> ctl("sidecars").out(), out -> out.contains("in force"));
    // The control plane may know it a moment before the sidecar.
    await().atMost(SOON).until(() -> page("/readyz").equals("ok\n"));
    assertThat(page("/metrics")).contains("crossfade_control_turned_away 0.0");
  }

  private void wrongLogins(int sidecar) {
    String guess = "cf_" + "g".repeat(33) + Long.toHexString(System.nanoTime()).substring(0, 10);
    secrets.put("guess", guess);
    Outcome wrong =
        LiveControlPlane.ctl(
            Map.of("CROSSFADE_CONTROL_PLANE", "127.0.0.1:" + port, "CROSSFADE_TOKEN", guess),
            "list",
            "--ca",
            folder.resolve("ca.crt").toString());
    assertThat(wrong.err()).contains("not known");
    answers.append(wrong.err());
    String url = "jdbc:postgresql://127.0.0.1:" + sidecar + "/old";
    try (Connection none =
        DriverManager.getConnection(
            url + "?socketTimeout=20", "app", plant("a client's wrong password"))) {
      throw new AssertionError("let in: " + none);
    } catch (SQLException e) {
      answers.append(e.getMessage());
    }
  }

  /** Everything that can be asked for. */
  private void ask() {
    for (String[] question :
        new String[][] {
          {"list"},
          {"show"},
          {"sidecars"},
          {"readiness"},
          {"job", "status"},
          {"token", "list"},
          {"whoami"}
        }) {
      done(question);
      List<String> json = new ArrayList<>(List.of(question));
      json.addAll(List.of("-o", "json"));
      done(json.toArray(String[]::new));
    }
  }

  private void search() throws Exception {
    Map<String, String> places = new LinkedHashMap<>();
    places.put("answers", answers.toString());
    for (String log : List.of("token", "control-plane", "sidecar")) {
      places.put(log + "'s log", log(log));
      assertThat(log(log).length()).isGreaterThan(100);
    }
    assertThat(log("control-plane")).contains("DEBUG");
    assertThat(log("sidecar")).contains("DEBUG");
    places.put("the store", WrittenPlaces.dump(server));
    assertThat(places.get("the store")).contains("pods").contains("root");
    try (Stream<Path> state = Files.walk(folder.resolve("crossfade-state"))) {
      for (Path path : state.filter(Files::isRegularFile).toList()) {
        places.put(path.toString(), Files.readString(path, StandardCharsets.ISO_8859_1));
      }
    }
    assertThat(places.keySet()).anyMatch(place -> place.contains("crossfade-state"));
    for (String path : List.of("/metrics", "/readyz")) {
      places.put(path, page(path));
    }
    for (Process process : processes) {
      places.put("ps of " + process.pid(), WrittenPlaces.seenByOthers(process));
    }
    List<String> found = new ArrayList<>();
    places.forEach(
        (place, text) ->
            secrets.forEach(
                (name, secret) -> {
                  if (text.contains(secret)) {
                    found.add(name + " in " + place);
                  }
                }));
    assertThat(found).isEmpty();
    assertThat(secrets).hasSizeGreaterThanOrEqualTo(13);
  }
}
