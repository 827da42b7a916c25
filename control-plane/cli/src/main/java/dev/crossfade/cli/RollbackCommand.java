package dev.crossfade.cli;

import com.google.protobuf.Duration;
import dev.crossfade.api.v1.RollbackRequest;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ctl rollback [NAME] [--to STAGE]}. */
@Command(
    name = "rollback",
    description = {
      "Takes a migration back to an earlier stage at once, with 0%% of reads on new.",
      "From LIVE on that moves the authority over writes back, and is waited for. It is refused if"
          + " old would lose what new holds. What is on its way forward is given up if that is"
          + " still possible."
    },
    footer = "  crossfade ctl rollback split-customers --reason \"errors on new\"")
final class RollbackCommand extends CtlCommand {
  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "NAME",
      description = "The migration; may be left out when there is only one.")
  private @Nullable String name;

  @Option(names = "--to", paramLabel = "STAGE", description = "How far back. Default: OFF")
  private String to = "OFF";

  @Mixin private ChangeOptions change = new ChangeOptions();

  @Mixin private MoveOptions move = new MoveOptions();

  @Override
  void on(Connection connection) throws UsageException {
    RollbackRequest.Builder request =
        RollbackRequest.newBuilder()
            .setToStage(Show.requireStage(to))
            .setNote(change.note(main()))
            .setAcceptLoss(move.acceptsLoss());
    request.setName(connection.nameOrOnly(name));
    Duration maxPause = move.maxPause();
    if (maxPause != null) {
      request.setMaxPause(maxPause);
    }
    Answers.changed(
        connection,
        MoveProgress.follow(
            connection, request.getName(), () -> connection.moves().rollback(request.build())));
  }
}
