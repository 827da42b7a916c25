package dev.crossfade.server.console.page;

import dev.crossfade.api.v1.Migration;
import dev.crossfade.api.v1.Stage;
import dev.crossfade.server.console.view.Ladder;
import dev.crossfade.server.console.view.Words;
import java.util.Map;

/** The share of reads that is asked for, and the form that changes it. */
record ShareSection() implements Section {
  @Override
  public String id() {
    return "share";
  }

  @Override
  public String width() {
    return "half";
  }

  @Override
  public Map<String, Object> model(Facts facts, Viewer viewer) {
    Migration migration = facts.migration();
    boolean may =
        viewer.identity().mayOperate()
            && !Ladder.isOnNew(migration.getStage())
            && !migration.hasMove();
    return Map.of(
        "name",
        migration.getName(),
        "asked",
        Words.percent(migration.getReadBuckets()),
        "askedNumber",
        Words.percentNumber(migration.getReadBuckets()),
        "inForce",
        Words.percent(migration.getEffectiveReadBuckets()),
        "inForceWidth",
        migration.getEffectiveReadBuckets() / 1e3,
        "isRamp",
        migration.getStage() == Stage.STAGE_RAMP,
        "isOnNew",
        Ladder.isOnNew(migration.getStage()),
        "may",
        may);
  }
}
