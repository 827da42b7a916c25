package dev.crossfade.server;

import dev.crossfade.engine.catalog.LensFileCheck;
import dev.crossfade.server.console.HttpSettings;
import dev.crossfade.server.flags.UnleashFile;
import dev.crossfade.server.flags.UnleashSettings;
import dev.crossfade.server.job.DatabasesFile;
import dev.crossfade.sql.yaml.InvalidFileException;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code crossfade control-plane}: serves {@code crossfade.v1} until it is told to stop. */
@Command(
    name = "control-plane",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Keeps the catalog of migrations and streams it to the sidecars.",
      "Prints 'control plane ready on HOST:PORT' when it serves; stops on SIGTERM and Ctrl-C."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  crossfade control-plane",
      "  crossfade control-plane --listen 127.0.0.1:7432 --data-dir /var/lib/crossfade",
      "  crossfade control-plane --databases databases.yaml --unleash unleash.yaml",
      "  CROSSFADE_DB_PASSWORD=... crossfade control-plane --jdbc-url"
          + " jdbc:postgresql://db:5432/crossfade --db-user crossfade",
      "  crossfade control-plane token --name ada > ada.token",
      "  crossfade control-plane --listen 0.0.0.0:7432 --tls-cert server.crt --tls-key server.key"
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:it was told to stop",
      "1:it failed",
      "2:a wrong option, or it could not start with these"
    })
public final class ControlPlaneMain implements Callable<Integer> {
  private static final Logger LOG = LoggerFactory.getLogger(ControlPlaneMain.class);
  private static final int EXIT_CANNOT_START = 2;
  private static final int HELP_WIDTH = 120;

  private final Map<String, String> environment;

  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--listen",
      paramLabel = "HOST:PORT",
      defaultValue = "127.0.0.1:7432",
      description = "Where to serve; port 0 takes a free one. Default: ${DEFAULT-VALUE}")
  private String listen = "127.0.0.1:7432";

  @Option(
      names = "--http",
      paramLabel = "HOST:PORT",
      defaultValue = "127.0.0.1:7480",
      description =
          "Where to serve the web console; port 0 takes a free one, 'none' switches it off."
              + " Default: ${DEFAULT-VALUE}")
  private String http = "127.0.0.1:7480";

  @Mixin private StorageOptions storage = new StorageOptions();

  @Option(
      names = "--databases",
      paramLabel = "FILE",
      description =
          "Where the databases of migrations are, for jobs (ctl job); a YAML file. Default: it does"
              + " no jobs")
  private @Nullable Path databases;

  @Option(
      names = "--admin",
      paramLabel = "HOST:PORT",
      description =
          "Where to answer /livez, /readyz and /metrics (Prometheus) over HTTP. Default: nowhere")
  private @Nullable String admin;

  @Option(
      names = "--unleash",
      paramLabel = "FILE",
      description =
          "Where Unleash is, for migrations that follow a flag; a YAML file. Default: no flag is"
              + " followed")
  private @Nullable Path unleash;

  @Mixin private AccessOptions access = new AccessOptions();

  @Mixin private InjectOptions inject = new InjectOptions();

  ControlPlaneMain(Map<String, String> environment) {
    this.environment = environment;
  }

  public static void main(String[] arguments) {
    LogSecrets.keep();
    System.exit(commandLine(System.getenv()).execute(arguments));
  }

  static CommandLine commandLine(Map<String, String> environment) {
    return new CommandLine(new ControlPlaneMain(environment))
        .addSubcommand(new TokenCommand(environment))
        .setUsageHelpWidth(HELP_WIDTH)
        .setExecutionExceptionHandler(
            (failure, command, parsed) -> {
              LOG.atError().setCause(failure).log("The control plane failed");
              command.getErr().println("control-plane: it failed: " + failure);
              return 1;
            });
  }

  @Override
  public Integer call() throws InterruptedException {
    PrintWriter err = commandSpec().commandLine().getErr();
    try {
      ListenAddress address = ListenAddress.parse(listen);
      ListenAddress shown = admin == null ? null : ListenAddress.parse(admin);
      ControlPlaneSettings.Access callers = access.access();
      Optional<InjectOptions.Settings> injection = inject.settings(callers.tls());
      ControlPlane controlPlane =
          ControlPlane.start(
              new ControlPlaneSettings(
                  address.host(),
                  address.port(),
                  storage.storage(environment),
                  databasesFile(),
                  unleashSettings(),
                  callers,
                  console()),
              new LensFileCheck());
      if (shown != null) {
        show(controlPlane, shown);
      }
      if (injection.isPresent()) {
        inject(controlPlane, injection.get());
      }
      serve(controlPlane, address);
      return 0;
    } catch (IllegalArgumentException | StartException e) {
      LOG.atDebug().setCause(e).log("Start failed");
      err.println("control-plane: " + e.getMessage());
      return EXIT_CANNOT_START;
    }
  }

  private void show(ControlPlane controlPlane, ListenAddress at) throws StartException {
    try {
      InetSocketAddress address =
          controlPlane.serveAdmin(new InetSocketAddress(at.host(), at.port()));
      PrintWriter out = commandSpec().commandLine().getOut();
      out.println("admin on " + new ListenAddress(at.host(), address.getPort()));
    } catch (IOException e) {
      controlPlane.close();
      throw new StartException("--admin: " + e.getMessage(), e);
    }
  }

  private void inject(ControlPlane controlPlane, InjectOptions.Settings settings)
      throws StartException {
    try {
      int port = controlPlane.serveInject(settings);
      PrintWriter out = commandSpec().commandLine().getOut();
      out.println("injection on " + new ListenAddress(settings.address().host(), port));
    } catch (IOException e) {
      controlPlane.close();
      throw new StartException(
          Exposure.listenFailure(settings.address().toString(), e)
              + "; choose another address with --inject",
          e);
    }
  }

  private @Nullable HttpSettings console() {
    if (http.trim().equals("none")) {
      return null;
    }
    ListenAddress address = ListenAddress.parse(http);
    return new HttpSettings(address.host(), address.port());
  }

  private @Nullable DatabasesFile databasesFile() throws StartException {
    if (databases == null) {
      return null;
    }
    DatabasesFile file = new DatabasesFile(databases, environment);
    try {
      file.check();
      return file;
    } catch (IOException e) {
      throw new StartException("--databases: " + databases + " cannot be read", e);
    } catch (InvalidFileException e) {
      throw new StartException(String.valueOf(e.getMessage()), e);
    }
  }

  private @Nullable UnleashSettings unleashSettings() throws StartException {
    if (unleash == null) {
      return null;
    }
    try {
      return UnleashFile.read(unleash, environment, ControlPlane.processName());
    } catch (IOException e) {
      throw new StartException("--unleash: " + unleash + " cannot be read", e);
    } catch (InvalidFileException e) {
      throw new StartException(String.valueOf(e.getMessage()), e);
    }
  }

  /** Serves until SIGTERM or Ctrl-C; the hook stops everything before the process ends. */
  private void serve(ControlPlane controlPlane, ListenAddress address) throws InterruptedException {
    CountDownLatch stopped = new CountDownLatch(1);
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  LOG.info("Stopping");
                  controlPlane.close();
                  stopped.countDown();
                },
                "stop"));
    PrintWriter out = commandSpec().commandLine().getOut();
    if (controlPlane.consolePort() > 0) {
      out.println(
          (controlPlane.consoleTls() ? "console on https://" : "console on http://")
              + new ListenAddress(ListenAddress.parse(http).host(), controlPlane.consolePort()));
    }
    out.println("control plane ready on " + new ListenAddress(address.host(), controlPlane.port()));
    out.flush();
    stopped.await();
  }

  private CommandSpec commandSpec() {
    if (spec == null) {
      throw new IllegalStateException("picocli sets it before the call");
    }
    return spec;
  }
}
