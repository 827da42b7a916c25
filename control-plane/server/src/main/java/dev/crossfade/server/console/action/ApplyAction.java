package dev.crossfade.server.console.action;

import dev.crossfade.api.v1.ApplyRequest;
import dev.crossfade.api.v1.MigrationResponse;
import dev.crossfade.server.console.action.Form.InvalidException;
import dev.crossfade.server.console.page.Viewer;
import java.util.List;

/** Puts a migration file into the catalog. */
record ApplyAction() implements Action {
  private static final int SOURCE_MAX_CHARS = 1_024;

  @Override
  public String path() {
    return "/apply";
  }

  @Override
  public String home() {
    return "/";
  }

  @Override
  public boolean takesFile() {
    return true;
  }

  @Override
  public Confirmation confirm(Viewer viewer, Form form) {
    return new Confirmation(
        "Apply a migration file",
        List.of(
            "A new migration enters the catalog in OFF: nothing changes for clients.",
            "Of one that is there and still in OFF the file is replaced; later than that it is"
                + " refused."),
        List.of(
            "The catalogs of both databases are not compared by this: ctl apply with --old and"
                + " --new does."),
        "Apply the file",
        false,
        List.of(
            Field.area("yaml", "Migration file", Form.FILE_MAX_CHARS)
                .with("The text of the file; \"metadata: name\" in it names the migration."),
            Field.text("source", "Where it comes from", "console.yaml", SOURCE_MAX_CHARS)
                .with("A file name or an address, for messages and the history.")));
  }

  @Override
  public Outcome perform(Viewer viewer, Form form) throws InvalidException {
    MigrationResponse response =
        viewer
            .calls()
            .migrations()
            .apply(
                ApplyRequest.newBuilder()
                    .setYaml(form.file("yaml"))
                    .setSource(form.text("source").orElse(""))
                    .setNote(form.note(viewer.identity()))
                    .build());
    return new Outcome.Told(
        response.getMessage(), "/migrations/" + response.getMigration().getName());
  }
}
