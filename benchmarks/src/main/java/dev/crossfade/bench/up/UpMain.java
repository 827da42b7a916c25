package dev.crossfade.bench.up;

import dev.crossfade.bench.process.Packaged;
import dev.crossfade.inspect.database.DatabaseUrl;
import dev.crossfade.testkit.process.ChildJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code crossfade up}. */
@Command(
    name = "up",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Starts a control plane and a sidecar in front of your two databases, until Ctrl-C.",
      "",
      "One login to each side is used for everything, so give it what docs/mirroring.md asks for:"
          + " the owner of the tables",
      "will do. For more than a trial write the two files yourself; these are in --dir."
    },
    footerHeading = "%nExample:%n",
    footer = {
      "  CROSSFADE_OLD_PASSWORD=... CROSSFADE_NEW_PASSWORD=... \\",
      "    crossfade up --old postgresql://shop@db-old/shop --new postgresql://shop@db-new/shop"
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:it was told to stop",
      "1:one of the two has ended",
      "2:a wrong option, or one of them could not start"
    })
public final class UpMain implements Callable<Integer> {
  private static final int HELP_WIDTH = 120;
  private static final Duration START = Duration.ofMinutes(2);
  private static final Duration END = Duration.ofSeconds(25);

  private final Deque<ChildJvm> children = new ArrayDeque<>();
  private volatile boolean told;

  @Option(
      names = "--old",
      required = true,
      paramLabel = "URL",
      description =
          "The old database: postgresql://user@host:port/database. Its password:"
              + " CROSSFADE_OLD_PASSWORD")
  private String old = "";

  @Option(
      names = "--new",
      required = true,
      paramLabel = "URL",
      description = "The new one. Its password: CROSSFADE_NEW_PASSWORD")
  private String next = "";

  @Option(
      names = "--listen",
      paramLabel = "HOST:PORT",
      defaultValue = "127.0.0.1:6432",
      description = "Where the service connects. Default: ${DEFAULT-VALUE}")
  private String listen = "127.0.0.1:6432";

  @Option(
      names = "--admin",
      paramLabel = "HOST:PORT",
      defaultValue = "127.0.0.1:9090",
      description = "Where the sidecar's /metrics are. Default: ${DEFAULT-VALUE}")
  private String admin = "127.0.0.1:9090";

  @Option(
      names = "--control-plane",
      paramLabel = "HOST:PORT",
      defaultValue = "${env:CROSSFADE_CONTROL_PLANE:-127.0.0.1:7432}",
      description =
          "Where the control plane serves; ctl looks there, too. Default: CROSSFADE_CONTROL_PLANE,"
              + " else 127.0.0.1:7432")
  private String controlPlane = "127.0.0.1:7432";

  @Option(
      names = "--http",
      paramLabel = "HOST:PORT",
      defaultValue = "127.0.0.1:7480",
      description = "Where the web console is served. Default: ${DEFAULT-VALUE}")
  private String http = "127.0.0.1:7480";

  @Option(
      names = "--service",
      paramLabel = "NAME",
      defaultValue = "service",
      description = "What the service is called. Default: ${DEFAULT-VALUE}")
  private String service = "service";

  @Option(
      names = "--dir",
      paramLabel = "DIR",
      defaultValue = "crossfade-up",
      description = "Where settings and state are kept. Default: ${DEFAULT-VALUE}")
  private Path directory = Path.of("crossfade-up");

  public static void main(String[] arguments) {
    System.exit(new CommandLine(new UpMain()).setUsageHelpWidth(HELP_WIDTH).execute(arguments));
  }

  @Override
  public Integer call() throws InterruptedException {
    Runtime.getRuntime().addShutdownHook(new Thread(this::end, "end"));
    try {
      start(System.getenv());
    } catch (IOException | IllegalArgumentException | IllegalStateException e) {
      System.err.println("up: " + e.getMessage());
      return CommandLine.ExitCode.USAGE;
    }
    ChildJvm first = firstToEnd();
    if (told) {
      return CommandLine.ExitCode.OK;
    }
    System.err.println("up: one of the two has ended, so the other one does:");
    first.output().forEach(System.err::println);
    return CommandLine.ExitCode.SOFTWARE;
  }

  private void start(Map<String, String> environment) throws IOException {
    String me = String.valueOf(System.getProperty("user.name"));
    Settings settings =
        new Settings(
            service,
            url("--old", old, environment.get("CROSSFADE_OLD_PASSWORD"), me),
            url("--new", next, environment.get("CROSSFADE_NEW_PASSWORD"), me));
    Settings.Address control = Settings.Address.parse(controlPlane);
    Path folder = Files.createDirectories(directory).toAbsolutePath();
    Path databases = folder.resolve("databases.yaml");
    Files.writeString(databases, settings.databases(environment));
    Path config = folder.resolve("sidecar.yaml");
    Files.writeString(
        config,
        settings.sidecar(Settings.Address.parse(listen), Settings.Address.parse(admin), control));
    begin(
        Packaged.CONTROL_PLANE
            .jvm()
            .arguments("--listen", control.toString(), "--http", http)
            .arguments("--data-dir", folder.resolve("control-plane").toString())
            .arguments("--databases", databases.toString())
            .readyWhenPrints("control plane ready on "));
    ChildJvm.Builder sidecar =
        Packaged.SIDECAR
            .jvm()
            .arguments("--config", config.toString())
            .readyWhenPrints("sidecar ready on ");
    settings.mirrorPasswords(environment).forEach(sidecar::environment);
    begin(sidecar);
    System.out.println("control plane  " + control + "  (./crossfade ctl ...)");
    System.out.println("console        http://" + http);
    System.out.println("metrics        http://" + admin + "/metrics");
    System.out.println("settings       " + folder);
    System.out.println("ready: let the service connect to " + listen + " instead of old");
  }

  private static DatabaseUrl url(String option, String text, @Nullable String password, String me) {
    try {
      return DatabaseUrl.parse(text, password, me);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(option + ": " + e.getMessage(), e);
    }
  }

  /** In the order in which they need each other; Ctrl-C may come at any time. */
  private void begin(ChildJvm.Builder described) {
    ChildJvm child = described.readyWithin(START).start();
    synchronized (children) {
      children.push(child);
    }
  }

  private ChildJvm firstToEnd() throws InterruptedException {
    CompletableFuture<ChildJvm> ended = new CompletableFuture<>();
    synchronized (children) {
      for (ChildJvm child : children) {
        ProcessHandle.of(child.pid())
            .ifPresentOrElse(
                process -> process.onExit().thenAccept(gone -> ended.complete(child)),
                () -> ended.complete(child));
      }
    }
    try {
      return ended.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Each in order, so that the embedded database stops, too. */
  private void end() {
    told = true;
    synchronized (children) {
      while (!children.isEmpty()) {
        ChildJvm child = children.pop();
        child.terminate();
        try {
          child.awaitExit(END);
        } catch (IllegalStateException stubborn) {
          child.kill();
        } finally {
          child.close();
        }
      }
    }
  }
}
