package dev.crossfade.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ctl flag ...}: flags of Unleash that migrations follow. */
@Command(
    name = "flag",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    description = "Flags of Unleash that decide shares of reads; 'ctl show' tells what they say.",
    subcommands = {FlagFollowCommand.class},
    footerHeading = "%nExample:%n",
    footer = "  crossfade ctl flag follow split-customers")
final class FlagCommand implements Runnable {
  @Spec private @Nullable CommandSpec spec;

  @Override
  public void run() {
    if (spec != null) {
      throw new ParameterException(spec.commandLine(), "a command is missing");
    }
  }
}
