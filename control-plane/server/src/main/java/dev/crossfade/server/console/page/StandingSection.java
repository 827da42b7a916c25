package dev.crossfade.server.console.page;

import dev.crossfade.api.v1.Migration;
import dev.crossfade.api.v1.Stage;
import dev.crossfade.server.console.view.Ladder;
import dev.crossfade.server.console.view.Words;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Where it stands, and where it may go from there. */
record StandingSection() implements Section {
  @Override
  public String id() {
    return "standing";
  }

  @Override
  public String width() {
    return "whole";
  }

  @Override
  public Map<String, Object> model(Facts facts, Viewer viewer) {
    Migration migration = facts.migration();
    Stage stage = migration.getStage();
    boolean may = viewer.identity().mayOperate() && !Ladder.isEnd(stage);
    boolean moves = migration.hasMove();
    List<Stage> before = Ladder.before(stage);
    Map<String, Object> model = new HashMap<>();
    model.put("name", migration.getName());
    model.put("ladder", Ladder.of(stage));
    model.put("effect", Ladder.effect(stage));
    model.put("may", may);
    model.put("forward", may && !moves ? Words.stage(Stage.forNumber(stage.getNumber() + 1)) : "");
    model.put("back", may && !moves && !before.isEmpty() ? Words.stage(before.getFirst()) : "");
    model.put("rollback", may && (!before.isEmpty() || moves));
    model.put("version", migration.getVersion());
    model.put("consistency", Words.consistency(migration.getConsistency()));
    model.put("stickiness", Words.stickiness(migration.getStickiness()));
    model.put("created", Words.time(migration.getCreatedAt()));
    model.put("changed", Words.time(migration.getUpdatedAt()));
    return model;
  }
}
