package dev.crossfade.cli;

import dev.crossfade.api.v1.SetStageRequest;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ctl stage [NAME] STAGE}. */
@Command(
    name = "stage",
    description = "Moves a migration one stage forward or back: OFF, DUAL_WRITE, SHADOW, RAMP.",
    customSynopsis = "ctl stage [NAME] STAGE [--reason=TEXT] [--if-version=N] [OPTIONS]",
    footer = "  crossfade ctl stage split-customers DUAL_WRITE")
final class StageCommand extends CtlCommand {
  @Parameters(
      arity = "1..2",
      paramLabel = "[NAME] STAGE",
      hideParamSyntax = true,
      description =
          "The migration (may be left out when there is only one) and the stage to move to.")
  private List<String> words = List.of();

  @Option(
      names = "--if-version",
      paramLabel = "N",
      description = "Only if the migration is at this version.")
  private @Nullable Long ifVersion;

  @Mixin private ChangeOptions change = new ChangeOptions();

  @Override
  void on(Connection connection) throws UsageException {
    SetStageRequest.Builder request =
        SetStageRequest.newBuilder()
            .setStage(Show.requireStage(words.getLast()))
            .setNote(change.note(main()));
    request.setName(connection.nameOrOnly(words.size() == 2 ? words.getFirst() : null));
    if (ifVersion != null) {
      request.setExpectedVersion(ifVersion);
    }
    Answers.changed(connection, connection.migrations().setStage(request.build()));
  }
}
