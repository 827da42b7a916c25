package dev.crossfade.bench.differential;

import dev.crossfade.bench.differential.Scope.Column;
import java.util.List;
import java.util.Locale;

/** The mapped tables, as the old shape has them. */
enum Tables {
  CUSTOMERS,
  ORDERS;

  String table() {
    return name().toLowerCase(Locale.ROOT);
  }

  List<Column> columns() {
    return switch (this) {
      case CUSTOMERS ->
          List.of(
              new Column("id", Sort.LONG),
              new Column("full_name", Sort.TEXT),
              new Column("email", Sort.TEXT),
              new Column("balance_cents", Sort.LONG),
              new Column("created_at", Sort.TIME));
      case ORDERS ->
          List.of(
              new Column("id", Sort.LONG),
              new Column("customer_id", Sort.LONG),
              new Column("status", Sort.TEXT),
              new Column("total_cents", Sort.LONG),
              new Column("note", Sort.TEXT),
              new Column("placed_at", Sort.TIME));
    };
  }
}
