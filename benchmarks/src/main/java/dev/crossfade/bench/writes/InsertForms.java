package dev.crossfade.bench.writes;

import dev.crossfade.bench.writes.Table.Column;
import dev.crossfade.bench.writes.Table.Type;
import dev.crossfade.bench.writes.Table.Unique;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** INSERT in all its forms. */
final class InsertForms {
  private final Scene scene;
  private final Dice dice;
  private final Table table;

  InsertForms(Scene scene) {
    this.scene = scene;
    this.dice = scene.dice;
    this.table = scene.table;
  }

  String values(int rows) {
    List<Column> columns = columns();
    return head(columns) + rows(columns, rows, List.of());
  }

  /** A row of nobody's. */
  String defaults() {
    return "INSERT INTO visits DEFAULT VALUES" + dice.one("", " RETURNING id", " RETURNING *");
  }

  String returning() {
    return values(dice.between(1, 3)) + " RETURNING " + scene.returning();
  }

  /** Whether the key is given or counted, the rows themselves and what they leave to defaults. */
  private List<Column> columns() {
    boolean counted = table.numbered() && dice.chance(40);
    return table.columns().stream()
        .filter(column -> !(counted && column.type() == Type.KEY))
        .filter(column -> column.needed() || dice.chance(60))
        .collect(Collectors.toCollection(ArrayList::new));
  }

  private String head(List<Column> columns) {
    boolean all = columns.size() == table.columns().size() && dice.chance(50);
    String list = columns.stream().map(Column::sql).collect(Collectors.joining(", "));
    return "INSERT INTO " + scene.insertTarget() + (all ? "" : " (" + list + ")");
  }

  /**
   * @param fresh columns that are not to be in anybody's way
   */
  private String rows(List<Column> columns, int rows, List<String> fresh) {
    List<String> all = new ArrayList<>();
    boolean allFresh = dice.chance(60);
    for (int row = 0; row < rows; row++) {
      List<String> cells = new ArrayList<>();
      for (Column column : columns) {
        cells.add(cell(column, allFresh || fresh.contains(column.name())));
      }
      all.add("(" + String.join(", ", cells) + ")");
    }
    return " VALUES " + String.join(", ", all);
  }

  private String cell(Column column, boolean fresh) {
    boolean counts = column.type() == Type.KEY && table.numbered();
    if ((!column.needed() || counts) && dice.chance(15)) {
      return "DEFAULT";
    }
    boolean own = fresh && (column.type() == Type.KEY || column.type().isUnique());
    return own ? scene.values.fresh(column) : scene.values.literal(column);
  }

  /** From the rows of the table itself, in the order of their keys: numbers are given in it. */
  String select() {
    List<Column> columns = columns();
    String cells = columns.stream().map(column -> copied(column)).collect(Collectors.joining(", "));
    String order =
        table.keyColumns().stream()
            .map(each -> "o." + each.sql())
            .collect(Collectors.joining(", "));
    String with =
        dice.chance(30)
            ? "WITH o AS (SELECT * FROM "
                + table.name()
                + " AS w WHERE w.shard = "
                + scene.shard
                + ") "
            : "";
    String from = with.isEmpty() ? table.name() + " AS o" : "o";
    String select =
        "SELECT "
            + cells
            + " FROM "
            + from
            + " WHERE o.shard = "
            + scene.shard
            + " AND o."
            + table.keyColumns().getFirst().sql()
            + " % 7 = "
            + dice.below(7)
            + (" AND o."
                + table.keyColumns().getFirst().sql()
                + " < "
                + Seeding.FIRST_NUMBER
                + " ORDER BY "
                + order);
    String limited = dice.chance(30) ? select + " LIMIT 2" : select;
    return (dice.chance(50) ? with + head(columns) + " " : head(columns) + " " + with)
        + limited
        + (dice.chance(30) ? " RETURNING " + scene.returning() : "");
  }

  private String copied(Column column) {
    String own = "o." + column.sql();
    return switch (column.type()) {
      case KEY -> own + " + " + (500_000 + 10_000 * dice.below(40));
      case EMAIL, NUMBER, NICK ->
          "'c" + scene.number + "-' || o." + table.key().getFirst() + " % 10000";
      case SKU -> "left('c' || o.sku, 10)";
      case LINE -> own + " + " + (50 + scene.number * 7);
      case SHARD, CUSTOMER, ORDER -> own;
      default -> dice.chance(50) ? own : scene.values.expression(column.type(), own);
    };
  }

  String conflictNothing() {
    return values(dice.between(1, 3)) + nothing() + maybeReturning();
  }

  String nothing() {
    String target =
        switch (dice.below(4)) {
          case 0 -> " ON CONSTRAINT " + dice.one(table.uniques()).constraint();
          case 1 ->
              table.uniques().size() == 1 || dice.chance(20)
                  ? ""
                  : " (" + table.uniques().getFirst().list() + ")";
          default -> " (" + dice.one(table.uniques()).list() + ")";
        };
    return " ON CONFLICT" + target + " DO NOTHING";
  }

  String conflictUpdate() {
    Unique unique = dice.one(table.uniques());
    if (dice.chance(70)) {
      return values(1) + update(unique) + maybeReturning();
    }
    // Of two rows that break one rule each, either may be told.
    List<String> others =
        table.uniques().stream()
            .flatMap(other -> other.columns().stream())
            .filter(column -> !unique.columns().contains(column))
            .toList();
    List<Column> columns = columns();
    return head(columns) + rows(columns, 2, others) + update(unique) + maybeReturning();
  }

  String update(Unique unique) {
    String target =
        dice.chance(30) ? " ON CONSTRAINT " + unique.constraint() : " (" + unique.list() + ")";
    List<String> set = new ArrayList<>();
    for (Column column : scene.changed()) {
      if (!unique.columns().contains(column.name())) {
        set.add(column.sql() + " = " + becomes(column));
      }
    }
    if (set.isEmpty()) {
      Column shard = scene.shardColumn();
      set.add(shard.sql() + " = EXCLUDED." + shard.sql());
    }
    // A row that is there may be of another shard only where the key says so: never.
    String where = dice.chance(30) ? " WHERE " + scene.predicate() : "";
    return " ON CONFLICT" + target + " DO UPDATE SET " + String.join(", ", set) + where;
  }

  private String becomes(Column column) {
    String excluded = "EXCLUDED." + column.sql();
    if (column.type().isUnique() || column.type() == Type.CUSTOMER) {
      return excluded;
    }
    String own = scene.qualified(column);
    return switch (column.type()) {
      case CENTS ->
          dice.one("(" + own + " + " + excluded + ") % 100000", excluded, scene.expression(column));
      case INTEGER -> dice.one("coalesce(" + own + " + " + excluded + ", 1) % 1000", excluded);
      case TAGS -> dice.one(own + " || " + excluded, excluded);
      default -> dice.one(excluded, scene.expression(column), scene.values.literal(column.type()));
    };
  }

  private String maybeReturning() {
    return dice.chance(35) ? " RETURNING " + scene.returning() : "";
  }
}
