package dev.crossfade.postgresql.command;

import java.util.List;

/** What can be shown. */
public enum Topic {
  STATUS,
  ROUTES,
  MIGRATIONS,
  CLIENTS;

  /** For people: all that can be asked. */
  static final String ALL =
      "SHOW CROSSFADE.STATUS, ROUTES, MIGRATIONS or CLIENTS, or EXPLAIN CROSSFADE and a statement";

  public List<String> columns() {
    return switch (this) {
      case STATUS -> List.of("name", "value");
      case ROUTES -> List.of("what", "migration", "side", "reason", "count");
      case MIGRATIONS ->
          List.of(
              "migration",
              "stage",
              "reads",
              "stickiness",
              "freshness",
              "ack",
              "authority",
              "in_force",
              "stale_since_write",
              "problem");
      case CLIENTS ->
          List.of(
              "id",
              "user",
              "database",
              "application_name",
              "address",
              "connected_since",
              "transaction",
              "waits_for",
              "new_connected",
              "pinned_to_old",
              "shape");
    };
  }
}
