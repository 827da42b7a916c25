package dev.crossfade.server.console.action;

import dev.crossfade.api.v1.ChangeRolloutRequest;
import dev.crossfade.api.v1.RolloutResponse;
import dev.crossfade.api.v1.RolloutServiceGrpc.RolloutServiceBlockingStub;
import dev.crossfade.api.v1.StartRolloutRequest;
import dev.crossfade.server.console.action.Form.InvalidException;
import dev.crossfade.server.console.page.Viewer;
import java.util.List;
import java.util.Locale;

/** Begins, holds, goes on with, agrees to or ends a migration's rollout. */
record RolloutAction(String name, Verb verb) implements Action {
  /** What is done to it. */
  enum Verb {
    START("Start", "It begins at the first step of the plan that the migration has not passed."),
    PAUSE(
        "Pause",
        "Nothing goes on until somebody resumes it. Guards that would take it back still do."),
    RESUME("Resume", "It goes on with the step that it was in, from its beginning."),
    CONFIRM("Confirm", "The next step of the plan begins."),
    ABORT("Abort", "It ends for good. The migration stays where it is.");

    private final String word;
    private final String effect;

    Verb(String word, String effect) {
      this.word = word;
      this.effect = effect;
    }

    static Verb of(String path) {
      return valueOf(path.toUpperCase(Locale.ROOT));
    }
  }

  @Override
  public String path() {
    return home() + "/rollout/" + verb.word.toLowerCase(Locale.ROOT);
  }

  @Override
  public String home() {
    return "/migrations/" + name;
  }

  @Override
  public Confirmation confirm(Viewer viewer, Form form) {
    Moving.migration(viewer.calls(), name);
    return new Confirmation(
        verb.word + " the rollout of " + name,
        List.of(verb.effect),
        List.of(),
        verb.word + " the rollout",
        verb == Verb.ABORT,
        List.of());
  }

  @Override
  public Outcome perform(Viewer viewer, Form form) throws InvalidException {
    RolloutServiceBlockingStub rollouts = viewer.calls().rollouts();
    var note = form.note(viewer.identity());
    ChangeRolloutRequest change =
        ChangeRolloutRequest.newBuilder().setMigration(name).setNote(note).build();
    RolloutResponse response =
        switch (verb) {
          case START ->
              rollouts.startRollout(
                  StartRolloutRequest.newBuilder().setMigration(name).setNote(note).build());
          case PAUSE -> rollouts.pauseRollout(change);
          case RESUME -> rollouts.resumeRollout(change);
          case CONFIRM -> rollouts.confirmStep(change);
          case ABORT -> rollouts.abortRollout(change);
        };
    return new Outcome.Told(response.getMessage(), home());
  }
}
