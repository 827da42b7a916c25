package dev.crossfade.server.console.action;

import dev.crossfade.api.v1.ForgetMismatchesRequest;
import dev.crossfade.server.console.page.Viewer;
import dev.crossfade.server.console.view.Words;
import java.util.List;

/** Removes the samples of a migration's mismatches, such as when what made them is mended. */
record ForgetAction(String name) implements Action {
  @Override
  public String path() {
    return home() + "/forget";
  }

  @Override
  public String home() {
    return "/migrations/" + name;
  }

  @Override
  public boolean asksWhy() {
    return false;
  }

  @Override
  public Confirmation confirm(Viewer viewer, Form form) {
    Moving.migration(viewer.calls(), name);
    return new Confirmation(
        "Forget the mismatches of " + name,
        List.of("Their samples are removed. What was counted stays counted, also for guards."),
        List.of(),
        "Forget them",
        true,
        List.of());
  }

  @Override
  public Outcome perform(Viewer viewer, Form form) {
    long forgotten =
        viewer
            .calls()
            .signals()
            .forgetMismatches(ForgetMismatchesRequest.newBuilder().setMigration(name).build())
            .getForgotten();
    return new Outcome.Told(
        Words.count(forgotten, "sample is forgotten", "samples are forgotten"), home());
  }
}
