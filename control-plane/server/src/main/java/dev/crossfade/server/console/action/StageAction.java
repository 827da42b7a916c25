package dev.crossfade.server.console.action;

import dev.crossfade.api.v1.Migration;
import dev.crossfade.api.v1.ReadinessRequest;
import dev.crossfade.api.v1.SetStageRequest;
import dev.crossfade.api.v1.Stage;
import dev.crossfade.api.v1.StageReadiness;
import dev.crossfade.server.console.action.Form.InvalidException;
import dev.crossfade.server.console.page.Viewer;
import dev.crossfade.server.console.view.Ladder;
import dev.crossfade.server.console.view.Words;
import java.util.ArrayList;
import java.util.List;

/** One step of the stage, forward or back. */
record StageAction(String name) implements Action {
  @Override
  public String path() {
    return home() + "/stage";
  }

  @Override
  public String home() {
    return "/migrations/" + name;
  }

  @Override
  public Confirmation confirm(Viewer viewer, Form form) throws InvalidException {
    Stage to = stage(form);
    Migration migration = Moving.migration(viewer.calls(), name);
    Stage from = migration.getStage();
    boolean back = to.getNumber() < from.getNumber();
    List<String> sentences = new ArrayList<>();
    sentences.add(
        "The stage goes from "
            + Words.stage(from)
            + (back ? " back" : "")
            + " to "
            + Words.stage(to)
            + ": "
            + Ladder.effect(to)
            + ".");
    if (back && migration.getReadBuckets() > 0) {
      sentences.add(
          "The share of reads asked for new goes from "
              + Words.percent(migration.getReadBuckets())
              + " to 0%.");
    }
    if (to == Stage.STAGE_RAMP && !back) {
      sentences.add(
          "From then on new answers "
              + Words.percent(migration.getReadBuckets())
              + " of the reads that it can answer.");
    }
    if (Ladder.isEnd(to)) {
      sentences.add("Old's tables become read-only, and the mirror's triggers are removed.");
    } else if (Moving.isMove(from, to)) {
      sentences.add(
          "The authority over writes moves to "
              + (Ladder.isOnNew(to) ? "new" : "old")
              + "; writers wait for a moment.");
    }
    List<Field> fields = new ArrayList<>();
    fields.add(Field.hidden("to", Words.stage(to)));
    fields.add(Field.hidden("version", String.valueOf(migration.getVersion())));
    fields.addAll(Moving.fields(from, to));
    return new Confirmation(
        "Move " + name + " to " + Words.stage(to),
        sentences,
        warnings(viewer, to, back),
        "Move to " + Words.stage(to),
        back || Ladder.isEnd(to),
        fields);
  }

  private List<String> warnings(Viewer viewer, Stage to, boolean back) {
    List<String> warnings = new ArrayList<>();
    if (Ladder.isEnd(to)) {
      warnings.add("There is no way back from COMPLETE.");
    }
    if (!back) {
      for (StageReadiness readiness :
          viewer
              .calls()
              .readiness()
              .getReadiness(ReadinessRequest.newBuilder().setMigration(name).build())
              .getStagesList()) {
        if (readiness.getStage() == to && readiness.getBlocking() > 0) {
          warnings.add(
              Words.count(readiness.getBlocking(), "statement stays", "statements stay")
                  + " with old, for they are not translated; "
                  + Words.stage(to)
                  + " needs them.");
        }
      }
    }
    return warnings;
  }

  @Override
  public Outcome perform(Viewer viewer, Form form) throws InvalidException {
    SetStageRequest.Builder request =
        SetStageRequest.newBuilder()
            .setName(name)
            .setStage(stage(form))
            .setNote(form.note(viewer.identity()))
            .setAcceptLoss(form.isChecked("acceptLoss"));
    form.version().ifPresent(request::setExpectedVersion);
    form.maxPause().ifPresent(request::setMaxPause);
    return new Outcome.Told(
        Moving.call(viewer.calls(), name, stub -> stub.setStage(request.build())), home());
  }

  private static Stage stage(Form form) throws InvalidException {
    return stage(form.text("to").orElse(""));
  }

  static Stage stage(String text) throws InvalidException {
    for (Stage stage : Stage.values()) {
      if (stage != Stage.UNRECOGNIZED
          && stage != Stage.STAGE_UNSPECIFIED
          && Words.stage(stage).equals(text)) {
        return stage;
      }
    }
    throw new InvalidException("'" + text + "' is no stage: go to the migration's page");
  }
}
