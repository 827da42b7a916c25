package dev.crossfade.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ctl job ...}: long work that the control plane does. */
@Command(
    name = "job",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    description = {
      "Lets the control plane backfill, verify and repair, and shows how far it has come.",
      "A job goes on whatever dies. The control plane must know the databases: its --databases."
    },
    subcommands = {
      JobStartCommand.class,
      JobStatusCommand.class,
      JobWatchCommand.class,
      JobPauseCommand.class,
      JobResumeCommand.class,
      JobCancelCommand.class
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  crossfade ctl job start backfill split-customers",
      "  crossfade ctl job status",
      "  crossfade ctl job pause 7"
    })
final class JobCommand implements Runnable {
  @Spec private @Nullable CommandSpec spec;

  @Override
  public void run() {
    if (spec != null) {
      throw new ParameterException(spec.commandLine(), "a command is missing");
    }
  }
}
