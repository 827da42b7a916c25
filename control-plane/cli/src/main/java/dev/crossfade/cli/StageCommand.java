package dev.crossfade.cli;

import com.google.protobuf.Duration;
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
    description = {
      "Moves a migration one stage forward or back: OFF, DUAL_WRITE, SHADOW, RAMP, LIVE, RAMPDOWN,"
          + " COMPLETE.",
      "To LIVE and back to RAMP the authority over writes is moved; COMPLETE makes old's tables"
          + " read-only and removes the mirror's triggers, for good. That is waited for, up to two"
          + " minutes; it goes on without this command."
    },
    customSynopsis =
        "ctl stage [NAME] STAGE [--reason=TEXT] [--if-version=N] [--max-pause=MILLIS]"
            + " [--accept-loss] [OPTIONS]",
    footer = {
      "  crossfade ctl stage split-customers DUAL_WRITE",
      "  crossfade ctl stage split-customers LIVE --max-pause 500"
    })
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

  @Mixin private MoveOptions move = new MoveOptions();

  @Override
  void on(Connection connection) throws UsageException {
    SetStageRequest.Builder request =
        SetStageRequest.newBuilder()
            .setStage(Show.requireStage(words.getLast()))
            .setNote(change.note(main()))
            .setAcceptLoss(move.acceptsLoss());
    request.setName(connection.nameOrOnly(words.size() == 2 ? words.getFirst() : null));
    if (ifVersion != null) {
      request.setExpectedVersion(ifVersion);
    }
    Duration maxPause = move.maxPause();
    if (maxPause != null) {
      request.setMaxPause(maxPause);
    }
    Answers.changed(
        connection,
        MoveProgress.follow(
            connection, request.getName(), () -> connection.moves().setStage(request.build())));
  }
}
