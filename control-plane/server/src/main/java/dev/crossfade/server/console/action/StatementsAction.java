package dev.crossfade.server.console.action;

import dev.crossfade.api.v1.Ddl;
import dev.crossfade.api.v1.JobKind;
import dev.crossfade.api.v1.JobResponse;
import dev.crossfade.api.v1.JobSettings;
import dev.crossfade.api.v1.StartJobRequest;
import dev.crossfade.server.console.action.Form.InvalidException;
import dev.crossfade.server.console.page.Viewer;
import java.util.List;

/** Queues a job that runs a file of statements on one side, such as what new's tables need. */
record StatementsAction(String name) implements Action {
  private static final int SOURCE_MAX_CHARS = 200;
  private static final String OLD = "old";
  private static final String NEW = "new";

  @Override
  public String path() {
    return home() + "/statements";
  }

  @Override
  public String home() {
    return "/migrations/" + name;
  }

  @Override
  public boolean takesFile() {
    return true;
  }

  @Override
  public Confirmation confirm(Viewer viewer, Form form) {
    Moving.migration(viewer.calls(), name);
    return new Confirmation(
        "Run statements for " + name,
        List.of(
            "Each statement is run in a transaction of its own where the server allows it, with a"
                + " short limit for locks, and noted as done on that side.",
            "What is noted as done is not run a second time."),
        List.of("It changes a database by the role that the control plane has there."),
        "Run the statements",
        true,
        List.of(
            Field.select("side", "On", NEW, List.of(NEW, OLD)),
            Field.area("statements", "Statements", Form.FILE_MAX_CHARS)
                .with("Separated by semicolons."),
            Field.text("source", "Name of the file", "console.sql", SOURCE_MAX_CHARS),
            Field.check("again", "Run them although they were run before")));
  }

  @Override
  public Outcome perform(Viewer viewer, Form form) throws InvalidException {
    JobResponse response =
        viewer
            .calls()
            .jobs()
            .startJob(
                StartJobRequest.newBuilder()
                    .setMigration(name)
                    .setKind(JobKind.JOB_KIND_APPLY)
                    .setSettings(JobSettings.newBuilder().setAgain(form.isChecked("again")))
                    .setDdl(
                        Ddl.newBuilder()
                            .setText(form.file("statements"))
                            .setSource(form.text("source").orElse(""))
                            .setOnOld(isOnOld(form)))
                    .setNote(form.note(viewer.identity()))
                    .build());
    return new Outcome.Told(response.getMessage(), "/jobs/" + response.getJob().getId());
  }

  private static boolean isOnOld(Form form) throws InvalidException {
    String side = form.text("side").orElse("");
    return switch (side) {
      case OLD -> true;
      case NEW -> false;
      default -> throw new InvalidException("'" + side + "' is no side: choose new or old");
    };
  }
}
