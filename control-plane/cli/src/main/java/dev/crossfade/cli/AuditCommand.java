package dev.crossfade.cli;

import dev.crossfade.api.v1.AuditRecord;
import dev.crossfade.api.v1.ListAuditRequest;
import dev.crossfade.api.v1.ListAuditResponse;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ctl audit}. */
@Command(
    name = "audit",
    description = "Lists who changed what, when and why, the newest first.",
    subcommands = AuditVerifyCommand.class,
    footer = {
      "  crossfade ctl audit --migration split-customers",
      "  crossfade ctl audit --actor ada --from 2026-01-02T00:00:00Z -o json",
      "  crossfade ctl audit verify"
    })
final class AuditCommand extends CtlCommand {
  @Option(
      names = "--migration",
      paramLabel = "NAME",
      description = "Only changes of this migration.")
  private String migration = "";

  @Option(names = "--actor", paramLabel = "NAME", description = "Only what this one did.")
  private String actor = "";

  @Option(
      names = "--from",
      paramLabel = "TIME",
      description = "Only from this time on, such as 2026-01-02T03:04:05Z.")
  private @Nullable String from;

  @Option(names = "--to", paramLabel = "TIME", description = "Only before this time.")
  private @Nullable String to;

  @Option(
      names = "--limit",
      paramLabel = "COUNT",
      description = "How many at most, 1 to 1000. Default: ${DEFAULT-VALUE}")
  private int limit = 50;

  @Option(
      names = "--before",
      paramLabel = "NUMBER",
      description = "Only records with lower numbers: the next page.")
  private long before;

  @Override
  void on(Connection connection) throws UsageException {
    ListAuditRequest.Builder request =
        ListAuditRequest.newBuilder()
            .setMigration(migration)
            .setActor(actor)
            .setLimit(limit)
            .setBefore(before);
    if (from != null) {
      request.setFrom(Show.parsedTime("--from", from));
    }
    if (to != null) {
      request.setTo(Show.parsedTime("--to", to));
    }
    ListAuditResponse response = connection.audit().listAudit(request.build());
    if (connection.isJson()) {
      connection.printJson(response);
      return;
    }
    if (response.getRecordsCount() == 0) {
      connection.print("no such changes");
      return;
    }
    Table table = new Table("NUMBER", "AT", "WHO", "WHAT", "MIGRATION", "FROM", "TO", "WHY");
    for (AuditRecord record : response.getRecordsList()) {
      table.row(
          String.valueOf(record.getNumber()),
          Show.time(record.getAt()),
          record.getActor(),
          record.getAction(),
          cell(record.getMigration()),
          cell(record.getBefore()),
          cell(record.getAfter()),
          cell(record.getReason()));
    }
    connection.print(table.toString());
    if (response.getNext() > 0) {
      connection.print("there are older ones: --before " + response.getNext());
    }
  }

  private static String cell(String text) {
    return text.isEmpty() ? "-" : text.replace('\n', ' ');
  }
}
