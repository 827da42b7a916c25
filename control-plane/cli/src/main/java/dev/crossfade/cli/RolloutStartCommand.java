package dev.crossfade.cli;

import dev.crossfade.api.v1.StartRolloutRequest;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code ctl rollout start [NAME]}. */
@Command(
    name = "start",
    description = "Begins at the first step of the plan that the migration has not passed.",
    footer = "  crossfade ctl rollout start split-customers")
final class RolloutStartCommand extends CtlCommand {
  @Mixin private RolloutOptions rollout = new RolloutOptions();
  @Mixin private ChangeOptions change = new ChangeOptions();

  @Override
  void on(Connection connection) throws UsageException {
    RolloutText.changed(
        connection,
        connection
            .rollouts()
            .startRollout(
                StartRolloutRequest.newBuilder()
                    .setMigration(rollout.name(connection))
                    .setNote(change.note(main()))
                    .build()));
  }
}
