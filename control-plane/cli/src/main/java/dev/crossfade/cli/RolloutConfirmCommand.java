package dev.crossfade.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code ctl rollout confirm [NAME]}. */
@Command(
    name = "confirm",
    description = "Agrees to the next step, where the plan asks for that.",
    footer = "  crossfade ctl rollout confirm split-customers")
final class RolloutConfirmCommand extends CtlCommand {
  @Mixin private RolloutOptions rollout = new RolloutOptions();
  @Mixin private ChangeOptions change = new ChangeOptions();

  @Override
  void on(Connection connection) throws UsageException {
    RolloutText.changed(
        connection, connection.rollouts().confirmStep(rollout.change(connection, change, main())));
  }
}
