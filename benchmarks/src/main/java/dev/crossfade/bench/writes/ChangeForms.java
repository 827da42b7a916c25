package dev.crossfade.bench.writes;

import dev.crossfade.bench.writes.Table.Column;
import dev.crossfade.bench.writes.Table.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** UPDATE and DELETE in all their forms. */
final class ChangeForms {
  private final Scene scene;
  private final Dice dice;
  private final Table table;

  ChangeForms(Scene scene) {
    this.scene = scene;
    this.dice = scene.dice;
    this.table = scene.table;
  }

  String updateByKey() {
    return "UPDATE " + scene.target() + " SET " + set(true) + " WHERE " + scene.byKey();
  }

  String updateWhere() {
    return "UPDATE " + scene.target() + " SET " + set(false) + " WHERE " + where();
  }

  String updateReturning() {
    return (dice.chance(50) ? updateByKey() : updateWhere()) + " RETURNING " + scene.returning();
  }

  private String where() {
    return dice.chance(30) ? scene.inShard() + " AND " + subQuery() : scene.where();
  }

  private String subQuery() {
    String key = scene.qualified(table.keyColumns().getFirst());
    return dice.one(
        key
            + " IN (SELECT c.customer_id FROM orders AS c WHERE c.shard = "
            + scene.shard
            + " AND c.quantity > 2)",
        "EXISTS (SELECT FROM settings AS s WHERE s.member_id = "
            + key
            + " AND s.shard = "
            + scene.shard
            + ")",
        key + " = (SELECT min(m.id) FROM members m WHERE m.shard = " + scene.shard + ")",
        key
            + " NOT IN (SELECT a.id FROM articles a WHERE a.shard = "
            + scene.shard
            + " AND cardinality(a.tags) < 2)",
        "(SELECT count(*) FROM order_lines l WHERE l.shard = "
            + scene.shard
            + " AND l.order_id = "
            + key
            + ") > 0");
  }

  /**
   * @param one whether at most one row is changed
   */
  private String set(boolean one) {
    List<Column> columns =
        scene.changed().stream().filter(column -> one || Scene.isShared(column)).toList();
    if (columns.isEmpty()) {
      columns = List.of(scene.shardColumn());
    }
    if (columns.size() > 1 && dice.chance(30)) {
      return "("
          + names(columns)
          + ") = "
          + dice.one("ROW", "")
          + columns.stream().map(this::value).collect(Collectors.joining(", ", "(", ")"));
    }
    return columns.stream()
        .map(column -> column.sql() + " = " + value(column))
        .collect(Collectors.joining(", "));
  }

  private static String names(List<Column> columns) {
    return columns.stream().map(Column::sql).collect(Collectors.joining(", "));
  }

  private String value(Column column) {
    if (!column.needed() && dice.chance(10)) {
      return "DEFAULT";
    }
    boolean literal = column.type().isUnique() || dice.chance(40);
    return literal ? scene.values.literal(column) : scene.expression(column);
  }

  /** Values from sub-queries of one row or none. */
  String updateQuery() {
    List<Column> columns =
        scene.changed().stream()
            .filter(Scene::isShared)
            .filter(Column::nullable)
            .collect(Collectors.toCollection(ArrayList::new));
    String from = " FROM " + table.name() + " AS q WHERE q.shard = " + scene.shard + " AND ";
    String one =
        "q."
            + table.uniques().getLast().columns().getLast()
            + " IS NOT NULL ORDER BY "
            + order("q")
            + " LIMIT 1)";
    Column filled = dice.one(table.plain().stream().filter(Scene::isShared).toList());
    String whole =
        filled.sql()
            + " = coalesce((SELECT q."
            + filled.sql()
            + from
            + one
            + ", "
            + scene.qualified(filled)
            + ")";
    columns.remove(filled);
    if (columns.isEmpty()) {
      return "UPDATE " + scene.target() + " SET " + whole + " WHERE " + scene.where();
    }
    String list =
        columns.stream().map(column -> "q." + column.sql()).collect(Collectors.joining(", "));
    String row =
        "("
            + names(columns)
            + ") = (SELECT "
            + list
            + from
            + dice.one(
                one,
                "q."
                    + table.key().getFirst()
                    + " = "
                    + scene.qualified(table.keyColumns().getFirst())
                    + " ORDER BY "
                    + order("q")
                    + " LIMIT 1)",
                "false)");
    return "UPDATE "
        + scene.target()
        + " SET "
        + (dice.chance(50) ? row : row + ", " + whole)
        + " WHERE "
        + (dice.chance(50) ? scene.byKey() : scene.where());
  }

  private String order(String alias) {
    return table.keyColumns().stream()
        .map(each -> alias + "." + each.sql())
        .collect(Collectors.joining(", "));
  }

  /** Joined with rows of which at most one fits a row. */
  String updateFrom() {
    Column column = dice.one(table.plain().stream().filter(Scene::isShared).toList());
    String value = scene.expression(column);
    String sql =
        "UPDATE " + scene.target() + " SET " + column.sql() + " = " + value + " FROM " + joined();
    return dice.chance(40) ? sql + " RETURNING " + joinedReturning() : sql;
  }

  private String joinedReturning() {
    Column column = dice.one(table.columns());
    return dice.one(
        "*",
        scene.qualified(column) + ", j.*",
        "j.x AS x, " + scene.name + ".*",
        "j.x || '!' AS y, " + scene.qualified(table.keyColumns().getFirst()));
  }

  private String joined() {
    String key = scene.qualified(table.keyColumns().getFirst());
    String shard = scene.inShard();
    return switch (dice.below(4)) {
      case 0 ->
          "(VALUES ("
              + scene.values.key()
              + ", 'a'), ("
              + (scene.values.key() + 100)
              + ", 'b')) AS j(id, x) WHERE j.id = "
              + key
              + " AND "
              + shard;
      case 1 ->
          "(SELECT c.id, c.full_name AS x FROM customers AS c WHERE c.shard = "
              + scene.shard
              + ") AS j WHERE j.id = "
              + key
              + " AND "
              + shard;
      case 2 ->
          "(SELECT m.id, m.nick AS x FROM members m JOIN settings s ON s.member_id = m.id WHERE"
              + " m.shard = "
              + scene.shard
              + " AND s.shard = "
              + scene.shard
              + ") AS j WHERE j.id = "
              + key
              + " AND "
              + shard
              + " AND "
              + scene.predicate();
      default ->
          "(SELECT a.id, a.title AS x FROM articles AS a WHERE a.shard = "
              + scene.shard
              + ") AS j LEFT JOIN members AS k ON k.id = j.id AND k.shard = "
              + scene.shard
              + " WHERE j.id = "
              + key
              + " AND "
              + shard;
    };
  }

  String updateKey() {
    Column key = table.keyColumns().getLast();
    String value =
        key.type() == Type.KEY
            ? String.valueOf(scene.values.key())
            : scene.values.literal(key.type());
    String more = dice.chance(30) ? ", " + set(true) : "";
    return "UPDATE "
        + scene.target()
        + " SET "
        + key.sql()
        + " = "
        + dice.one(value, scene.values.fresh(key))
        + more
        + " WHERE "
        + scene.byKey()
        + (dice.chance(30) ? " RETURNING " + scene.returning() : "");
  }

  /** One row to a key that may be taken. */
  String moveOne() {
    Column key = table.keyColumns().getFirst();
    return "UPDATE "
        + scene.target()
        + " SET "
        + key.sql()
        + " = "
        + scene.values.key()
        + " WHERE "
        + scene.byKey();
  }

  String deleteByKey() {
    return "DELETE FROM " + scene.target() + " WHERE " + scene.byKey();
  }

  String deleteWhere() {
    return "DELETE FROM " + scene.target() + " WHERE " + where() + " AND " + scene.predicate();
  }

  String deleteUsing() {
    String sql = "DELETE FROM " + scene.target() + " USING " + joined();
    return dice.chance(40) ? sql + " RETURNING " + joinedReturning() : sql;
  }

  String deleteReturning() {
    return (dice.chance(60) ? deleteByKey() : deleteWhere()) + " RETURNING " + scene.returning();
  }

  /** A WITH in front that is read. */
  String with() {
    String key = table.keyColumns().getFirst().sql();
    String query =
        "WITH "
            + dice.one("w", "\"W w\"", table.name()).replace(table.name(), "w")
            + " AS (SELECT v."
            + key
            + " AS k FROM "
            + table.name()
            + " AS v WHERE v.shard = "
            + scene.shard
            + " AND v."
            + key
            + " % 4 = "
            + dice.below(4)
            + ") ";
    String name = query.contains("\"W w\"") ? "\"W w\"" : "w";
    String where =
        " WHERE " + scene.inShard() + " AND " + scene.qualified(table.keyColumns().getFirst());
    return query
        + switch (dice.below(3)) {
          case 0 ->
              "UPDATE "
                  + scene.target()
                  + " SET "
                  + set(false)
                  + where
                  + " IN (SELECT k FROM "
                  + name
                  + ")";
          case 1 ->
              "DELETE FROM " + scene.target() + where + " = (SELECT max(k) FROM " + name + ")";
          default ->
              "UPDATE "
                  + scene.target()
                  + " SET "
                  + set(false)
                  + where
                  + " IN (SELECT k FROM "
                  + name
                  + ") RETURNING "
                  + scene.returning();
        };
  }
}
