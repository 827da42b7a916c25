package dev.crossfade.server.console.page;

import java.util.Map;

/** Its jobs, and those that can be started. */
record JobsSection() implements Section {
  @Override
  public String id() {
    return "jobs";
  }

  @Override
  public String width() {
    return "half";
  }

  @Override
  public Map<String, Object> model(Facts facts, Viewer viewer) {
    return Map.of(
        "name",
        facts.migration().getName(),
        "jobs",
        facts.jobs().stream().map(JobView::of).toList(),
        "may",
        viewer.identity().mayOperate());
  }
}
