package dev.crossfade.cli;

import dev.crossfade.api.v1.GetRolloutResponse;
import dev.crossfade.api.v1.WatchRolloutRequest;
import java.util.Iterator;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code ctl rollout watch [NAME]}. */
@Command(
    name = "watch",
    description = "Follows a rollout until it has ended. With -o json: one object per line.",
    footer = "  crossfade ctl rollout watch split-customers")
final class RolloutWatchCommand extends CtlCommand {
  @Mixin private RolloutOptions rollout = new RolloutOptions();

  @Override
  void on(Connection connection) throws UsageException {
    Iterator<GetRolloutResponse> events =
        connection
            .endlessRollouts()
            .watchRollout(
                WatchRolloutRequest.newBuilder().setMigration(rollout.name(connection)).build());
    String said = "";
    while (events.hasNext()) {
      GetRolloutResponse event = events.next();
      String line = RolloutText.line(event);
      if (connection.isJson()) {
        connection.printJsonLine(event);
      } else if (!line.equals(said)) {
        connection.print(line);
        said = line;
      }
      if (event.getRollout().hasEndedAt()) {
        return;
      }
    }
  }
}
