package dev.crossfade.bench.demo;

import dev.crossfade.bench.process.Packaged;
import dev.crossfade.testkit.process.Await;
import dev.crossfade.testkit.process.ChildJvm;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A sidecar with 64 MB of heap in a JVM of its own. */
public final class SidecarProcess implements AutoCloseable {
  private static final Pattern READY =
      Pattern.compile("sidecar ready on ([^:]+):(\\d+), admin on ([^:]+):(\\d+)");

  private static final Duration READY_WITHIN = Duration.ofSeconds(60);

  private final ChildJvm process;
  private final String host;
  private final int port;
  private final URI metrics;
  private final HttpClient http = HttpClient.newHttpClient();

  private SidecarProcess(ChildJvm process, Matcher ready) {
    this.process = process;
    this.host = ready.group(1);
    this.port = Integer.parseInt(ready.group(2));
    this.metrics = URI.create("http://" + ready.group(3) + ':' + ready.group(4) + "/metrics");
  }

  /** Starts one with this configuration file and returns when it takes clients. */
  public static SidecarProcess start(Path config) {
    return start(Packaged.SIDECAR.jvm(), config);
  }

  /** One that may not listen yet. */
  public static ChildJvm launch(Path config, String... more) {
    return described(Packaged.SIDECAR.jvm(), config).arguments(more).launch();
  }

  /** Whether one that was launched waits until the one that runs has ended. */
  public static boolean standsBy(ChildJvm launched) {
    return launched.output().stream().anyMatch(line -> line.startsWith("sidecar standing by on "));
  }

  /** One that was launched, when it takes clients. */
  public static SidecarProcess of(ChildJvm launched) {
    Await.until("the sidecar takes clients", READY_WITHIN, () -> !launched.readyLine().isEmpty());
    return read(launched);
  }

  /**
   * One with passwords of its own for each side.
   *
   * @param jvm what it runs in
   */
  public static SidecarProcess start(
      ChildJvm.Builder jvm, Path config, String oldPassword, String newPassword) {
    return started(described(jvm, config, oldPassword, newPassword));
  }

  private static ChildJvm.Builder described(ChildJvm.Builder jvm, Path config) {
    return described(jvm, config, Site.SIDECAR.password(), Site.SIDECAR.password());
  }

  private static ChildJvm.Builder described(
      ChildJvm.Builder jvm, Path config, String oldPassword, String newPassword) {
    return jvm.arguments("--config", config.toString())
        .environment("CROSSFADE_OLD_PASSWORD", oldPassword)
        .environment("CROSSFADE_NEW_PASSWORD", newPassword)
        .environment("CROSSFADE_MIRROR_OLD_PASSWORD", oldPassword)
        .environment("CROSSFADE_MIRROR_NEW_PASSWORD", newPassword)
        .readyWhenPrints("sidecar ready on ")
        .readyWithin(READY_WITHIN);
  }

  /** One in a JVM with options of its own. */
  public static SidecarProcess start(ChildJvm.Builder jvm, Path config) {
    return started(described(jvm, config));
  }

  private static SidecarProcess started(ChildJvm.Builder described) {
    return read(described.start());
  }

  private static SidecarProcess read(ChildJvm process) {
    Matcher ready = READY.matcher(process.readyLine());
    if (!ready.find()) {
      process.close();
      throw new IllegalStateException(
          "the sidecar's ready line is not understood: " + process.readyLine());
    }
    return new SidecarProcess(process, ready);
  }

  public String host() {
    return host;
  }

  public int port() {
    return port;
  }

  public long pid() {
    return process.pid();
  }

  public URI metrics() {
    return metrics;
  }

  public ChildJvm process() {
    return process;
  }

  public Scrape scrape() {
    try {
      HttpRequest request = HttpRequest.newBuilder(metrics).timeout(Duration.ofSeconds(10)).build();
      return Scrape.parse(http.send(request, HttpResponse.BodyHandlers.ofString()).body());
    } catch (IOException e) {
      throw new IllegalStateException(
          "the sidecar's metrics cannot be read: " + e + "\n" + String.join("\n", process.output()),
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  @Override
  public void close() {
    process.close();
    http.close();
  }
}
