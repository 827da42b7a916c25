package dev.crossfade.server.console.action;

import dev.crossfade.api.v1.ChangeJobRequest;
import dev.crossfade.api.v1.GetJobRequest;
import dev.crossfade.api.v1.Job;
import dev.crossfade.api.v1.JobResponse;
import dev.crossfade.server.console.action.Form.InvalidException;
import dev.crossfade.server.console.page.Viewer;
import dev.crossfade.server.console.view.Words;
import java.util.List;
import java.util.Locale;

/** Holds a job, lets it go on, or ends it. */
record JobAction(long id, Verb verb) implements Action {
  /** What is done to it. */
  enum Verb {
    PAUSE("Pause", "It stops after the chunk that it works on, and goes on there when resumed."),
    RESUME("Resume", "It goes on where it stood."),
    CANCEL("Cancel", "It ends for good after the chunk that it works on. What it has done stays.");

    private final String word;
    private final String effect;

    Verb(String word, String effect) {
      this.word = word;
      this.effect = effect;
    }

    String path() {
      return word.toLowerCase(Locale.ROOT);
    }
  }

  @Override
  public String path() {
    return home() + "/" + verb.path();
  }

  @Override
  public String home() {
    return "/jobs/" + id;
  }

  @Override
  public Confirmation confirm(Viewer viewer, Form form) {
    Job job = viewer.calls().jobs().getJob(GetJobRequest.newBuilder().setId(id).build()).getJob();
    return new Confirmation(
        verb.word + " job " + id,
        List.of(
            "It is the " + Words.kind(job.getKind()) + " of " + job.getMigration() + ".",
            verb.effect),
        List.of(),
        verb.word + " the job",
        verb == Verb.CANCEL,
        List.of());
  }

  @Override
  public Outcome perform(Viewer viewer, Form form) throws InvalidException {
    ChangeJobRequest request =
        ChangeJobRequest.newBuilder().setId(id).setNote(form.note(viewer.identity())).build();
    JobResponse response =
        switch (verb) {
          case PAUSE -> viewer.calls().jobs().pauseJob(request);
          case RESUME -> viewer.calls().jobs().resumeJob(request);
          case CANCEL -> viewer.calls().jobs().cancelJob(request);
        };
    return new Outcome.Told(response.getMessage(), home());
  }
}
