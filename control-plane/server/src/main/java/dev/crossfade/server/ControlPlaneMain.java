package dev.crossfade.server;

import dev.crossfade.engine.catalog.LensFileCheck;
import dev.crossfade.server.ControlPlaneSettings.Storage;
import dev.crossfade.server.console.HttpSettings;
import dev.crossfade.server.job.DatabasesFile;
import dev.crossfade.server.store.Database;
import dev.crossfade.sql.yaml.InvalidFileException;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
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
      "  crossfade control-plane --databases databases.yaml",
      "  CROSSFADE_DB_PASSWORD=... crossfade control-plane --jdbc-url"
          + " jdbc:postgresql://db:5432/crossfade --db-user crossfade"
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:it was told to stop",
      "1:it failed",
      "2:a wrong option, or it could not start with these"
    })
public final class ControlPlaneMain implements Callable<Integer> {
  private static final Logger LOG = LoggerFactory.getLogger(ControlPlaneMain.class);
  private static final String PASSWORD_VARIABLE = "CROSSFADE_DB_PASSWORD";
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

  @ArgGroup private @Nullable Place place;

  @Option(
      names = "--db-user",
      paramLabel = "USER",
      description =
          "With --jdbc-url: who connects. The password comes from " + PASSWORD_VARIABLE + ".")
  private @Nullable String databaseUser;

  @Option(
      names = "--databases",
      paramLabel = "FILE",
      description =
          "Where the databases of migrations are, for jobs (ctl job); a YAML file. Default: it does"
              + " no jobs")
  private @Nullable Path databases;

  /** Where the state is kept: one of the two. */
  private static final class Place {
    @Option(
        names = "--data-dir",
        paramLabel = "DIR",
        description =
            "Keep the state in an embedded PostgreSQL in this directory. Default:"
                + " ~/.local/state/crossfade/control-plane")
    private @Nullable Path dataDirectory;

    @Option(
        names = "--jdbc-url",
        paramLabel = "URL",
        description =
            "Keep the state in this PostgreSQL database, in the schema crossfade_control.")
    private @Nullable String jdbcUrl;
  }

  ControlPlaneMain(Map<String, String> environment) {
    this.environment = environment;
  }

  public static void main(String[] arguments) {
    System.exit(commandLine(System.getenv()).execute(arguments));
  }

  static CommandLine commandLine(Map<String, String> environment) {
    return new CommandLine(new ControlPlaneMain(environment))
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
      warnWhenOpen(address);
      serve(
          ControlPlane.start(
              new ControlPlaneSettings(
                  address.host(), address.port(), storage(), databasesFile(), console()),
              new LensFileCheck()),
          address);
      return 0;
    } catch (IllegalArgumentException | StartException e) {
      LOG.atDebug().setCause(e).log("Start failed");
      err.println("control-plane: " + e.getMessage());
      return EXIT_CANNOT_START;
    }
  }

  private @Nullable HttpSettings console() {
    if (http.trim().equals("none")) {
      return null;
    }
    ListenAddress address = ListenAddress.parse(http);
    if (!isLoopback(address)) {
      throw new IllegalArgumentException(
          "--http "
              + address
              + ": the console is served in clear text, and so to this machine only: give a"
              + " loopback address, or 'none'");
    }
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

  private Storage storage() throws StartException {
    String url = place == null ? null : place.jdbcUrl;
    if (url != null) {
      return new Storage.External(
          new Database.Login(url, databaseUser, environment.get(PASSWORD_VARIABLE)));
    }
    if (databaseUser != null) {
      throw new StartException("--db-user goes with --jdbc-url");
    }
    Path directory = place == null ? null : place.dataDirectory;
    return new Storage.Embedded(directory == null ? defaultDataDirectory() : directory);
  }

  private Path defaultDataDirectory() {
    String state = environment.get("XDG_STATE_HOME");
    Path base =
        state == null || state.isBlank()
            ? Path.of(System.getProperty("user.home"), ".local", "state")
            : Path.of(state);
    return base.resolve("crossfade").resolve("control-plane");
  }

  private static void warnWhenOpen(ListenAddress address) {
    if (!isLoopback(address)) {
      LOG.atWarn()
          .addKeyValue("listen", address)
          .log("Callers are not authenticated yet: whoever reaches this address can move traffic");
    }
  }

  private static boolean isLoopback(ListenAddress address) {
    try {
      return InetAddress.getByName(address.host()).isLoopbackAddress();
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException(
          "cannot listen on " + address + ": the host is unknown", e);
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
          "console on http://"
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
