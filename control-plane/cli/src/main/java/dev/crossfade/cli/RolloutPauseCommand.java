package dev.crossfade.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code ctl rollout pause [NAME]}. */
@Command(
    name = "pause",
    description =
        "Lets nothing go on until somebody resumes it. Guards that would take it back still do.",
    footer = "  crossfade ctl rollout pause split-customers")
final class RolloutPauseCommand extends CtlCommand {
  @Mixin private RolloutOptions rollout = new RolloutOptions();
  @Mixin private ChangeOptions change = new ChangeOptions();

  @Override
  void on(Connection connection) throws UsageException {
    RolloutText.changed(
        connection, connection.rollouts().pauseRollout(rollout.change(connection, change, main())));
  }
}
