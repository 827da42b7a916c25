package dev.crossfade.cli;

import dev.crossfade.api.v1.GetRolloutRequest;
import dev.crossfade.api.v1.GetRolloutResponse;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code ctl rollout status [NAME]}. */
@Command(
    name = "status",
    description = "Shows the plan, where its rollout stands, and what its guards say.",
    footer = {
      "  crossfade ctl rollout status split-customers",
      "  crossfade ctl rollout status split-customers --samples 100 -o json"
    })
final class RolloutStatusCommand extends CtlCommand {
  @Mixin private RolloutOptions rollout = new RolloutOptions();

  @Option(
      names = "--samples",
      paramLabel = "COUNT",
      description = "How many earlier samples of the guards to show, 0 to 1000. Default: 0")
  private int samples;

  @Override
  void on(Connection connection) throws UsageException {
    GetRolloutResponse response =
        connection
            .rollouts()
            .getRollout(
                GetRolloutRequest.newBuilder()
                    .setMigration(rollout.name(connection))
                    .setSamples(samples)
                    .build());
    if (connection.isJson()) {
      connection.printJson(response);
    } else {
      connection.print(RolloutText.whole(response));
    }
  }
}
