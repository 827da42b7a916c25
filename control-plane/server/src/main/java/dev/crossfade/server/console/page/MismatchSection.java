package dev.crossfade.server.console.page;

import dev.crossfade.api.v1.ListMismatchesRequest;
import dev.crossfade.api.v1.Mismatch;
import dev.crossfade.api.v1.MismatchSample;
import dev.crossfade.server.console.view.Words;
import java.util.List;
import java.util.Map;

/** Confirmed differences, those seen last first. */
record MismatchSection() implements Section {
  private static final int SAMPLES_MAX = 20;

  /**
   * A kind of difference.
   *
   * @param values columns with both values, as the migration file lets them be shown
   */
  public record Row(
      String verdict,
      String count,
      String text,
      String columns,
      String keys,
      String rows,
      List<String> values,
      String sqlstate,
      String oldPlan,
      String newPlan,
      String lastSeen) {
    static Row of(MismatchSample sample) {
      Mismatch newest = sample.getNewest();
      return new Row(
          Words.lower(newest.getVerdict().name(), "VERDICT_"),
          Words.count(sample.getCount()),
          newest.getText(),
          String.join(", ", newest.getColumnsList()),
          String.join(", ", newest.getKeysList()),
          Words.count(newest.getOldRows()) + " / " + Words.count(newest.getNewRows()),
          newest.getValuesList().stream()
              .map(
                  value ->
                      value.getColumn() + ": " + value.getOldValue() + " / " + value.getNewValue())
              .toList(),
          newest.getSqlstate(),
          newest.getOldPlan(),
          newest.getNewPlan(),
          Words.time(sample.getLastSeen()));
    }
  }

  @Override
  public String id() {
    return "mismatches";
  }

  @Override
  public String width() {
    return "whole";
  }

  @Override
  public Map<String, Object> model(Facts facts, Viewer viewer) {
    List<Row> rows =
        viewer
            .calls()
            .listed(
                calls ->
                    calls
                        .signals()
                        .listMismatches(
                            ListMismatchesRequest.newBuilder()
                                .setMigration(facts.migration().getName())
                                .setLimit(SAMPLES_MAX)
                                .build())
                        .getSamplesList(),
                Row::of);
    return rows.isEmpty()
        ? Map.of()
        : Map.of(
            "rows",
            rows,
            "name",
            facts.migration().getName(),
            "may",
            viewer.identity().mayOperate());
  }
}
