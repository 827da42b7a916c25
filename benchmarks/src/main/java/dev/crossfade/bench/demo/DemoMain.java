package dev.crossfade.bench.demo;

import dev.crossfade.testkit.unleash.UnleashServer;
import java.sql.SQLException;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.logging.Level;
import java.util.logging.Logger;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code crossfade demo}. */
@Command(
    name = "demo",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Shows reads moving from an old database to a new one of different shape, and back.",
      "",
      "Starts two real PostgreSQL servers, fills them, starts a control plane, a sidecar and"
          + " clients that never stop,",
      "moves the reads by percentage, and compares every answer with what the old database says"
          + " itself.",
      "Nothing is left behind, neither process nor file."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  crossfade demo --short             within a minute",
      "  crossfade demo --clients 16        longer steps, and things are killed meanwhile",
      "  crossfade demo --short --keep      stays up at the end and says where everything is",
      "  crossfade demo --short --unleash   the share of reads is that of a flag of Unleash"
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:every answer right, no client error, every share within a point of the one asked for",
      "1:one of these is not so",
      "2:wrong options"
    })
public final class DemoMain implements Callable<Integer> {
  private static final int FAILED = 1;
  private static final int HELP_WIDTH = 120;

  @Option(names = "--short", description = "Fewer and shorter steps, nothing is killed.")
  private boolean quick;

  @Option(
      names = "--keep",
      description = "Stay up at the end until Ctrl-C, with the addresses printed.")
  private boolean keep;

  @Option(
      names = "--unleash",
      description =
          "Start a real Unleash server, too, and move the reads by changing its flag; needs Node"
              + " and npm, and the network the first time.")
  private boolean unleash;

  @Option(
      names = "--clients",
      paramLabel = "N",
      defaultValue = "8",
      description = "Clients at once. Default: ${DEFAULT-VALUE}")
  private int clients = 8;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "Of data and load. Default: ${DEFAULT-VALUE}")
  private long seed = 1;

  public static void main(String[] arguments) {
    Logger.getLogger("").setLevel(Level.OFF);
    System.setProperty("logback.configurationFile", "demo/logback.xml");
    System.exit(new CommandLine(new DemoMain()).setUsageHelpWidth(HELP_WIDTH).execute(arguments));
  }

  @Override
  public Integer call() throws InterruptedException {
    if (clients < 1 || clients > 500) {
      System.err.println("--clients: 1 to 500 are possible, not " + clients);
      return CommandLine.ExitCode.USAGE;
    }
    Optional<String> obstacle = unleash ? UnleashServer.obstacle() : Optional.empty();
    if (obstacle.isPresent()) {
      System.err.println("--unleash: " + obstacle.get());
      return CommandLine.ExitCode.USAGE;
    }
    Screen screen =
        new Screen(System.out, System.console() != null && System.console().isTerminal());
    AtomicBoolean interrupted = new AtomicBoolean();
    DemoRun run =
        new DemoRun(quick ? Schedule.quick() : Schedule.thorough(), clients, seed, screen, unleash);
    Thread ending =
        new Thread(
            () -> {
              interrupted.set(true);
              run.close();
            },
            "ending");
    Runtime.getRuntime().addShutdownHook(ending);
    try {
      boolean fine = run.play();
      if (keep) {
        run.printAddresses();
        new CountDownLatch(1).await();
      }
      return fine ? 0 : FAILED;
    } catch (SQLException | RuntimeException | AssertionError e) {
      if (!interrupted.get()) {
        System.err.println("demo: " + e.getMessage());
      }
      return FAILED;
    } finally {
      run.close();
    }
  }
}
