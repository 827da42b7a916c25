package dev.crossfade.server.console.page;

import dev.crossfade.api.v1.Migration;
import java.util.Map;

/** The migration file. */
record FileSection() implements Section {
  @Override
  public String id() {
    return "file";
  }

  @Override
  public String width() {
    return "whole";
  }

  @Override
  public Map<String, Object> model(Facts facts, Viewer viewer) {
    Migration migration = facts.migration();
    return Map.of("source", migration.getSource(), "yaml", migration.getYaml());
  }
}
