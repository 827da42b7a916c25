package dev.crossfade.cli;

import dev.crossfade.api.v1.BenchmarkVerdict.Outcome;
import dev.crossfade.api.v1.Evidence;
import dev.crossfade.api.v1.ListEvidenceRequest;
import dev.crossfade.api.v1.ListEvidenceResponse;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ctl evidence list [NAME]}. */
@Command(
    name = "list",
    description = "Lists the verdicts of a migration, the newest first.",
    footer = "  crossfade ctl evidence list split-customers")
final class EvidenceListCommand extends CtlCommand {
  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "NAME",
      description = "The migration; may be left out when there is only one.")
  private @Nullable String name;

  @Option(
      names = "--limit",
      paramLabel = "N",
      description = "How many at most, 1 to 50. Default: ${DEFAULT-VALUE}")
  private int limit = 20;

  @Override
  void on(Connection connection) throws UsageException {
    ListEvidenceResponse response =
        connection
            .evidence()
            .listEvidence(
                ListEvidenceRequest.newBuilder()
                    .setMigration(connection.nameOrOnly(name))
                    .setLimit(limit)
                    .build());
    if (connection.isJson()) {
      connection.printJson(response);
      return;
    }
    if (response.getEvidenceCount() == 0) {
      connection.print("no verdict yet: 'crossfade bench rollout --submit' makes one");
      return;
    }
    Table table = new Table("NUMBER", "VERDICT", "MEASURED", "BY", "OF THIS FILE", "WHY");
    for (Evidence evidence : response.getEvidenceList()) {
      table.row(
          String.valueOf(evidence.getId()),
          verdict(evidence),
          Show.time(evidence.getMeasuredAt()),
          evidence.getActor(),
          evidence.getCurrent() ? "yes" : "no",
          evidence.getReason().isEmpty() ? "-" : evidence.getReason().replace('\n', ' '));
    }
    connection.print(table.toString());
  }

  static String verdict(Evidence evidence) {
    return evidence.getOutcome() == Outcome.GO ? "go" : "no go";
  }
}
