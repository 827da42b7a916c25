package dev.crossfade.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code ctl job pause ID}. */
@Command(
    name = "pause",
    description = "Lets a job stop after the chunk that it works on.",
    footer = "  crossfade ctl job pause 7")
final class JobPauseCommand extends CtlCommand {
  @Mixin private JobOptions job = new JobOptions();
  @Mixin private ChangeOptions change = new ChangeOptions();

  @Override
  void on(Connection connection) {
    JobText.changed(connection, connection.jobs().pauseJob(job.change(change, main())));
  }
}
