package dev.crossfade.inspect.law;

import dev.crossfade.core.schema.ColumnShape;
import dev.crossfade.core.schema.ColumnShape.Filling;
import dev.crossfade.core.schema.TableName;
import dev.crossfade.core.schema.TableShape.Check;
import dev.crossfade.core.schema.TableShape.UniqueKey;
import dev.crossfade.inspect.finding.Code;
import dev.crossfade.inspect.law.StandIns.UserType;
import dev.crossfade.sql.image.QueryText;
import dev.crossfade.sql.lens.CompiledLens.MappedTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the catalog of the other side demands of each row of a table, as conditions that are true
 * for rows that violate it.
 */
record ImageRules(MappedTable table, List<Rule> rules) {
  private static final Pattern LIMITED =
      Pattern.compile("character(?: varying)?\\((\\d+)\\)", Pattern.CASE_INSENSITIVE);

  ImageRules {
    rules = List.copyOf(rules);
  }

  /**
   * A demand.
   *
   * @param place of it, without the side
   * @param violated a condition over {@code i}, a row of the image
   * @param words what a row that violates it does
   * @param raw whether the row is as the query gives it, not yet cast to the table's types
   */
  record Rule(Code code, String place, String violated, String words, boolean raw) {}

  static ImageRules of(MappedTable table, StandIns standIns) {
    List<Rule> rules = new ArrayList<>();
    TableName name = table.shape().name();
    for (ColumnShape column : table.shape().columns()) {
      boolean given = table.columns().contains(column.name());
      boolean known = given || isKnown(column, standIns);
      if (!column.nullable() && known) {
        rules.add(notNull(name, column));
      }
      if (given) {
        limits(name, column, rules);
        UserType type = standIns.types().get(column.type());
        if (type != null) {
          userType(name, column, type, rules);
        }
      }
    }
    for (Check check : table.shape().rules().checks()) {
      rules.add(
          new Rule(
              Code.CHECK_VIOLATED,
              name + " " + check.name(),
              '(' + check.expression() + ") IS FALSE",
              "violates CHECK " + check.name(),
              false));
    }
    for (UniqueKey key : ownKeys(table)) {
      rules.add(unique(name, key));
    }
    return new ImageRules(table, rules);
  }

  private static boolean isKnown(ColumnShape column, StandIns standIns) {
    return switch (column.filling()) {
      case Filling.Nothing ignored -> true;
      case Filling.Generated ignored -> true;
      case Filling.Default(String expression) ->
          Boolean.TRUE.equals(standIns.fillings().get(expression));
      case Filling.Identity ignored -> false;
    };
  }

  private static Rule notNull(TableName table, ColumnShape column) {
    return new Rule(
        Code.NULL_IN_NOT_NULL,
        table + "." + column.name(),
        "i." + Quoted.name(column.name()) + " IS NULL",
        "gives NULL",
        false);
  }

  private static void limits(TableName table, ColumnShape column, List<Rule> rules) {
    Matcher limited = LIMITED.matcher(column.type());
    if (limited.matches()) {
      rules.add(
          new Rule(
              Code.TOO_LONG,
              table + "." + column.name(),
              "length(rtrim(CAST(i."
                  + Quoted.name(column.name())
                  + " AS text))) > "
                  + limited.group(1),
              "is longer than " + limited.group(1) + " characters",
              true));
    }
  }

  private static void userType(
      TableName table, ColumnShape column, UserType type, List<Rule> rules) {
    String value = "i." + Quoted.name(column.name());
    String place = table + "." + column.name();
    if (!type.labels().isEmpty()) {
      rules.add(
          new Rule(
              Code.LABEL_UNKNOWN,
              place,
              "CAST("
                  + value
                  + " AS text) NOT IN ("
                  + Quoted.list(type.labels(), Quoted::literal)
                  + ')',
              "is no label of " + column.type(),
              true));
    }
    if (type.notNull()) {
      rules.add(notNull(table, column));
    }
    for (String condition : type.conditions()) {
      rules.add(
          new Rule(
              Code.CHECK_VIOLATED,
              place,
              '(' + QueryText.replaceWord(condition, "VALUE", value) + ") IS FALSE",
              "violates the domain " + column.type(),
              false));
    }
  }

  private static Rule unique(TableName table, UniqueKey key) {
    String columns = Quoted.list(key.columns(), name -> "i." + Quoted.name(name));
    return new Rule(
        Code.NOT_UNIQUE,
        table + " " + key.name(),
        "(" + columns + ") IS NOT NULL AND count(*) OVER (PARTITION BY " + columns + ") > 1",
        "is not the only one with its " + String.join(", ", key.columns()),
        false);
  }

  /** Keys that rows of one entity only can have in common. */
  private static List<UniqueKey> ownKeys(MappedTable table) {
    Set<String> entity = Set.copyOf(table.entity());
    return table.shape().rules().uniqueKeys().stream()
        .filter(key -> !entity.isEmpty() && key.columns().containsAll(entity))
        .filter(key -> isGiven(table, key))
        .toList();
  }

  /** Keys that rows of different entities can have in common. */
  static List<UniqueKey> commonKeys(MappedTable table) {
    Set<String> entity = Set.copyOf(table.entity());
    return table.shape().rules().uniqueKeys().stream()
        .filter(key -> entity.isEmpty() || !key.columns().containsAll(entity))
        .filter(key -> isGiven(table, key))
        .toList();
  }

  private static boolean isGiven(MappedTable table, UniqueKey key) {
    return table.columns().containsAll(key.columns());
  }

  /** The columns that name a row of the image. */
  List<String> key() {
    return Comparison.of(table.shape(), table.columns(), table.entity()).key();
  }

  /**
   * The rows that violate any of some rules: the key as text, and a letter for each rule.
   *
   * @param some all raw, or none
   * @param image a query in parentheses
   */
  String sql(List<Rule> some, String image) {
    StringBuilder flags = new StringBuilder();
    for (Rule rule : some) {
      flags.append(flags.isEmpty() ? "" : ", ");
      flags.append("CASE WHEN ").append(rule.violated()).append(" THEN 'x' ELSE '-' END");
    }
    return "SELECT v.* FROM (SELECT "
        + keyText("i")
        + " AS row_key, array_to_string(ARRAY["
        + flags
        + "], '') AS flags FROM "
        + image
        + " AS i) AS v WHERE strpos(v.flags, 'x') > 0";
  }

  String keyText(String alias) {
    return "array_to_string(ARRAY["
        + Quoted.list(
            key(),
            name ->
                Quoted.literal(name + '=')
                    + " || coalesce(CAST("
                    + alias
                    + '.'
                    + Quoted.name(name)
                    + " AS text), 'NULL')")
        + "], ', ')";
  }
}
