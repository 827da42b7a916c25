package dev.crossfade.bench.writes;

import dev.crossfade.bench.writes.Table.Column;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** MERGE. */
final class MergeForms {
  private final Scene scene;
  private final Dice dice;
  private final Table table;

  MergeForms(Scene scene) {
    this.scene = scene;
    this.dice = scene.dice;
    this.table = scene.table;
  }

  String merge() {
    return "MERGE INTO " + scene.target() + " USING " + source() + " ON " + on() + clauses();
  }

  /** About one row of a table whose key is one column. */
  String mergeOne() {
    return "MERGE INTO "
        + scene.target()
        + " USING (VALUES ("
        + scene.values.key()
        + ", 'one')) AS s(k1, x) ON "
        + scene.qualified(table.keyColumns().getFirst())
        + " = s.k1"
        + clauses();
  }

  /** Rows with a key, k1 and so on, and a text. */
  private String source() {
    int keys = table.key().size();
    if (keys == 1 && dice.chance(35)) {
      String other = dice.one("customers", "articles", "members");
      return "(SELECT o.id AS k1, 'from ' || o.id AS x FROM "
          + other
          + " AS o WHERE o.shard = "
          + scene.shard
          + " AND o.id % 6 = "
          + dice.below(6)
          + " AND o.id < "
          + Seeding.FIRST_NUMBER
          + ") AS s";
    }
    List<String> rows = new ArrayList<>();
    for (int row = dice.between(1, 3); row > 0; row--) {
      rows.add(
          table.keyColumns().stream()
              .map(column -> scene.values.literal(column.type()))
              .collect(Collectors.joining(", ", "(", ", 'r" + row + "')")));
    }
    return "(VALUES "
        + String.join(", ", rows)
        + ") AS s("
        + (keys == 1 ? "k1" : "k1, k2")
        + ", x)";
  }

  private String on() {
    StringBuilder on = new StringBuilder();
    int number = 0;
    for (Column column : table.keyColumns()) {
      on.append(scene.qualified(column)).append(" = s.k").append(++number).append(" AND ");
    }
    return on + scene.inShard();
  }

  private String clauses() {
    StringBuilder clauses = new StringBuilder();
    for (int i = dice.between(0, 2); i > 0; i--) {
      clauses
          .append(" WHEN MATCHED AND ")
          .append(scene.predicate())
          .append(" THEN ")
          .append(matched());
    }
    if (clauses.isEmpty() || dice.chance(60)) {
      clauses.append(" WHEN MATCHED THEN ").append(matched());
    }
    if (dice.chance(30)) {
      clauses
          .append(" WHEN NOT MATCHED AND s.k1 % 3 = 1 THEN ")
          .append(dice.one("DO NOTHING", insert()));
    }
    if (dice.chance(70)) {
      clauses.append(" WHEN NOT MATCHED THEN ").append(insert());
    }
    return clauses.toString();
  }

  private String matched() {
    return switch (dice.below(6)) {
      case 0 -> "DO NOTHING";
      case 1 -> "DELETE";
      default -> {
        List<Column> columns = scene.changed().stream().filter(Scene::isShared).toList();
        String set =
            columns.stream()
                .map(column -> column.sql() + " = " + value(column))
                .collect(Collectors.joining(", "));
        yield "UPDATE SET " + (set.isEmpty() ? "shard = " + scene.shard : set);
      }
    };
  }

  private String value(Column column) {
    if (column.type() == Table.Type.TEXT && dice.chance(40)) {
      return "s.x || coalesce(" + scene.qualified(column) + ", '')";
    }
    return dice.chance(40) ? scene.values.literal(column) : scene.expression(column);
  }

  private String insert() {
    List<Column> columns =
        table.columns().stream().filter(column -> column.needed() || dice.chance(40)).toList();
    String cells = columns.stream().map(this::cell).collect(Collectors.joining(", "));
    return "INSERT ("
        + columns.stream().map(Column::sql).collect(Collectors.joining(", "))
        + ") VALUES ("
        + cells
        + ")";
  }

  private String cell(Column column) {
    int key = table.key().indexOf(column.name());
    if (key >= 0) {
      return "s.k" + (key + 1);
    }
    if (column.type() == Table.Type.TEXT && dice.chance(50)) {
      return "s.x";
    }
    if (!column.needed() && dice.chance(15)) {
      return "DEFAULT";
    }
    return column.type().isUnique()
        ? "'g" + scene.number + "-' || s.k1 % 10000"
        : scene.values.literal(column);
  }
}
