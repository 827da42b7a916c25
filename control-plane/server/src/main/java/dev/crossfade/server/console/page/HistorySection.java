package dev.crossfade.server.console.page;

import dev.crossfade.api.v1.Change;
import dev.crossfade.server.console.view.Words;
import java.util.List;
import java.util.Map;

/** Who changed what, when and why. */
record HistorySection() implements Section {
  /** A change. */
  public record Row(
      long version,
      String at,
      String actor,
      String kind,
      String from,
      String to,
      String reason,
      boolean acceptsLoss) {
    static Row of(Change change) {
      return new Row(
          change.getVersion(),
          Words.time(change.getAt()),
          change.getActor(),
          Words.kind(change.getKind()),
          change.hasFrom() ? Words.position(change.getFrom()) : "",
          Words.position(change.getTo()),
          change.getReason(),
          change.getAcceptsLoss());
    }
  }

  @Override
  public String id() {
    return "history";
  }

  @Override
  public String width() {
    return "whole";
  }

  @Override
  public Map<String, Object> model(Facts facts, Viewer viewer) {
    List<Row> rows = facts.detail().getHistoryList().stream().map(Row::of).toList();
    return Map.of("rows", rows);
  }
}
