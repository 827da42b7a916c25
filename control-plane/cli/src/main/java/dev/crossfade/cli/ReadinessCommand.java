package dev.crossfade.cli;

import dev.crossfade.api.v1.Coverage;
import dev.crossfade.api.v1.Query;
import dev.crossfade.api.v1.Readiness;
import dev.crossfade.api.v1.ReadinessRequest;
import dev.crossfade.api.v1.StageReadiness;
import dev.crossfade.api.v1.UnlistedQueries;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ctl readiness [NAME]}. */
@Command(
    name = "readiness",
    description = {
      "Shows how many of a migration's statements are translated, which of them keep it from which"
          + " stage, and which lack an index on new."
    },
    footer = "  crossfade ctl readiness split-customers --service shop")
final class ReadinessCommand extends CtlCommand {
  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "NAME",
      description = "The migration; may be left out when there is only one.")
  private @Nullable String name;

  @Option(
      names = "--service",
      paramLabel = "NAME",
      description = "Only statements of this service.")
  private String service = "";

  @Option(
      names = "--limit",
      paramLabel = "N",
      description = "How many statements to show, 0 to 1000. Default: 50")
  private int limit = 50;

  @Option(names = "--all", description = "Show also statements that nothing is wrong with.")
  private boolean all;

  @Override
  void on(Connection connection) throws UsageException {
    Readiness readiness =
        connection
            .readiness()
            .getReadiness(
                ReadinessRequest.newBuilder()
                    .setMigration(connection.nameOrOnly(name))
                    .setService(service)
                    .setLimit(limit)
                    .build());
    if (connection.isJson()) {
      connection.printJson(readiness);
      return;
    }
    printForPeople(connection, readiness);
  }

  private void printForPeople(Connection connection, Readiness readiness) {
    connection.print(
        "migration '" + readiness.getMigration() + "' is in " + Show.stage(readiness.getStage()));
    connection.print("");
    Table coverage = new Table("STATEMENTS", "SEEN", "TRANSLATED", "EXECUTIONS", "TRANSLATED");
    row(coverage, "reads", readiness.getReads());
    row(coverage, "writes", readiness.getWrites());
    row(coverage, "others", readiness.getOthers());
    connection.print(coverage.toString());
    connection.print("");
    Table stages = new Table("STAGE", "BLOCKED BY");
    for (StageReadiness stage : readiness.getStagesList()) {
      stages.row(Show.stage(stage.getStage()), blockedBy(stage));
    }
    connection.print(stages.toString());
    for (Query query : readiness.getQueriesList()) {
      if (all || query.getBlocksCount() > 0 || query.getScansCount() > 0) {
        connection.print("");
        QueryText.lines(query).forEach(connection::print);
      }
    }
    printRest(connection, readiness);
  }

  private static void row(Table table, String kind, Coverage coverage) {
    table.row(
        kind,
        String.valueOf(coverage.getFingerprints()),
        share(coverage.getTranslatedFingerprints(), coverage.getFingerprints()),
        String.valueOf(coverage.getExecutions()),
        share(coverage.getTranslatedExecutions(), coverage.getExecutions()));
  }

  /** Rounded down, so that 100% means all. */
  private static String share(long part, long whole) {
    if (whole == 0) {
      return "-";
    }
    long permille = Math.floorDiv(part * 1_000, whole);
    return String.format(Locale.ROOT, "%d (%d.%d%%)", part, permille / 10, permille % 10);
  }

  private static String blockedBy(StageReadiness stage) {
    if (stage.getBlocking() == 0) {
      return "nothing that was seen";
    }
    return stage.getBlocking()
        + (stage.getBlocking() == 1 ? " statement" : " statements")
        + (stage.getPending() == 0 ? "" : ", " + stage.getPending() + " of them being planned");
  }

  private static void printRest(Connection connection, Readiness readiness) {
    connection.print("");
    if (readiness.getLeftOut() > 0) {
      connection.print(readiness.getLeftOut() + " more statements: see --limit");
    }
    if (readiness.getEvicted() > 0) {
      connection.print(
          readiness.getEvicted() + " statements were dropped, for others that were seen later");
    }
    for (UnlistedQueries unlisted : readiness.getUnlistedList()) {
      connection.print(
          unlisted.getService()
              + ": "
              + unlisted.getUnmapped()
              + " batches named no mapped table"
              + (unlisted.getUnlisted() == 0
                  ? ""
                  : ", " + unlisted.getUnlisted() + " executions are not listed"));
    }
    if (readiness.getUnlistedCount() == 0) {
      connection.print("no statement on its tables was seen yet");
    }
  }
}
