package dev.crossfade.bench.writes;

import dev.crossfade.bench.writes.Table.Column;
import dev.crossfade.bench.writes.Table.Type;
import java.util.List;

/** What a statement is written about, and the parts that all forms share. */
final class Scene {
  final Dice dice;
  final Values values;
  final Table table;

  /** The rows that it may touch. */
  final int shard;

  /** The statement's. */
  final int number;

  /** What its target is called in it. */
  final String name;

  Scene(Dice dice, Table table, int shard, int number) {
    this.dice = dice;
    this.values = new Values(dice, shard, number);
    this.table = table;
    this.shard = shard;
    this.number = number;
    this.name = dice.chance(25) ? dice.one("t", "\"T x\"", "target") : table.name();
  }

  /** The target as it stands behind UPDATE or FROM. */
  String target() {
    String written = dice.one(table.name(), "public." + table.name(), '"' + table.name() + '"');
    return name.equals(table.name()) ? written : written + dice.one(" AS ", " ") + name;
  }

  /** The target of an INSERT, whose alias needs an AS. */
  String insertTarget() {
    String written = dice.one(table.name(), "public." + table.name());
    return name.equals(table.name()) ? written : written + " AS " + name;
  }

  String own(Column column) {
    return dice.chance(50) || needsNoName() ? name + "." + column.sql() : column.sql();
  }

  String qualified(Column column) {
    return name + "." + column.sql();
  }

  private boolean needsNoName() {
    return false;
  }

  Column shardColumn() {
    return table.column("shard");
  }

  /** About rows of the shard only. */
  String inShard() {
    return name + ".shard = " + shard;
  }

  /** One row by its key. */
  String byKey() {
    StringBuilder sql = new StringBuilder();
    for (Column column : table.keyColumns()) {
      sql.append(sql.isEmpty() ? "" : " AND ").append(qualified(column)).append(" = ");
      sql.append(values.literal(column.type()));
    }
    return sql.toString();
  }

  /** Some rows of the shard. */
  String where() {
    return inShard() + " AND " + predicate();
  }

  String predicate() {
    Column column = dice.one(table.columns());
    String own = qualified(column);
    return switch (column.type()) {
      case KEY, CUSTOMER, ORDER ->
          dice.one(
              own + " = " + values.key(),
              own + " IN (" + values.key() + ", " + values.key() + ", " + values.key() + ")",
              own + " BETWEEN " + values.key() + " AND " + values.key(),
              own + " % 5 = " + dice.below(5),
              own + " > " + Seeding.FIRST_NUMBER);
      case SHARD -> byKey();
      case NAME, TEXT ->
          dice.one(
              own + " LIKE '%e%'",
              own + " IS NOT NULL AND length(" + own + ") < 8",
              own + " = " + values.literal(column.type()),
              "lower(" + own + ") < 'f'",
              own + " IS NOT DISTINCT FROM NULL");
      case EMAIL, NUMBER, NICK, SKU ->
          dice.one(
              own + " = " + values.literal(column.type()),
              own + " LIKE '%-1%'",
              own
                  + " IN ("
                  + values.literal(column.type())
                  + ", "
                  + values.literal(column.type())
                  + ")");
      case CENTS, AMOUNT, PRICE, INTEGER, SMALL, LINE ->
          dice.one(
              own + " < " + dice.below(50),
              own + " > 1000",
              own + " BETWEEN 1 AND 9",
              "NOT " + own + " = 0");
      case RATING -> dice.one(own + " IS NULL", own + " > 2", "coalesce(" + own + ", 0) = 0");
      case TIER -> own + dice.one(" = 'gold'", " <> 'basic'", " IN ('silver', 'basic')");
      case THEME -> own + " = 'dark'";
      case FLAG -> dice.one(own, "NOT " + own, own + " IS TRUE");
      case DAY ->
          dice.one(
              own + " > '2024-01-05'", own + " IS NULL", "extract(year FROM " + own + ") = 2024");
      case TAGS ->
          dice.one(
              "'a' = ANY (" + own + ")",
              "cardinality(" + own + ") > 1",
              own + " = '{}'",
              own + " @> '{x}'");
    };
  }

  /** A list for RETURNING. */
  String returning() {
    Column first = dice.one(table.columns());
    Column second = dice.one(table.columns());
    return dice.one(
        "*",
        name + ".*",
        own(table.keyColumns().getFirst()),
        qualified(table.keyColumns().getFirst()) + " AS k, " + expression(first) + " AS changed",
        own(first) + ", " + own(second) + " AS \"second one\"",
        "*, " + qualified(first) + " IS NULL AS empty",
        "(SELECT count(*) FROM articles AS r WHERE r.shard = "
            + shard
            + " AND r.id < 0) AS none, "
            + own(second));
  }

  String expression(Column column) {
    return values.expression(column.type(), qualified(column));
  }

  /** Columns that a SET names: one or more. */
  List<Column> changed() {
    List<Column> some = dice.some(table.plain(), dice.between(1, 3));
    return some.isEmpty() ? List.of(table.plain().getFirst()) : some;
  }

  /** Whether several rows can be given the same value of it. */
  static boolean isShared(Column column) {
    return !column.type().isUnique() && column.type() != Type.CUSTOMER;
  }
}
