package dev.crossfade.server.console.page;

import dev.crossfade.api.v1.AuditRecord;
import dev.crossfade.api.v1.ListAuditRequest;
import dev.crossfade.server.console.view.Words;
import java.util.List;
import java.util.Map;

/** The records of the audit log about it. */
record AuditSection() implements Section {
  private static final int RECORDS_MAX = 20;
  private static final int HASH_CHARS = 12;

  /** A record. */
  public record Row(
      long number,
      String at,
      String action,
      String actor,
      String reason,
      String before,
      String after,
      String hash) {
    static Row of(AuditRecord entry) {
      String hash = entry.getHash();
      return new Row(
          entry.getNumber(),
          Words.time(entry.getAt()),
          entry.getAction(),
          entry.getActor(),
          entry.getReason(),
          entry.getBefore(),
          entry.getAfter(),
          hash.length() > HASH_CHARS ? hash.substring(0, HASH_CHARS) : hash);
    }
  }

  @Override
  public String id() {
    return "audit";
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
                        .audit()
                        .listAudit(
                            ListAuditRequest.newBuilder()
                                .setMigration(facts.migration().getName())
                                .setLimit(RECORDS_MAX)
                                .build())
                        .getRecordsList(),
                Row::of);
    return rows.isEmpty() ? Map.of() : Map.of("rows", rows);
  }
}
