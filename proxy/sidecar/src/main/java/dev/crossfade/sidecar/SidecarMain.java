package dev.crossfade.sidecar;

import dev.crossfade.sidecar.config.ConfigFile;
import dev.crossfade.sidecar.config.SidecarConfig;
import dev.crossfade.sql.yaml.InvalidFileException;
import dev.crossfade.sql.yaml.Problem;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code crossfade proxy}: runs the sidecar until SIGTERM. */
@Command(
    name = "proxy",
    mixinStandardHelpOptions = true,
    description = "Runs the sidecar in front of a service's database.",
    footer = {
      "",
      "Example:",
      "  crossfade proxy --config sidecar.yaml",
      "",
      "Passwords may come from CROSSFADE_OLD_PASSWORD and CROSSFADE_NEW_PASSWORD.",
      "SIGTERM: no new clients, open transactions end, then it leaves.",
      "Exit codes: 0 ended as asked, 2 the configuration or a database cannot be used."
    })
public final class SidecarMain implements Callable<Integer> {
  private static final int UNUSABLE = 2;

  @Option(
      names = {"-c", "--config"},
      required = true,
      paramLabel = "FILE",
      description = "The configuration file (docs/configuration.md).")
  private Path config = Path.of("sidecar.yaml");

  public static void main(String[] arguments) {
    System.exit(new CommandLine(new SidecarMain()).execute(arguments));
  }

  @Override
  public Integer call() {
    try {
      run(ConfigFile.parse(Files.readString(config), config.toString(), System.getenv()));
      return 0;
    } catch (IOException e) {
      System.err.println(config + ": cannot be read: " + e.getMessage());
    } catch (InvalidFileException e) {
      for (Problem problem : e.problems()) {
        System.err.println(problem);
      }
    } catch (StartException e) {
      System.err.println(e.reason());
    }
    return UNUSABLE;
  }

  private static void run(SidecarConfig settings) throws StartException {
    Sidecar sidecar = Sidecar.start(settings);
    CountDownLatch ended = new CountDownLatch(1);
    Thread end =
        new Thread(
            () -> {
              sidecar.drain();
              sidecar.close();
              ended.countDown();
            },
            "crossfade-end");
    Runtime.getRuntime().addShutdownHook(end);
    System.out.println(
        "sidecar ready on " + text(sidecar.address()) + ", admin on " + text(sidecar.adminAddress()));
    try {
      ended.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static String text(InetSocketAddress address) {
    return address.getAddress().getHostAddress() + ':' + address.getPort();
  }
}
