package dev.crossfade.sidecar;

import dev.crossfade.sidecar.config.ConfigFile;
import dev.crossfade.testkit.postgres.EmbeddedServer;
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
import java.util.Map;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Two real servers with the same customers in two shapes, and a sidecar in front of them. {@code
 * app} logs in with a password by SCRAM on both.
 */
final class Pair implements AutoCloseable {
  static final String USER = "app";
  static final String PASSWORD = "app secret";
  static final int CUSTOMERS = 500;

  static final String LENS =
      """
      apiVersion: crossfade.dev/v1
      kind: Migration
      metadata: {name: split-customers, owner: accounts, rationale: one table per concern, risk: medium}
      spec:
        engine: postgresql
        entity: {key: [id bigint]}
        old:
          customers:
            entity: [id]
            down: |
              SELECT p.id, p.given_name || coalesce(' ' || p.family_name, '') AS full_name, c.email,
                     (p.balance * 100)::bigint AS balance_cents, p.created_at
              FROM people p LEFT JOIN contacts c ON c.person_id = p.id
        new:
          people:
            entity: [id]
            up: |
              SELECT id, split_part(full_name, ' ', 1) AS given_name, nullif(split_part(full_name, ' ', 2), '') AS family_name,
                     balance_cents / 100.0 AS balance, created_at FROM customers
          contacts:
            entity: [person_id]
            up: SELECT id AS person_id, email FROM customers WHERE email IS NOT NULL
      """;

  /** What sidecars are given. */
  String lens = LENS;

  final EmbeddedServer old;
  final EmbeddedServer target;
  final Path folder;
  private final String database;

  Pair() throws SQLException, IOException {
    this(EmbeddedServer.builder());
  }

  /**
   * @param servers what both are like
   */
  Pair(EmbeddedServer.Builder servers) throws SQLException, IOException {
    this(servers, "shop2");
  }

  /** Both shapes are in the database {@code shop} of one server. */
  static Pair together() throws SQLException, IOException {
    return new Pair(EmbeddedServer.builder(), "shop");
  }

  private Pair(EmbeddedServer.Builder servers, String database) throws SQLException, IOException {
    servers.role(USER, PASSWORD);
    this.database = database;
    old = servers.start();
    target = database.equals("shop") ? old : servers.start();
    folder = Files.createTempDirectory("crossfade-pair");
    old.execute("CREATE DATABASE shop OWNER app");
    if (target != old) {
      target.execute("CREATE DATABASE shop2 OWNER app");
    }
    try (Connection connection = old.connect("shop", USER, PASSWORD);
        var statement = connection.createStatement()) {
      statement.execute(
          "CREATE TABLE customers (id bigint PRIMARY KEY, full_name varchar(80) NOT NULL, email"
              + " text, balance_cents bigint, created_at timestamptz NOT NULL)");
      statement.execute(
          "INSERT INTO customers SELECT i, 'Given' || i || CASE WHEN i % 7 = 0 THEN '' ELSE '"
              + " Family' || i END, CASE WHEN i % 5 = 0 THEN NULL ELSE 'c' || i || '@example.org'"
              + " END, i * 17, timestamptz '2020-01-01 00:00:00Z' + i * interval '1 hour' FROM"
              + " generate_series(1, "
              + CUSTOMERS
              + ") i");
      statement.execute("CREATE TABLE audit (id bigserial PRIMARY KEY, note text)");
    }
    try (Connection connection = target.connect(database, USER, PASSWORD);
        var statement = connection.createStatement()) {
      statement.execute(
          "CREATE TABLE people (id bigint PRIMARY KEY, given_name text NOT NULL, family_name text,"
              + " balance numeric, created_at timestamptz NOT NULL)");
      statement.execute(
          "CREATE TABLE contacts (person_id bigint PRIMARY KEY, email text NOT NULL)");
      statement.execute(
          "INSERT INTO people SELECT i, 'Given' || i, CASE WHEN i % 7 = 0 THEN NULL ELSE 'Family'"
              + " || i END, i * 17 / 100.0, timestamptz '2020-01-01 00:00:00Z' + i * interval '1"
              + " hour' FROM generate_series(1, "
              + CUSTOMERS
              + ") i");
      statement.execute(
          "INSERT INTO contacts SELECT i, 'c' || i || '@example.org' FROM generate_series(1, "
              + CUSTOMERS
              + ") i WHERE i % 5 <> 0");
    }
  }

  /** The configuration of a sidecar that reads this share from new. */
  String config(String stage, String reads, String stickiness, String more) throws IOException {
    Files.writeString(folder.resolve("split-customers.yaml"), lens);
    return """
    service: shop
    listen: {host: 127.0.0.1, port: 0}
    admin: {host: 127.0.0.1, port: 0}
    old: {host: %s, port: %d, database: shop, user: app, password: "%s"}
    new: {host: %s, port: %d, database: %s, user: app, password: "%s"}
    stateDirectory: state
    migrations:
      - {file: split-customers.yaml, stage: %s, reads: "%s", stickiness: %s}
    %s
    """
        .formatted(
            old.host(),
            old.port(),
            PASSWORD,
            target.host(),
            target.port(),
            database,
            PASSWORD,
            stage,
            reads,
            stickiness,
            more);
  }

  Sidecar sidecar(String stage, String reads, String stickiness) throws Exception {
    return sidecar(stage, reads, stickiness, "");
  }

  Sidecar sidecar(String stage, String reads, String stickiness, String more) throws Exception {
    return start(config(stage, reads, stickiness, more));
  }

  /**
   * A sidecar that reads everything from new.
   *
   * @param port of one of the two servers
   * @param instead what it connects to in its place
   */
  Sidecar rampThrough(int port, int instead, String more) throws Exception {
    return through("RAMP", port, instead, more);
  }

  /** The same in another stage. */
  Sidecar through(String stage, int port, int instead, String more) throws Exception {
    return start(
        config(stage, "100%", "random", more).replace("port: " + port, "port: " + instead));
  }

  /**
   * In RAMP, with ports that stay the same as operators have them, for one process after another.
   */
  String upgradable(int port, int admin, String more) throws IOException {
    return config("RAMP", "50%", "random", "upgrade: {socket: next, linger: 60s}\n" + more)
        .replaceFirst("listen: \\{[^}]*}", "listen: {host: 127.0.0.1, port: " + port + "}")
        .replaceFirst("admin: \\{[^}]*}", "admin: {host: 127.0.0.1, port: " + admin + "}");
  }

  /** One that is told this. */
  Sidecar start(String config) throws Exception {
    return Sidecar.start(
        ConfigFile.parse(config, folder.resolve("sidecar.yaml").toString(), Map.of()));
  }

  static Connection connect(Sidecar sidecar, String... properties) throws SQLException {
    Properties all = new Properties();
    all.setProperty("user", USER);
    all.setProperty("password", PASSWORD);
    for (int i = 0; i < properties.length; i += 2) {
      all.setProperty(properties[i], properties[i + 1]);
    }
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:" + sidecar.address().getPort() + "/shop", all);
  }

  /** The sum of {@code crossfade_queries_total} over the lines that contain all these labels. */
  static long queries(Sidecar sidecar, String... labels) {
    return metric(sidecar, "crossfade_queries_total", labels);
  }

  static long metric(Sidecar sidecar, String name, String... labels) {
    String text = scrape(sidecar);
    Matcher lines = Pattern.compile("(?m)^" + name + "(\\{[^}]*\\})? ([0-9.Ee+]+)$").matcher(text);
    double sum = 0;
    while (lines.find()) {
      boolean all = true;
      for (String label : labels) {
        all &= String.valueOf(lines.group(1)).contains(label);
      }
      sum += all ? Double.parseDouble(lines.group(2)) : 0;
    }
    return (long) sum;
  }

  static String scrape(Sidecar sidecar) {
    try (HttpClient http = HttpClient.newHttpClient()) {
      URI uri = URI.create("http://127.0.0.1:" + sidecar.adminAddress().getPort() + "/metrics");
      return http.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
          .body();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() throws IOException {
    old.close();
    target.close();
    try (var files = Files.walk(folder)) {
      files
          .sorted(java.util.Comparator.reverseOrder())
          .map(Path::toFile)
          .forEach(java.io.File::delete);
    }
  }
}
