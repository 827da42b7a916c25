package dev.crossfade.cli;

import dev.crossfade.api.v1.ChangeNote;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of every command that changes something. */
final class ChangeOptions {
  @Option(names = "--reason", paramLabel = "TEXT", description = "Why; kept in the history.")
  private String reason = "";

  @Option(
      names = "--actor",
      paramLabel = "NAME",
      description =
          "Who; kept in the history. Default: who you are to the control plane, else the user's"
              + " name")
  private @Nullable String actor;

  ChangeNote note(CtlMain main) {
    return ChangeNote.newBuilder()
        .setReason(reason)
        .setActor(actor == null ? main.noteActor() : actor)
        .build();
  }
}
