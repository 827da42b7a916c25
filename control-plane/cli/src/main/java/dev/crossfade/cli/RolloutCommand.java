package dev.crossfade.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ctl rollout ...}: migrations that go from stage to stage by themselves. */
@Command(
    name = "rollout",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    description = {
      "Lets the control plane take a migration from stage to stage, by the plan in its file,",
      "for as long as its guards hold."
    },
    subcommands = {
      RolloutStartCommand.class,
      RolloutStatusCommand.class,
      RolloutWatchCommand.class,
      RolloutPauseCommand.class,
      RolloutResumeCommand.class,
      RolloutConfirmCommand.class,
      RolloutAbortCommand.class,
      RolloutEvidenceCommand.class
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  crossfade ctl rollout start split-customers",
      "  crossfade ctl rollout status split-customers",
      "  crossfade ctl rollout confirm split-customers --reason \"the board has agreed\""
    })
final class RolloutCommand implements Runnable {
  @Spec private @Nullable CommandSpec spec;

  @Override
  public void run() {
    if (spec != null) {
      throw new ParameterException(spec.commandLine(), "a command is missing");
    }
  }
}
