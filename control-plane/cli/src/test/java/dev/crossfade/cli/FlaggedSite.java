package dev.crossfade.cli;

import dev.crossfade.sidecar.SidecarMain;
import dev.crossfade.testkit.postgres.EmbeddedServer;
import dev.crossfade.testkit.process.ChildJvm;
import dev.crossfade.testkit.unleash.UnleashServer;
import io.getunleash.engine.Context;
import io.getunleash.engine.UnleashEngine;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Two PostgreSQL servers whose rows tell which of them answered, and twenty users. */
final class FlaggedSite implements AutoCloseable {
  private static final Pattern READY = Pattern.compile("sidecar ready on 127\\.0\\.0\\.1:(\\d+)");
  private static final Duration BOUND = Duration.ofSeconds(10);
  private static final int USERS = 20;

  private final EmbeddedServer old;
  private final EmbeddedServer target;
  private final Path folder;

  private FlaggedSite(EmbeddedServer old, EmbeddedServer target, Path folder) {
    this.old = old;
    this.target = target;
    this.folder = folder;
  }

  static FlaggedSite start(Path folder) throws SQLException {
    FlaggedSite site = new FlaggedSite(EmbeddedServer.start(), EmbeddedServer.start(), folder);
    site.old.executeIn(
        "postgres",
        "CREATE TABLE customers (id bigint PRIMARY KEY, full_name text)",
        "INSERT INTO customers VALUES (1, 'old')",
        "GRANT ALL ON customers TO PUBLIC");
    for (int user = 0; user < USERS; user++) {
      site.old.execute("CREATE ROLE user" + user + " LOGIN");
    }
    site.target.executeIn(
        "postgres",
        "CREATE TABLE people (id bigint PRIMARY KEY, name text)",
        "INSERT INTO people VALUES (1, 'new')");
    return site;
  }

  ChildJvm sidecar(String instance, int controlPlane) throws Exception {
    String database = "{host: 127.0.0.1, port: %d, database: postgres, user: postgres}";
    Path config =
        Files.writeString(
            folder.resolve(instance + ".yaml"),
            """
            service: shop
            instance: %s
            listen: {host: 127.0.0.1, port: 0}
            admin: {host: 127.0.0.1, port: 0}
            old: %s
            new: %s
            stateDirectory: state-%s
            controlPlane: {port: %d}
            """
                .formatted(
                    instance,
                    database.formatted(old.port()),
                    database.formatted(target.port()),
                    instance,
                    controlPlane));
    return ChildJvm.of(SidecarMain.class)
        .jvmArguments("-Xmx64m", "--enable-native-access=ALL-UNNAMED")
        .arguments("--config", config.toString())
        .readyWhenPrints("sidecar ready on")
        .readyWithin(Duration.ofSeconds(60))
        .start();
  }

  /** The users whose reads new answers, as they find out by asking. */
  List<String> onNew(ChildJvm sidecar) throws SQLException {
    Matcher ready = READY.matcher(sidecar.readyLine());
    if (!ready.find()) {
      throw new IllegalStateException(sidecar.readyLine());
    }
    List<String> users = new ArrayList<>();
    for (int user = 0; user < USERS; user++) {
      String url =
          "jdbc:postgresql://127.0.0.1:%s/postgres?user=user%d&socketTimeout=%d"
              .formatted(ready.group(1), user, BOUND.toSeconds());
      try (Connection connection = DriverManager.getConnection(url);
          Statement statement = connection.createStatement();
          ResultSet row = statement.executeQuery("SELECT full_name FROM customers WHERE id = 1")) {
        row.next();
        if (row.getString(1).equals("new")) {
          users.add("user" + user);
        }
      }
    }
    return users;
  }

  /** The users whom the flag is on for, as any client of Unleash finds out. */
  static List<String> enabledByUnleash(UnleashServer unleash, String flag) throws Exception {
    UnleashEngine engine = new UnleashEngine();
    try (HttpClient http = HttpClient.newHttpClient()) {
      engine.takeState(features(http, unleash));
    }
    List<String> users = new ArrayList<>();
    for (int user = 0; user < USERS; user++) {
      Context context = new Context();
      context.setUserId("user" + user);
      context.setProperties(new HashMap<>());
      if (Boolean.TRUE.equals(engine.isEnabled(flag, context).value)) {
        users.add("user" + user);
      }
    }
    return users;
  }

  /** What Unleash tells its clients now. */
  static String features(HttpClient http, UnleashServer unleash)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(unleash.address().resolve("/api/client/features"))
            .timeout(BOUND)
            .header("Authorization", UnleashServer.CLIENT_TOKEN)
            .build();
    return http.send(request, HttpResponse.BodyHandlers.ofString()).body();
  }

  @Override
  public void close() {
    old.close();
    target.close();
  }
}
