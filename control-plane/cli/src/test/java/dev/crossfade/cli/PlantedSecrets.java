package dev.crossfade.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.io.TempDir;

/** Secrets that stand in one place each, and processes that log as much as they can. */
abstract class PlantedSecrets {
  static final Duration SOON = Duration.ofSeconds(60);
  static final Pattern PORT = Pattern.compile("ready on 127\\.0\\.0\\.1:(\\d+)");
  static final Pattern ADMIN = Pattern.compile("admin on 127\\.0\\.0\\.1:(\\d+)");
  private static final String LOG =
      """
      <configuration>
        <appender name="ERR" class="ch.qos.logback.core.ConsoleAppender">
          <target>System.err</target>
          <encoder><pattern>%level %logger [%thread] %msg %kvp %mdc%n%ex{full}</pattern></encoder>
        </appender>
        <root level="TRACE"><appender-ref ref="ERR"/></root>
        <logger name="io.netty.util" level="INFO"/>
        <logger name="io.netty.buffer" level="INFO"/>
      </configuration>
      """;
  @TempDir Path folder;

  final Map<String, String> secrets = new LinkedHashMap<>();
  final List<Process> processes = new ArrayList<>();

  /** A secret that is nowhere else. */
  String plant(String place) {
    return secrets.computeIfAbsent(place, key -> "Plant3d" + secrets.size() + "x" + hex(key));
  }

  private static String hex(String text) {
    return Integer.toHexString(text.hashCode()) + Long.toHexString(System.nanoTime());
  }

  Process launch(String main, String name, Map<String, String> environment, String... arguments)
      throws IOException {
    Path talkative = Files.writeString(folder.resolve("log.xml"), LOG);
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx192m",
                "-Dlogback.configurationFile=" + talkative,
                "-cp",
                System.getProperty("java.class.path"),
                main));
    command.addAll(List.of(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve(name + ".log").toFile());
    builder.environment().putAll(environment);
    Process process = builder.start();
    processes.add(process);
    return process;
  }

  int number(String name, Pattern pattern) {
    await().atMost(SOON).until(() -> pattern.matcher(log(name)).find());
    Matcher matcher = pattern.matcher(log(name));
    assertThat(matcher.find()).isTrue();
    return Integer.parseInt(matcher.group(1));
  }

  String log(String name) {
    try {
      return Files.readString(folder.resolve(name + ".log"), StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      return "";
    }
  }

  String file(String name, String content) throws IOException {
    return Files.writeString(folder.resolve(name), content).toString();
  }

  /** What the sidecar's admin port answers. */
  String page(String path) throws Exception {
    try (HttpClient http = HttpClient.newHttpClient()) {
      URI admin = URI.create("http://127.0.0.1:" + number("sidecar", ADMIN));
      return http.send(
              HttpRequest.newBuilder(admin.resolve(path)).timeout(SOON).build(),
              HttpResponse.BodyHandlers.ofString())
          .body();
    }
  }

  /** Kills what was launched. */
  void endAll() throws InterruptedException {
    for (Process process : processes) {
      assertThat(process.destroyForcibly().waitFor(20, TimeUnit.SECONDS)).isTrue();
    }
  }
}
