package dev.crossfade.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code ctl rollout abort [NAME]}. */
@Command(
    name = "abort",
    description = "Ends the rollout. The migration stays where it is.",
    footer = "  crossfade ctl rollout abort split-customers")
final class RolloutAbortCommand extends CtlCommand {
  @Mixin private RolloutOptions rollout = new RolloutOptions();
  @Mixin private ChangeOptions change = new ChangeOptions();

  @Override
  void on(Connection connection) throws UsageException {
    RolloutText.changed(
        connection, connection.rollouts().abortRollout(rollout.change(connection, change, main())));
  }
}
