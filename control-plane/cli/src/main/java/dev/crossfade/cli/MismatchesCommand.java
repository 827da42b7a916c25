package dev.crossfade.cli;

import dev.crossfade.api.v1.DifferingValue;
import dev.crossfade.api.v1.ForgetMismatchesRequest;
import dev.crossfade.api.v1.ForgetMismatchesResponse;
import dev.crossfade.api.v1.ListMismatchesRequest;
import dev.crossfade.api.v1.ListMismatchesResponse;
import dev.crossfade.api.v1.Mismatch;
import dev.crossfade.api.v1.MismatchSample;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ctl mismatches [NAME]}. */
@Command(
    name = "mismatches",
    description = {
      "Lists confirmed differences between the answers of both sides, those seen last first, or"
          + " forgets them."
    },
    footer = "  crossfade ctl mismatches split-customers --query 0f3a5b7799d1c2e4")
final class MismatchesCommand extends CtlCommand {
  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "NAME",
      description = "The migration; may be left out when there is only one.")
  private @Nullable String name;

  @Option(
      names = "--query",
      paramLabel = "ID",
      description = "Only of this statement, by its 16 digits.")
  private String query = "";

  @Option(
      names = "--limit",
      paramLabel = "N",
      description = "How many to show, 1 to 200. Default: 20")
  private int limit = 20;

  @Option(names = "--forget", description = "Remove these samples; what was counted stays counted.")
  private boolean forget;

  @Override
  void on(Connection connection) throws UsageException {
    String migration = connection.nameOrOnly(name);
    if (forget) {
      ForgetMismatchesResponse response =
          connection
              .signals()
              .forgetMismatches(
                  ForgetMismatchesRequest.newBuilder()
                      .setMigration(migration)
                      .setQuery(query)
                      .build());
      if (connection.isJson()) {
        connection.printJson(response);
      } else {
        connection.print("forgotten: " + response.getForgotten());
      }
      return;
    }
    ListMismatchesResponse response =
        connection
            .signals()
            .listMismatches(
                ListMismatchesRequest.newBuilder()
                    .setMigration(migration)
                    .setQuery(query)
                    .setLimit(limit)
                    .build());
    if (connection.isJson()) {
      connection.printJson(response);
    } else if (response.getSamplesCount() == 0) {
      connection.print("no mismatches");
    } else {
      response.getSamplesList().forEach(sample -> print(connection, sample));
    }
  }

  private static void print(Connection connection, MismatchSample sample) {
    Mismatch newest = sample.getNewest();
    connection.print(
        newest.getQuery()
            + "  "
            + SignalText.verdict(newest.getVerdict())
            + (newest.getSqlstate().isEmpty() ? "" : " " + newest.getSqlstate())
            + ", "
            + sample.getCount()
            + (sample.getCount() == 1 ? " time" : " times")
            + ", the last at "
            + Show.time(sample.getLastSeen()));
    connection.print("  " + SignalText.shortened(newest.getText()));
    connection.print(
        "  rows: " + newest.getOldRows() + " of old, " + newest.getNewRows() + " of new");
    if (newest.getColumnsCount() > 0) {
      connection.print("  columns: " + String.join(", ", newest.getColumnsList()));
    }
    if (newest.getKeysCount() > 0) {
      connection.print("  keys: " + String.join(", ", newest.getKeysList()));
    }
    for (DifferingValue value : newest.getValuesList()) {
      connection.print(
          "  "
              + value.getColumn()
              + ": "
              + value.getOldValue()
              + " on old, "
              + value.getNewValue()
              + " on new");
    }
    plan(connection, "old", newest.getOldPlan());
    plan(connection, "new", newest.getNewPlan());
  }

  private static void plan(Connection connection, String side, String plan) {
    if (!plan.isEmpty()) {
      connection.print("  plan of " + side + ":");
      plan.lines().forEach(line -> connection.print("    " + line));
    }
  }
}
