package dev.crossfade.bench.writes;

import dev.crossfade.bench.writes.Table.Column;
import dev.crossfade.bench.writes.Table.Type;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Statements that break exactly one rule; whatever else they say is in order. */
final class FailForms {
  private final Scene scene;
  private final Dice dice;

  FailForms(Scene scene) {
    this.scene = scene;
    this.dice = scene.dice;
  }

  String statement() {
    return switch (dice.below(10)) {
      case 0, 1, 2 -> insert();
      case 3, 4, 5 -> update();
      case 6 ->
          "UPDATE "
              + scene.target()
              + " SET "
              + plain()
              + " WHERE "
              + scene.inShard()
              + " AND 1 / "
              + dice.one("0", "(2 - 2)")
              + " = 1";
      case 7 ->
          "DELETE FROM "
              + scene.target()
              + " WHERE "
              + scene.qualified(scene.shardColumn())
              + " = CAST('"
              + dice.one("abc", "1.5", "")
              + "' AS integer)";
      case 8 -> twice();
      default -> merged();
    };
  }

  private String plain() {
    Column column = scene.shardColumn();
    return column.sql() + " = " + scene.shard;
  }

  private String insert() {
    List<Column> columns = scene.table.columns();
    Column broken = breakable(columns);
    String wrong = wrong(broken);
    List<String> cells =
        columns.stream().map(column -> column.equals(broken) ? wrong : fresh(column)).toList();
    return "INSERT INTO "
        + scene.table.name()
        + " VALUES ("
        + String.join(", ", cells)
        + ")"
        + (dice.chance(30) ? " RETURNING *" : "");
  }

  private String fresh(Column column) {
    return switch (column.type()) {
      case CUSTOMER, ORDER -> String.valueOf(scene.shard * 1000 + dice.below(3));
      default -> scene.values.fresh(column);
    };
  }

  private Column breakable(List<Column> columns) {
    List<Column> breakable = columns.stream().filter(column -> isBreakable(column)).toList();
    return dice.one(breakable);
  }

  private static boolean isBreakable(Column column) {
    return column.type() != Type.FLAG
        && (!column.nullable()
            || column.type() == Type.EMAIL
            || column.type() == Type.RATING
            || column.type() == Type.DAY
            || column.type() == Type.INTEGER);
  }

  private String update() {
    Column broken =
        breakable(
            scene.table.columns().stream()
                .filter(column -> !scene.table.key().contains(column.name()))
                .toList());
    return "UPDATE "
        + scene.target()
        + " SET "
        + broken.sql()
        + " = "
        + wrong(broken)
        + " WHERE "
        + scene.byKey();
  }

  /** 23502, 23514, 22001, 22P02, 22003, 22012, 22007, 22008. */
  private String wrong(Column column) {
    String wrong =
        switch (column.type()) {
          case NAME, EMAIL, NUMBER, NICK, SKU ->
              dice.one("'" + "much too long ".repeat(4) + "'", "repeat('x', 99)");
          case CENTS -> dice.one("-1", "'12x'", "1 / 0", "1e19", "9223372036854775807 + 1");
          case RATING -> dice.one("100", "1 / 0.0", "'four'", "99.999");
          case TIER -> dice.one("'iron'", "''", "'Gold'");
          case THEME -> dice.one("'blue'", "''");
          case AMOUNT -> dice.one("1e9", "'a'", "mod(1, 0)");
          case SMALL -> dice.one("0", "70000", "'x'", "-3", "5 % 0");
          case DAY -> dice.one("'2024-02-30'", "'soon'", "'2024-13-01'");
          case PRICE -> dice.one("-0.01", "1e7", "1 / 0.0");
          case INTEGER, LINE, SHARD -> dice.one("3e9", "'1.5'", "2147483647 + 1", "1 / 0");
          case KEY, CUSTOMER, ORDER -> dice.one("'k'", "1e20", "1 / 0");
          case TAGS -> dice.one("'{a'", "'a,b'");
          case TEXT -> "NULL";
          case FLAG -> "'maybe'";
        };
    return !column.nullable() && dice.chance(35) ? "NULL" : wrong;
  }

  /** One row by two rows of one statement. */
  private String twice() {
    List<Column> columns = scene.table.columns().stream().filter(Column::needed).toList();
    String row = columns.stream().map(this::fresh).collect(Collectors.joining(", ", "(", ")"));
    String names = columns.stream().map(Column::sql).collect(Collectors.joining(", "));
    @Nullable String key = scene.table.uniques().getFirst().list();
    return "INSERT INTO "
        + scene.table.name()
        + " ("
        + names
        + ") VALUES "
        + row
        + ", "
        + row
        + dice.one("", " ON CONFLICT (" + key + ") DO UPDATE SET shard = " + scene.shard);
  }

  private String merged() {
    String key = scene.table.key().getFirst();
    return "MERGE INTO "
        + scene.target()
        + " USING (SELECT i FROM generate_series(1, 2) AS i) AS s ON "
        + scene.inShard()
        + " AND "
        + scene.qualified(scene.table.column(key))
        + " = "
        + scene.values.key()
        + " WHEN MATCHED THEN "
        + dice.one("DELETE", "UPDATE SET shard = " + scene.shard);
  }
}
