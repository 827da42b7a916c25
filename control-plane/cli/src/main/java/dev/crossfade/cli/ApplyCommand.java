package dev.crossfade.cli;

import dev.crossfade.api.v1.ApplyRequest;
import dev.crossfade.api.v1.MigrationResponse;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code ctl apply -f FILE}. */
@Command(
    name = "apply",
    description = "Adds a migration to the catalog, or replaces its file while it is OFF.",
    footer = "  crossfade ctl apply -f split-customers.yaml --reason \"one table per concern\"")
final class ApplyCommand extends CtlCommand {
  @Option(
      names = {"-f", "--file"},
      required = true,
      paramLabel = "FILE",
      description = "The migration file; - for standard input.")
  private String file = "";

  @Option(
      names = "--if-version",
      paramLabel = "N",
      description = "Only if the migration is at this version; 0: only if it does not exist.")
  private @Nullable Long ifVersion;

  @Mixin private ChangeOptions change = new ChangeOptions();

  @Override
  void on(Connection connection) throws UsageException {
    FileText text = FileText.read(file);
    ApplyRequest.Builder request =
        ApplyRequest.newBuilder()
            .setYaml(text.yaml())
            .setSource(text.source())
            .setNote(change.note(main()));
    if (ifVersion != null) {
      request.setExpectedVersion(ifVersion);
    }
    MigrationResponse response = connection.migrations().apply(request.build());
    Answers.changed(connection, response);
  }
}
