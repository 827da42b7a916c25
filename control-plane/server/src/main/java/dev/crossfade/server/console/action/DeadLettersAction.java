package dev.crossfade.server.console.action;

import dev.crossfade.api.v1.DecideDeadLettersRequest;
import dev.crossfade.api.v1.DecideDeadLettersResponse;
import dev.crossfade.server.console.action.Form.InvalidException;
import dev.crossfade.server.console.page.Viewer;
import java.util.List;
import java.util.Locale;

/** Decides about all that the mirror of a migration has given up. */
record DeadLettersAction(String name, Verb verb) implements Action {
  /** What is done to them. */
  enum Verb {
    REPLAY("Replay", "Each entity is tried again, as often as any other. What fails comes back."),
    DISCARD(
        "Discard",
        "They are forgotten. The other side stays as it is there until the entities change again,"
            + " or a repair finds them.");

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
    return home() + "/" + verb.word.toLowerCase(Locale.ROOT);
  }

  @Override
  public String home() {
    return "/migrations/" + name + "/dead-letters";
  }

  @Override
  public Confirmation confirm(Viewer viewer, Form form) {
    Moving.migration(viewer.calls(), name);
    return new Confirmation(
        verb.word + " the dead letters of " + name,
        List.of(verb.effect),
        List.of(),
        verb.word + " all of them",
        verb == Verb.DISCARD,
        List.of());
  }

  @Override
  public Outcome perform(Viewer viewer, Form form) throws InvalidException {
    DecideDeadLettersRequest request =
        DecideDeadLettersRequest.newBuilder()
            .setMigration(name)
            .setNote(form.note(viewer.identity()))
            .build();
    DecideDeadLettersResponse response =
        switch (verb) {
          case REPLAY -> viewer.calls().deadLetters().replayDeadLetters(request);
          case DISCARD -> viewer.calls().deadLetters().discardDeadLetters(request);
        };
    return new Outcome.Told(response.getMessage(), home());
  }
}
