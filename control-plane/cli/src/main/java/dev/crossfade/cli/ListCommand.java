package dev.crossfade.cli;

import dev.crossfade.api.v1.ListRequest;
import dev.crossfade.api.v1.ListResponse;
import dev.crossfade.api.v1.Migration;
import picocli.CommandLine.Command;

/** {@code ctl list}. */
@Command(
    name = "list",
    aliases = "ls",
    description = "Lists all migrations.",
    footer = "  crossfade ctl list")
final class ListCommand extends CtlCommand {
  @Override
  void on(Connection connection) {
    ListResponse response = connection.migrations().list(ListRequest.getDefaultInstance());
    if (connection.isJson()) {
      connection.printJson(response);
      return;
    }
    if (response.getMigrationsCount() == 0) {
      connection.print("no migrations yet: add one with 'crossfade ctl apply -f FILE'");
      return;
    }
    Table table =
        new Table("NAME", "STAGE", "READS ON NEW", "IN FORCE", "STICKY BY", "VERSION", "CHANGED");
    for (Migration migration : response.getMigrationsList()) {
      table.row(
          migration.getName(),
          Show.stage(migration.getStage()),
          Show.percent(migration.getReadBuckets()),
          Show.percent(migration.getEffectiveReadBuckets()),
          Show.stickiness(migration.getStickiness()),
          String.valueOf(migration.getVersion()),
          Show.time(migration.getUpdatedAt()));
    }
    connection.print(table.toString());
  }
}
