package dev.crossfade.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code ctl rollout resume [NAME]}. */
@Command(
    name = "resume",
    description = "Goes on with the step that it was in, from its beginning.",
    footer = "  crossfade ctl rollout resume split-customers")
final class RolloutResumeCommand extends CtlCommand {
  @Mixin private RolloutOptions rollout = new RolloutOptions();
  @Mixin private ChangeOptions change = new ChangeOptions();

  @Override
  void on(Connection connection) throws UsageException {
    RolloutText.changed(
        connection,
        connection.rollouts().resumeRollout(rollout.change(connection, change, main())));
  }
}
