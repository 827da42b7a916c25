package dev.crossfade.server.console.action;

import dev.crossfade.api.v1.Migration;
import dev.crossfade.api.v1.RollbackRequest;
import dev.crossfade.api.v1.Stage;
import dev.crossfade.server.console.action.Form.InvalidException;
import dev.crossfade.server.console.page.Viewer;
import dev.crossfade.server.console.view.Ladder;
import dev.crossfade.server.console.view.Words;
import java.util.ArrayList;
import java.util.List;

/** Back to an earlier stage at once. */
record RollbackAction(String name) implements Action {
  @Override
  public String path() {
    return home() + "/rollback";
  }

  @Override
  public String home() {
    return "/migrations/" + name;
  }

  @Override
  public Confirmation confirm(Viewer viewer, Form form) throws InvalidException {
    Migration migration = Moving.migration(viewer.calls(), name);
    Stage from = migration.getStage();
    List<Stage> stages = new ArrayList<>(Ladder.before(from));
    if (migration.hasMove()) {
      stages.addFirst(from);
    }
    if (stages.isEmpty() || Ladder.isEnd(from)) {
      throw new InvalidException(
          "migration '" + name + "' is in " + Words.stage(from) + ": there is no way back");
    }
    Stage to =
        form.text("to").isPresent() ? StageAction.stage(form.text("to").get()) : stages.getLast();
    List<String> sentences = new ArrayList<>();
    sentences.add(
        "The migration goes from "
            + Words.stage(from)
            + " back to the stage chosen below, at once, and the share of reads asked for new to"
            + " 0%.");
    if (migration.hasMove()) {
      sentences.add("What is under way is given up if that is still possible.");
    }
    if (Ladder.isOnNew(from)) {
      sentences.add(
          "To RAMP and earlier the authority over writes moves back to old; writers wait for a"
              + " moment.");
    } else {
      sentences.add("All reads are old's again; writes are old's as they were.");
    }
    List<Field> fields = new ArrayList<>();
    fields.add(
        Field.select("to", "Back to", Words.stage(to), stages.stream().map(Words::stage).toList()));
    fields.addAll(Moving.fields(from, stages.getLast()));
    return new Confirmation("Roll back " + name, sentences, List.of(), "Roll back", true, fields);
  }

  @Override
  public Outcome perform(Viewer viewer, Form form) throws InvalidException {
    RollbackRequest.Builder request =
        RollbackRequest.newBuilder()
            .setName(name)
            .setToStage(StageAction.stage(form.text("to").orElse("")))
            .setNote(form.note(viewer.identity()))
            .setAcceptLoss(form.isChecked("acceptLoss"));
    form.maxPause().ifPresent(request::setMaxPause);
    return new Outcome.Told(
        Moving.call(viewer.calls(), name, stub -> stub.rollback(request.build())), home());
  }
}
