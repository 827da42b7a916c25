package dev.crossfade.postgresql.command;

import java.util.List;

/** What can be shown, and the columns it has. */
public enum Topic {
  STATUS("name", "value"),
  ROUTES("what", "migration", "side", "reason", "count"),
  MIGRATIONS(
      "migration",
      "stage",
      "reads",
      "stickiness",
      "authority",
      "in_force",
      "stale_since_write",
      "problem"),
  CLIENTS(
      "id",
      "user",
      "database",
      "application_name",
      "address",
      "connected_since",
      "transaction",
      "waits_for",
      "new_connected",
      "pinned_to_old");

  /** For people: all of them. */
  static final String ALL =
      "SHOW CROSSFADE.STATUS, ROUTES, MIGRATIONS or CLIENTS, or EXPLAIN CROSSFADE and a statement";

  private final List<String> columns;

  Topic(String... columns) {
    this.columns = List.of(columns);
  }

  public List<String> columns() {
    return columns;
  }
}
