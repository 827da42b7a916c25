package dev.crossfade.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ctl mirror ...}: what makes old's changes arrive on new. */
@Command(
    name = "mirror",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    description = {
      "Lets old log its changes, and makes new equal to it. Sidecars carry what is logged.",
      "Needs no control plane; give roles that may do what each command says."
    },
    subcommands = {
      MirrorInstallCommand.class,
      MirrorRemoveCommand.class,
      MirrorBackfillCommand.class,
      MirrorVerifyCommand.class,
      MirrorStatusCommand.class,
      MirrorDeadLettersCommand.class
    },
    footerHeading = "%nExample:%n",
    footer =
        "  crossfade ctl mirror install split-customers.yaml --old postgresql://owner@old:5432/shop"
            + " --new postgresql://owner@new:5432/shop")
final class MirrorCommand implements Runnable {
  @Spec private @Nullable CommandSpec spec;

  @Override
  public void run() {
    if (spec != null) {
      throw new ParameterException(spec.commandLine(), "a command is missing");
    }
  }
}
