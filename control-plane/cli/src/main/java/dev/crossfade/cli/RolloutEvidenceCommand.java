package dev.crossfade.cli;

import com.google.protobuf.Timestamp;
import dev.crossfade.api.v1.RecordEvidenceRequest;
import dev.crossfade.api.v1.RecordEvidenceResponse;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ctl rollout evidence MIGRATION NAME VALUE}. */
@Command(
    name = "evidence",
    description = "Records what a benchmark came to, for guards that ask for it by its name.",
    footer = "  crossfade ctl rollout evidence split-customers checkout-p99 11.8")
final class RolloutEvidenceCommand extends CtlCommand {
  @Parameters(index = "0", paramLabel = "MIGRATION", description = "The migration.")
  private String migration = "";

  @Parameters(index = "1", paramLabel = "NAME", description = "The name that the guard asks for.")
  private String name = "";

  @Parameters(index = "2", paramLabel = "VALUE", description = "What it came to.")
  private double value;

  @Option(
      names = "--at",
      paramLabel = "TIME",
      description = "When it was measured, such as 2026-01-02T03:04:05Z. Default: now")
  private @Nullable String at;

  @Mixin private ChangeOptions change = new ChangeOptions();

  @Override
  void on(Connection connection) throws UsageException {
    RecordEvidenceRequest.Builder request =
        RecordEvidenceRequest.newBuilder()
            .setMigration(migration)
            .setName(name)
            .setValue(value)
            .setNote(change.note(main()));
    if (at != null) {
      Timestamp time = Show.parsedTime("--at", at);
      request.setAt(time);
    }
    RecordEvidenceResponse response = connection.rollouts().recordEvidence(request.build());
    if (connection.isJson()) {
      connection.printJson(response);
    } else {
      connection.print(response.getMessage());
    }
  }
}
