package dev.crossfade.cli;

import dev.crossfade.api.v1.ChangeRolloutRequest;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Parameters;

/** Which migration's rollout a command is about. */
final class RolloutOptions {
  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "NAME",
      description = "The migration; may be left out when there is only one.")
  private @Nullable String name;

  String name(Connection connection) throws UsageException {
    return connection.nameOrOnly(name);
  }

  ChangeRolloutRequest change(Connection connection, ChangeOptions change, CtlMain main)
      throws UsageException {
    return ChangeRolloutRequest.newBuilder()
        .setMigration(name(connection))
        .setNote(change.note(main))
        .build();
  }
}
