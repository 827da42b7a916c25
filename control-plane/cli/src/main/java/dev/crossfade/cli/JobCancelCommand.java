package dev.crossfade.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code ctl job cancel ID}. */
@Command(
    name = "cancel",
    description = "Ends a job for good after the chunk that it works on. What it has done stays.",
    footer = "  crossfade ctl job cancel 7")
final class JobCancelCommand extends CtlCommand {
  @Mixin private JobOptions job = new JobOptions();
  @Mixin private ChangeOptions change = new ChangeOptions();

  @Override
  void on(Connection connection) {
    JobText.changed(connection, connection.jobs().cancelJob(job.change(change, main())));
  }
}
