package dev.crossfade.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ctl migration ...}: the long form of the commands on migrations. */
@Command(
    name = "migration",
    aliases = "migrations",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    description = "Shows and moves migrations; the same commands work without 'migration'.",
    subcommands = {
      ApplyCommand.class,
      ListCommand.class,
      ShowCommand.class,
      StageCommand.class,
      ReadsCommand.class,
      ConsistencyCommand.class,
      RollbackCommand.class,
      WatchCommand.class
    },
    footerHeading = "%nExample:%n",
    footer = "  crossfade ctl migration list")
final class MigrationCommand implements Runnable {
  @Spec private @Nullable CommandSpec spec;

  @Override
  public void run() {
    if (spec != null) {
      throw new ParameterException(spec.commandLine(), "a command is missing");
    }
  }
}
