package dev.crossfade.bench.writes;

import dev.crossfade.bench.writes.Table.Column;
import dev.crossfade.bench.writes.Table.Type;
import java.util.List;
import java.util.stream.Collectors;

/** COPY and SELECT ... FOR UPDATE. */
final class CopyForms {
  private final Scene scene;
  private final Dice dice;
  private final Table table;

  CopyForms(Scene scene) {
    this.scene = scene;
    this.dice = scene.dice;
    this.table = scene.table;
  }

  Draft from() {
    boolean counted = table.numbered() && dice.chance(40);
    List<Column> columns =
        table.columns().stream()
            .filter(column -> !(counted && column.type() == Type.KEY))
            .filter(column -> column.needed() || dice.chance(60))
            .toList();
    boolean csv = dice.chance(40);
    boolean fresh = dice.chance(70);
    StringBuilder rows = new StringBuilder();
    for (int row = dice.between(0, 4); row > 0; row--) {
      rows.append(
              columns.stream()
                  .map(column -> cell(column, csv, fresh))
                  .collect(Collectors.joining(csv ? "," : "\t")))
          .append('\n');
    }
    String list = columns.stream().map(Column::sql).collect(Collectors.joining(", "));
    String options = csv ? dice.one(" (FORMAT csv)", " WITH (FORMAT csv)", " CSV") : "";
    String sql = "COPY " + table.name() + " (" + list + ") FROM STDIN" + options;
    return new Draft(Form.COPY_FROM, sql, false, false, rows.isEmpty() ? "\\.\n" : rows.toString());
  }

  private String cell(Column column, boolean csv, boolean fresh) {
    if (column.nullable() && dice.chance(25)) {
      return csv ? "" : "\\N";
    }
    boolean own = fresh && (column.type() == Type.KEY || column.type().isUnique());
    return switch (column.type()) {
      case NAME -> dice.one("Ann", "Bob Ray", " lead", "名前 漢字");
      case TEXT -> dice.one("plain", "it's", "x y", "");
      case TIER -> dice.one("basic", "silver", "gold");
      case THEME -> dice.one("light", "dark");
      case FLAG -> dice.one("t", "f", "true");
      case CENTS, INTEGER -> String.valueOf(dice.below(900));
      case RATING -> dice.one("1.5", "99.99", "3.14159");
      case AMOUNT, PRICE -> dice.one("0", "19.999", "7");
      case DAY -> dice.one("2024-05-06", "1999-12-31");
      case TAGS -> dice.one("{}", "{a}", "{NULL}");
      case KEY, SHARD, EMAIL, NUMBER, NICK, CUSTOMER, ORDER, SMALL, LINE, SKU ->
          (own ? scene.values.fresh(column) : scene.values.literal(column.type())).replace("'", "");
    };
  }

  String to() {
    String where = " WHERE " + scene.inShard() + " AND " + scene.predicate();
    String key = scene.qualified(table.keyColumns().getFirst());
    return "COPY (SELECT "
        + dice.one("*", key + ", 1 AS one")
        + " FROM "
        + scene.target()
        + where
        + ") TO STDOUT"
        + dice.one("", " (FORMAT csv, HEADER)", " WITH CSV");
  }

  String lockingRead() {
    String where = dice.chance(50) ? scene.byKey() : scene.where();
    String order =
        table.keyColumns().stream().map(scene::qualified).collect(Collectors.joining(", "));
    String key = scene.qualified(table.keyColumns().getFirst());
    return "SELECT "
        + dice.one(
            "*", key, key + " AS k, " + scene.expression(dice.one(table.columns())) + " AS e")
        + " FROM "
        + scene.target()
        + " WHERE "
        + where
        + dice.one("", " ORDER BY " + order, " ORDER BY " + order + " DESC LIMIT 2")
        + dice.one(
            " FOR UPDATE",
            " FOR NO KEY UPDATE",
            " FOR SHARE",
            " FOR KEY SHARE",
            " FOR UPDATE NOWAIT");
  }
}
