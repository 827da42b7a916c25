package dev.crossfade.server;

import dev.crossfade.api.v1.ApplyRequest;
import dev.crossfade.api.v1.ChangeNote;
import dev.crossfade.api.v1.GetRequest;
import dev.crossfade.api.v1.GetResponse;
import dev.crossfade.api.v1.JobServiceGrpc;
import dev.crossfade.api.v1.MigrationServiceGrpc;
import dev.crossfade.api.v1.SetReadPercentRequest;
import dev.crossfade.api.v1.SetStageRequest;
import dev.crossfade.api.v1.Stage;
import dev.crossfade.engine.catalog.LensFileCheck;
import dev.crossfade.server.ControlPlaneSettings.Storage;
import dev.crossfade.server.console.Console;
import dev.crossfade.server.console.HttpSettings;
import dev.crossfade.server.job.DatabasesFile;
import dev.crossfade.server.store.Database;
import io.grpc.BindableService;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.net.CookieManager;
import java.net.InetAddress;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A control plane with its console, and an HTTP client with a jar of cookies. */
final class ConsoleScene implements AutoCloseable {
  private static final Duration BOUND = Duration.ofSeconds(30);
  private static final Pattern CSRF = Pattern.compile("name=\"csrf\" value=\"([^\"]+)\"");
  private static final Pattern VERSION = Pattern.compile("name=\"version\" value=\"([0-9]+)\"");

  private final ControlPlane controlPlane;
  private final ManagedChannel channel;
  private final List<Window> windows = new ArrayList<>();
  private final int port;

  /** Closed before the control plane, the last first. */
  private final Deque<AutoCloseable> more;

  private ConsoleScene(ControlPlane controlPlane, int port, Deque<AutoCloseable> more) {
    this.controlPlane = controlPlane;
    this.port = port;
    this.more = more;
    this.channel =
        NettyChannelBuilder.forAddress("127.0.0.1", controlPlane.port()).usePlaintext().build();
    window();
  }

  static ConsoleScene start(Database.Login login, @Nullable DatabasesFile databases)
      throws StartException {
    ControlPlane controlPlane =
        ControlPlane.start(
            new ControlPlaneSettings(
                "127.0.0.1",
                0,
                new Storage.External(login),
                databases,
                null,
                ControlPlaneSettings.Access.USUAL,
                new HttpSettings("127.0.0.1", 0)),
            new LensFileCheck());
    return new ConsoleScene(controlPlane, controlPlane.consolePort(), new ArrayDeque<>());
  }

  /** With a console that sees other services beside those of the control plane. */
  static ConsoleScene startWith(Database.Login login, List<BindableService> services)
      throws StartException, IOException {
    ControlPlane controlPlane =
        ControlPlane.start(
            new ControlPlaneSettings("127.0.0.1", 0, new Storage.External(login)),
            new LensFileCheck());
    String name = "scene-" + UUID.randomUUID();
    Executor calls = task -> Thread.ofVirtual().start(task);
    InProcessServerBuilder builder = InProcessServerBuilder.forName(name).executor(calls);
    services.forEach(builder::addService);
    Server server = builder.addServices(served(controlPlane, services)).build().start();
    ManagedChannel channel = InProcessChannelBuilder.forName(name).executor(calls).build();
    Console console = Console.start(new HttpSettings("127.0.0.1", 0), channel);
    Deque<AutoCloseable> more = new ArrayDeque<>();
    more.push(server::shutdownNow);
    more.push(channel::shutdownNow);
    more.push(console);
    return new ConsoleScene(controlPlane, console.port(), more);
  }

  /** Those of the control plane that are not replaced. */
  private static List<ServerServiceDefinition> served(
      ControlPlane controlPlane, List<BindableService> services) {
    Set<String> replaced =
        services.stream()
            .map(service -> service.bindService().getServiceDescriptor().getName())
            .collect(Collectors.toSet());
    return controlPlane.services().stream()
        .filter(service -> !replaced.contains(service.getServiceDescriptor().getName()))
        .toList();
  }

  private static HttpClient newClient(String from) {
    return HttpClient.newBuilder()
        .localAddress(InetAddress.ofLiteral(from))
        .connectTimeout(BOUND)
        .cookieHandler(new CookieManager())
        .version(HttpClient.Version.HTTP_1_1)
        .build();
  }

  int port() {
    return port;
  }

  String base() {
    return "http://127.0.0.1:" + port();
  }

  ManagedChannel channel() {
    return channel;
  }

  MigrationServiceGrpc.MigrationServiceBlockingStub migrations() {
    return MigrationServiceGrpc.newBlockingStub(channel).withDeadlineAfter(30, TimeUnit.SECONDS);
  }

  JobServiceGrpc.JobServiceBlockingStub jobs() {
    return JobServiceGrpc.newBlockingStub(channel).withDeadlineAfter(30, TimeUnit.SECONDS);
  }

  void apply(String name) {
    apply(MigrationFiles.named(name), name + ".yaml");
  }

  void apply(String yaml, String source) {
    migrations()
        .apply(
            ApplyRequest.newBuilder()
                .setYaml(yaml)
                .setSource(source)
                .setNote(ChangeNote.newBuilder().setActor("ada").setReason("first"))
                .build());
  }

  void stage(String name, Stage... stages) {
    for (Stage stage : stages) {
      migrations().setStage(SetStageRequest.newBuilder().setName(name).setStage(stage).build());
    }
  }

  void reads(String name, int buckets) {
    migrations()
        .setReadPercent(
            SetReadPercentRequest.newBuilder().setName(name).setReadBuckets(buckets).build());
  }

  GetResponse get(String name) {
    return migrations().get(GetRequest.newBuilder().setName(name).setHistoryLimit(20).build());
  }

  /** One browser, with a jar of cookies of its own. */
  final class Window {
    private final HttpClient client;

    private Window(String from) {
      client = newClient(from);
    }

    HttpResponse<String> get(String path) throws IOException, InterruptedException {
      return client.send(
          HttpRequest.newBuilder(URI.create(base() + path)).timeout(BOUND).build(),
          HttpResponse.BodyHandlers.ofString());
    }

    HttpResponse<String> post(String path, Map<String, String> fields, String... headers)
        throws IOException, InterruptedException {
      HttpRequest.Builder request =
          HttpRequest.newBuilder(URI.create(base() + path))
              .timeout(BOUND)
              .header("Content-Type", "application/x-www-form-urlencoded")
              .POST(HttpRequest.BodyPublishers.ofString(encoded(fields)));
      if (headers.length > 0) {
        request.headers(headers);
      }
      return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
  }

  Window window() {
    return window("127.0.0.1");
  }

  /** One on another machine, as far as failed logins are counted. */
  Window window(String from) {
    Window window = new Window(from);
    windows.add(window);
    return window;
  }

  /** By the window that is always there. */
  HttpResponse<String> page(String path) throws IOException, InterruptedException {
    return windows.getFirst().get(path);
  }

  HttpResponse<String> post(String path, Map<String, String> fields, String... headers)
      throws IOException, InterruptedException {
    return windows.getFirst().post(path, fields, headers);
  }

  private static String encoded(Map<String, String> fields) {
    return fields.entrySet().stream()
        .map(
            field ->
                field.getKey() + "=" + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
        .collect(Collectors.joining("&"));
  }

  /** What a form must carry to be taken as one of this browser's. */
  static String csrf(HttpResponse<String> page) {
    return found(CSRF, page);
  }

  static String version(HttpResponse<String> page) {
    return found(VERSION, page);
  }

  private static String found(Pattern pattern, HttpResponse<String> page) {
    Matcher matcher = pattern.matcher(page.body());
    if (!matcher.find()) {
      throw new AssertionError("no " + pattern + " in: " + page.body());
    }
    return matcher.group(1);
  }

  @Override
  public void close() {
    windows.forEach(window -> window.client.shutdownNow());
    channel.shutdownNow();
    while (!more.isEmpty()) {
      try {
        more.pop().close();
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }
    controlPlane.close();
  }
}
