package dev.crossfade.cli;

import dev.crossfade.api.v1.BenchmarkVerdict;
import dev.crossfade.api.v1.GetEvidenceRequest;
import dev.crossfade.api.v1.GetEvidenceResponse;
import dev.crossfade.api.v1.MeasuredStatement;
import dev.crossfade.api.v1.MeasuredWay;
import dev.crossfade.api.v1.VerdictReason;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code ctl evidence show NUMBER}. */
@Command(
    name = "show",
    description = "Shows one verdict with what was measured.",
    footer = "  crossfade ctl evidence show 7")
final class EvidenceShowCommand extends CtlCommand {
  @Parameters(index = "0", paramLabel = "NUMBER", description = "As the list has it.")
  private long number;

  @Override
  void on(Connection connection) {
    GetEvidenceResponse response =
        connection.evidence().getEvidence(GetEvidenceRequest.newBuilder().setId(number).build());
    if (connection.isJson()) {
      connection.printJson(response);
      return;
    }
    BenchmarkVerdict verdict = response.getVerdict();
    connection.print(
        "'"
            + verdict.getMigration()
            + "': "
            + EvidenceListCommand.verdict(response.getEvidence())
            + ", measured "
            + Show.time(verdict.getMeasuredAt())
            + ", submitted by "
            + response.getEvidence().getActor());
    for (VerdictReason reason : verdict.getReasonsList()) {
      connection.print("  " + reason.getKind() + ": " + reason.getMessage());
    }
    verdict.getRemarksList().forEach(remark -> connection.print("  " + remark));
    connection.print("");
    Table ways = new Table("WAY", "TRANSACTIONS/S", "ERRORS", "P50 MS", "P99 MS");
    for (MeasuredWay way : verdict.getWaysList()) {
      ways.row(
          way.getName(),
          String.format(Locale.ROOT, "%.1f", way.getAchieved()),
          String.valueOf(way.getErrors()),
          millis(way.getP50Micros()),
          millis(way.getP99Micros()));
    }
    connection.print(ways.toString());
    connection.print("");
    Table statements = new Table("OLD P50 MS", "NEW P50 MS", "RATIO", "STATEMENT");
    for (MeasuredStatement statement : verdict.getStatementsList()) {
      statements.row(
          millis(statement.getOldP50Micros()),
          millis(statement.getNewP50Micros()),
          String.format(Locale.ROOT, "%.2f", statement.getRatio()),
          statement.getFingerprint());
    }
    connection.print(statements.toString());
  }

  private static String millis(long micros) {
    return String.format(Locale.ROOT, "%.2f", micros / 1_000.0);
  }
}
