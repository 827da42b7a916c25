package dev.crossfade.server.console.page;

import java.util.Map;

/** What the sidecars serve, measured. */
record TrafficSection(TrafficLog traffic) implements Section {
  @Override
  public String id() {
    return "traffic";
  }

  @Override
  public String width() {
    return "half";
  }

  @Override
  public Map<String, Object> model(Facts facts, Viewer viewer) {
    return Map.of("traffic", TrafficView.of(traffic.seen(facts.fleet().getSidecarsList())));
  }
}
