package dev.crossfade.sidecar;

import dev.crossfade.net.loop.EventLoops;
import dev.crossfade.sidecar.config.ConfigFile;
import dev.crossfade.sidecar.config.SidecarConfig;
import dev.crossfade.sql.parse.SqlParser;
import dev.crossfade.sql.yaml.InvalidFileException;
import dev.crossfade.sql.yaml.Problem;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code crossfade proxy}: runs the sidecar until SIGTERM. */
@Command(
    name = "crossfade proxy",
    mixinStandardHelpOptions = true,
    versionProvider = SidecarMain.BuildVersion.class,
    description = "Runs the sidecar in front of a service's database.",
    footer = {
      "",
      "Example:",
      "  crossfade proxy --config sidecar.yaml",
      "  crossfade proxy --config sidecar.yaml --standby",
      "",
      "Passwords may come from CROSSFADE_OLD_PASSWORD and CROSSFADE_NEW_PASSWORD.",
      "SIGTERM: no new clients, open transactions end, then it leaves.",
      "Started again where upgrade.socket is set, it takes over from the one that runs;",
      "with --standby it does so when that one ends.",
      "Exit codes: 0 ended as asked, 2 the configuration or a database cannot be used."
    })
public final class SidecarMain implements Callable<Integer> {
  private static final int UNUSABLE = 2;
  private static final String SELECTORS = "java.nio.channels.spi.SelectorProvider";

  @Option(
      names = {"-c", "--config"},
      required = true,
      paramLabel = "FILE",
      description = "The configuration file (docs/configuration.md).")
  private Path config = Path.of("sidecar.yaml");

  @Option(
      names = "--standby",
      description = {
        "Where one runs already, start beside it and let it run until it ends or dies; then this"
            + " one",
        "lets clients in at once. Needs upgrade.socket."
      })
  private boolean standby;

  /**
   * The usual two arguments are taken as they are: the command line's library would need a third of
   * the time that passes until the first client is answered. Who stands by has the time.
   */
  public static void main(String[] arguments) {
    nameSelectors();
    boolean usual = arguments.length == 2 && arguments[0].equals("--config");
    System.exit(usual ? of(Path.of(arguments[1])).call() : commandLine().execute(arguments));
  }

  /** What Java would find anyway, after it has looked for another in every jar. */
  private static void nameSelectors() {
    if (System.getProperty(SELECTORS) == null && System.getProperty("os.name").equals("Linux")) {
      System.setProperty(SELECTORS, "sun.nio.ch.EPollSelectorProvider");
    }
  }

  private static SidecarMain of(Path config) {
    SidecarMain command = new SidecarMain();
    command.config = config;
    return command;
  }

  /** The command; what is wrong with its arguments is one line, like every other mistake. */
  static CommandLine commandLine() {
    return new CommandLine(new SidecarMain())
        .setParameterExceptionHandler(
            (mistake, arguments) -> {
              System.err.println(
                  "proxy: " + mistake.getMessage() + "; crossfade proxy --help shows the options");
              return UNUSABLE;
            });
  }

  @Override
  public Integer call() {
    LogSetup.keepSecrets();
    // Beside all else that a start has to do; who needs it before it is done waits for it.
    warmUp("crossfade-warm-up-sql", SqlParser::warmUp);
    warmUp("crossfade-warm-up-net", EventLoops::warmUp);
    try {
      run(ConfigFile.parse(Files.readString(config), config.toString(), System.getenv()), standby);
      return 0;
    } catch (IOException e) {
      System.err.println(Unreadable.text(config, e));
    } catch (InvalidFileException e) {
      for (Problem problem : e.problems()) {
        System.err.println(problem);
      }
    } catch (StartException e) {
      System.err.println(e.reason());
    }
    return UNUSABLE;
  }

  private static void run(SidecarConfig settings, boolean standby) throws StartException {
    Sidecar sidecar = Sidecar.prepare(settings, standby);
    Thread end = new Thread(() -> end(sidecar), "crossfade-end");
    Runtime.getRuntime().addShutdownHook(end);
    try {
      if (!sidecar.serve(
          () -> System.out.println("sidecar standing by on " + text(sidecar.address())))) {
        return;
      }
    } catch (StartException e) {
      // It is closed already, and has not ended as it was asked to.
      Runtime.getRuntime().removeShutdownHook(end);
      throw e;
    }
    System.out.println(
        "sidecar ready on "
            + text(sidecar.address())
            + ", admin on "
            + text(sidecar.adminAddress()));
    try {
      sidecar.awaitSuccessor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void warmUp(String name, Runnable what) {
    Thread.ofPlatform().daemon().name(name).start(what);
  }

  /** At SIGTERM or SIGINT, or when another process has taken over. */
  private static void end(Sidecar sidecar) {
    if (!sidecar.stopWaiting()) {
      try {
        sidecar.leavePlace();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      sidecar.drain();
    }
    sidecar.close();
    // Else the JVM ends as one that a signal killed, and whoever supervises it takes that for a
    // failure.
    Runtime.getRuntime().halt(0);
  }

  private static String text(InetSocketAddress address) {
    return address.getAddress().getHostAddress() + ':' + address.getPort();
  }

  /** {@code --version}. */
  static final class BuildVersion implements CommandLine.IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {"crossfade " + Version.text()};
    }
  }
}
