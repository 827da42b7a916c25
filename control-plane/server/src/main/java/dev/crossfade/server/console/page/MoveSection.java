package dev.crossfade.server.console.page;

import dev.crossfade.api.v1.MoveState;
import java.util.Map;

/** The move that is under way, or the last one if it came to nothing. */
record MoveSection() implements Section {
  @Override
  public String id() {
    return "move";
  }

  @Override
  public String width() {
    return "whole";
  }

  @Override
  public Map<String, Object> model(Facts facts, Viewer viewer) {
    if (facts.migration().hasMove()) {
      return Map.of("move", MoveView.of(facts.migration().getMove()), "failed", false);
    }
    if (facts.detail().getLastMove().getState() == MoveState.MOVE_STATE_FAILED) {
      return Map.of("move", MoveView.of(facts.detail().getLastMove()), "failed", true);
    }
    return Map.of();
  }
}
