package dev.crossfade.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code ctl job resume ID}. */
@Command(
    name = "resume",
    description = "Lets a paused job go on where it stood, or one that has failed try again.",
    footer = "  crossfade ctl job resume 7")
final class JobResumeCommand extends CtlCommand {
  @Mixin private JobOptions job = new JobOptions();
  @Mixin private ChangeOptions change = new ChangeOptions();

  @Override
  void on(Connection connection) {
    JobText.changed(connection, connection.jobs().resumeJob(job.change(change, main())));
  }
}
