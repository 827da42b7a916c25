package dev.crossfade.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ctl lens ...}: what can be said of a migration without a control plane. */
@Command(
    name = "lens",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    description = {
      "Explains and checks migration files. Needs no control plane.",
      "check and preflight ask the two databases, and only read."
    },
    subcommands = {
      LensExplainCommand.class,
      LensLintCommand.class,
      LensSchemaCommand.class,
      LensCheckCommand.class,
      LensPreflightCommand.class
    },
    footerHeading = "%nExample:%n",
    footer = "  crossfade ctl lens explain split-customers.yaml")
final class LensCommand implements Runnable {
  @Spec private @Nullable CommandSpec spec;

  @Override
  public void run() {
    if (spec != null) {
      throw new ParameterException(spec.commandLine(), "a command is missing");
    }
  }
}
