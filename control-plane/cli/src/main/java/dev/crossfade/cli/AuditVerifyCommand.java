package dev.crossfade.cli;

import dev.crossfade.api.v1.AuditHead;
import dev.crossfade.api.v1.VerifyAuditRequest;
import dev.crossfade.api.v1.VerifyAuditResponse;
import io.grpc.Status;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ctl audit verify}. */
@Command(
    name = "verify",
    description = {
      "Reads the whole audit log and says whether it still is as it was written.",
      "Ends with 1, and says which record does not fit, if not."
    },
    footer = {"  crossfade ctl audit verify", "  crossfade ctl audit verify --noted 117:5f3a..."})
final class AuditVerifyCommand extends CtlCommand {
  private static final Pattern NOTED = Pattern.compile("([1-9][0-9]{0,17}):([0-9a-f]{64})");

  @Option(
      names = "--noted",
      paramLabel = "NUMBER:HASH",
      description = {
        "What an earlier verification has printed, and was kept elsewhere:",
        "shows a log that was written anew as a whole."
      })
  private @Nullable String noted;

  @Override
  void on(Connection connection) throws UsageException {
    VerifyAuditRequest.Builder request = VerifyAuditRequest.newBuilder();
    if (noted != null) {
      Matcher matcher = NOTED.matcher(noted);
      if (!matcher.matches()) {
        throw new UsageException(
            "'" + noted + "' is no record: write NUMBER:HASH, as 'ctl audit verify' prints it");
      }
      request.setNoted(
          AuditHead.newBuilder()
              .setNumber(Long.parseLong(matcher.group(1)))
              .setHash(matcher.group(2)));
    }
    VerifyAuditResponse response = connection.audit().verifyAudit(request.build());
    if (connection.isJson()) {
      connection.printJson(response);
    }
    if (response.hasFlaw()) {
      throw Status.DATA_LOSS.withDescription(response.getFlaw().getMessage()).asRuntimeException();
    }
    if (!connection.isJson()) {
      AuditHead last = response.getLast();
      connection.print(
          "all " + last.getNumber() + " records are as they were written; the last one is");
      connection.print(last.getNumber() + ":" + last.getHash());
    }
  }
}
