package dev.crossfade.server.console.action;

import dev.crossfade.api.v1.JobKind;
import dev.crossfade.api.v1.StartJobRequest;
import dev.crossfade.server.console.action.Form.InvalidException;
import dev.crossfade.server.console.page.Viewer;
import dev.crossfade.server.console.view.Words;
import java.util.List;

/** Queues a job of a migration. */
record StartJobAction(String name) implements Action {
  private static final List<JobKind> KINDS =
      List.of(
          JobKind.JOB_KIND_BACKFILL,
          JobKind.JOB_KIND_VERIFY,
          JobKind.JOB_KIND_REPAIR,
          JobKind.JOB_KIND_CONTINUOUS_VERIFY,
          JobKind.JOB_KIND_LENS_CHECK);

  @Override
  public String path() {
    return home() + "/start";
  }

  @Override
  public String home() {
    return "/migrations/" + name;
  }

  @Override
  public Confirmation confirm(Viewer viewer, Form form) throws InvalidException {
    String chosen = form.text("kind").orElse(Words.kind(JobKind.JOB_KIND_VERIFY));
    kind(chosen);
    return new Confirmation(
        "Start a job of " + name,
        List.of(
            "backfill carries what the authority had before its changes were logged.",
            "verify compares all entities of both sides; repair also makes those equal that have"
                + " drifted; continuous verify does it pass after pass.",
            "lens check checks the laws of the lens on every row of old.",
            "It runs with the usual limits as soon as there is room."),
        List.of(),
        "Start the job",
        false,
        List.of(Field.select("kind", "Job", chosen, KINDS.stream().map(Words::kind).toList())));
  }

  @Override
  public Outcome perform(Viewer viewer, Form form) throws InvalidException {
    return new Outcome.Told(
        viewer
            .calls()
            .jobs()
            .startJob(
                StartJobRequest.newBuilder()
                    .setMigration(name)
                    .setKind(kind(form.text("kind").orElse("")))
                    .setNote(form.note(viewer.identity()))
                    .build())
            .getMessage(),
        home());
  }

  private static JobKind kind(String text) throws InvalidException {
    return KINDS.stream()
        .filter(kind -> Words.kind(kind).equals(text))
        .findFirst()
        .orElseThrow(
            () -> new InvalidException("'" + text + "' is no job that can be started here"));
  }
}
