package dev.crossfade.bench;

import dev.crossfade.bench.ack.AckCommand;
import dev.crossfade.bench.consistency.ConsistencyCommand;
import dev.crossfade.bench.consistency.FlipCommand;
import dev.crossfade.bench.consistency.OutageCommand;
import dev.crossfade.bench.consistency.RestartCommand;
import dev.crossfade.bench.consistency.UpgradeCommand;
import dev.crossfade.bench.differential.DifferentialCommand;
import dev.crossfade.bench.fleet.FleetCommand;
import dev.crossfade.bench.history.HistoryCommand;
import dev.crossfade.bench.jmh.JmhCommand;
import dev.crossfade.bench.lenses.LensesCommand;
import dev.crossfade.bench.mirror.MirrorCommand;
import dev.crossfade.bench.overhead.OverheadCommand;
import dev.crossfade.bench.rollout.RolloutCommand;
import dev.crossfade.bench.shadow.ShadowCommand;
import dev.crossfade.bench.soak.SoakCommand;
import dev.crossfade.bench.translation.TranslationCommand;
import dev.crossfade.bench.writes.WritesCommand;
import java.util.logging.Level;
import java.util.logging.Logger;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code crossfade bench}: lists the benchmarks. */
@Command(
    name = "bench",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "BENCHMARK",
    description =
        "Measures what the sidecar costs, what it withstands, and whether it translates rightly.",
    subcommands = {
      OverheadCommand.class,
      SoakCommand.class,
      DifferentialCommand.class,
      TranslationCommand.class,
      JmhCommand.class,
      WritesCommand.class,
      LensesCommand.class,
      MirrorCommand.class,
      ConsistencyCommand.class,
      OutageCommand.class,
      UpgradeCommand.class,
      RestartCommand.class,
      FlipCommand.class,
      AckCommand.class,
      FleetCommand.class,
      ShadowCommand.class,
      RolloutCommand.class,
      HistoryCommand.class
    },
    footerHeading = "%nExample:%n",
    footer = {
      "  crossfade bench overhead --rounds 3",
      "  crossfade bench soak --queries 1000000",
      "  crossfade bench differential --seed 7",
      "  crossfade bench translation",
      "  crossfade bench jmh",
      "  crossfade bench writes --sessions 2",
      "  crossfade bench lenses",
      "  crossfade bench mirror",
      "  crossfade bench consistency",
      "  crossfade bench outage",
      "  crossfade bench upgrade --times 50",
      "  crossfade bench restart --times 20",
      "  crossfade bench flip --times 20",
      "  crossfade bench ack",
      "  crossfade bench fleet",
      "  crossfade bench shadow",
      "  crossfade bench rollout --demo",
      "  crossfade bench history"
    })
public final class BenchMain {
  private static final int HELP_WIDTH = 120;

  public static void main(String[] arguments) {
    Logger.getLogger("").setLevel(Level.OFF);
    System.setProperty("logback.configurationFile", "demo/logback.xml");
    CommandLine bench =
        new CommandLine(new BenchMain())
            .setUsageHelpWidth(HELP_WIDTH)
            .setCaseInsensitiveEnumValuesAllowed(true);
    if (arguments.length == 0) {
      bench.usage(System.err);
      System.exit(CommandLine.ExitCode.USAGE);
    }
    System.exit(bench.execute(arguments));
  }
}
