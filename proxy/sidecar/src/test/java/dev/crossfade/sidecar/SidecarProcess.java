package dev.crossfade.sidecar;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.testkit.postgres.EmbeddedServer;
import dev.crossfade.testkit.process.ChildJvm;
import dev.crossfade.testkit.wire.WireClient;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The sidecar in a process of its own, as large as the launcher makes it. */
final class SidecarProcess implements AutoCloseable {
  private static final Pattern READY =
      Pattern.compile("sidecar ready on 127\\.0\\.0\\.1:(\\d+), admin on 127\\.0\\.0\\.1:(\\d+)");

  private final ChildJvm child;
  private final int port;
  private final int adminPort;
  private final HttpClient http =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10)).build();

  private SidecarProcess(ChildJvm child) {
    this.child = child;
    Matcher ready = READY.matcher(child.readyLine());
    assertThat(ready.matches()).as(child.readyLine()).isTrue();
    this.port = Integer.parseInt(ready.group(1));
    this.adminPort = Integer.parseInt(ready.group(2));
  }

  static SidecarProcess start(Pair pair, String config) throws IOException {
    return start(pair, config, Map.of());
  }

  static SidecarProcess start(Pair pair, String config, Map<String, String> environment)
      throws IOException {
    ChildJvm.Builder child = described(pair, config).readyWhenPrints("sidecar ready on");
    environment.forEach(child::environment);
    return new SidecarProcess(child.start());
  }

  /** The process, before it starts. */
  static ChildJvm.Builder described(Pair pair, String config) throws IOException {
    Path file = pair.folder.resolve("sidecar.yaml");
    Files.writeString(file, config);
    return ChildJvm.of(SidecarMain.class)
        .jvmArguments("-Xmx64m", "-XX:MaxDirectMemorySize=64m", "-XX:+UseSerialGC")
        .jvmArguments("--enable-native-access=ALL-UNNAMED")
        .arguments("--config", file.toString());
  }

  ChildJvm child() {
    return child;
  }

  int port() {
    return port;
  }

  /** A client that has logged in and reads what the sidecar sends, byte for byte. */
  WireClient login() throws IOException {
    WireClient client = WireClient.connect("127.0.0.1", port);
    assertThat(client.login("shop", Pair.USER, Pair.PASSWORD).getLast().type()).isEqualTo('Z');
    return client;
  }

  HttpResponse<String> get(String path) throws IOException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + adminPort + path))
            .timeout(Duration.ofSeconds(10))
            .build();
    try {
      return http.send(request, HttpResponse.BodyHandlers.ofString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /**
   * The sum over the samples of this name whose labels contain all of these.
   *
   * @throws AssertionError when there is no such sample
   */
  double metric(String name, String... labels) throws IOException {
    Matcher samples =
        Pattern.compile("(?m)^" + name + "(\\{[^}]*\\})? (\\S+)$").matcher(get("/metrics").body());
    double sum = 0;
    boolean found = false;
    while (samples.find()) {
      if (List.of(labels).stream().allMatch(String.valueOf(samples.group(1))::contains)) {
        sum += Double.parseDouble(samples.group(2));
        found = true;
      }
    }
    assertThat(found).as("a sample %s %s", name, List.of(labels)).isTrue();
    return sum;
  }

  /** How many sessions of this pair's clients, and of the sidecar itself, a database has. */
  static long sessions(EmbeddedServer server) throws SQLException {
    try (var connection = server.connect("postgres");
        var statement = connection.createStatement();
        var rows =
            statement.executeQuery(
                "SELECT count(*) FROM pg_stat_activity WHERE usename = '" + Pair.USER + "'")) {
      rows.next();
      return rows.getLong(1);
    }
  }

  @Override
  public void close() {
    child.close();
    http.close();
  }
}
