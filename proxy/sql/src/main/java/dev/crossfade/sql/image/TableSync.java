package dev.crossfade.sql.image;

import dev.crossfade.core.schema.ColumnShape;
import dev.crossfade.core.schema.ColumnShape.Filling;
import dev.crossfade.core.schema.TableName;
import dev.crossfade.core.schema.TableShape;
import dev.crossfade.core.schema.TableShape.UniqueKey;
import dev.crossfade.sql.lens.CompiledLens.MappedTable;
import dev.crossfade.sql.lens.Sql;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * How one table of the receiving side is made equal to its image. Parameters are written as {@code
 * ?}; each is a {@code text[]}, and every value is text in the form of the server.
 *
 * @param table of the receiving side
 * @param columns that the image gives, in the order of the parameters
 * @param key positions in {@code columns} of the table's own key; empty when no key tells its rows
 *     apart, and all rows of an entity are replaced
 * @param single positions in {@code columns} of the entity's key where no entity has more than one
 *     row; else empty
 * @param read the image, to be run on the authority; parameters: the entity keys
 * @param delete removes the rows that the image no longer has; parameters: the entity keys, then
 *     for each part of {@code key} the values of the image
 * @param clear removes all rows of the entities; parameters: the entity keys
 * @param write adds and changes rows; parameters: for each column the values of the image
 * @param rivals finds the entities that have a value which only one may have
 */
public record TableSync(
    TableName table,
    List<String> columns,
    List<Integer> key,
    List<Integer> single,
    String read,
    String delete,
    String clear,
    String write,
    List<Rival> rivals) {
  /** What {@code =} compares exactly as their text would, and faster. */
  static final Set<String> EXACT =
      Set.of(
          "smallint",
          "integer",
          "bigint",
          "boolean",
          "uuid",
          "date",
          "timestamp without time zone",
          "timestamp with time zone");

  private static final Pattern LIMITED =
      Pattern.compile("(character varying|character)\\(\\d+\\)((?:\\[\\])*)");

  public TableSync {
    columns = List.copyOf(columns);
    key = List.copyOf(key);
    single = List.copyOf(single);
    rivals = List.copyOf(rivals);
  }

  /**
   * @param columns positions of a unique key's columns in the image
   * @param query gives the keys of other entities with the same values; parameters: the entity
   *     keys, then for each of {@code columns} the values of the image
   */
  public record Rival(List<Integer> columns, String query) {
    public Rival {
      columns = List.copyOf(columns);
    }
  }

  /** Whether rows are told apart by a key of the table. */
  public boolean isKeyed() {
    return !key.isEmpty();
  }

  /**
   * @param restricted the table's query over the authority's tables, only of the entities
   */
  static TableSync of(MappedTable table, String restricted, KeySql keys) {
    TableShape shape = table.shape();
    List<ColumnShape> given = new ArrayList<>();
    for (ColumnShape column : shape.columns()) {
      if (table.columns().contains(column.name())
          && !(column.filling() instanceof Filling.Generated)) {
        given.add(column);
      }
    }
    List<String> names = given.stream().map(ColumnShape::name).toList();
    List<String> key = key(shape, names);
    String with = "WITH " + keys.common() + ' ';
    String clear =
        with
            + "DELETE FROM "
            + Sql.quote(shape.name())
            + " AS t WHERE "
            + keys.condition("t.", table.entity());
    return new TableSync(
        shape.name(),
        names,
        key.stream().map(names::indexOf).toList(),
        single(table, names, key),
        with + read(given, restricted),
        clear + absent(shape, key),
        clear,
        write(shape, given, key),
        rivals(table, names, keys));
  }

  private static List<Integer> single(MappedTable table, List<String> given, List<String> key) {
    List<String> entity = table.entity();
    boolean single = !key.isEmpty() && entity.containsAll(key) && given.containsAll(entity);
    return single ? entity.stream().map(given::indexOf).toList() : List.of();
  }

  private static List<Rival> rivals(MappedTable table, List<String> given, KeySql keys) {
    TableShape shape = table.shape();
    List<Rival> rivals = new ArrayList<>();
    for (UniqueKey unique : shape.rules().uniqueKeys()) {
      if (given.containsAll(unique.columns())) {
        String query =
            "WITH "
                + keys.common()
                + " SELECT DISTINCT "
                + list(table.entity(), name -> "CAST(t." + Sql.quote(name) + " AS text)")
                + " FROM "
                + Sql.quote(shape.name())
                + " AS t JOIN "
                + values(shape, unique.columns())
                + " ON "
                + same(unique.columns())
                + " WHERE ("
                + keys.condition("t.", table.entity())
                + ") IS NOT TRUE";
        rivals.add(new Rival(unique.columns().stream().map(given::indexOf).toList(), query));
      }
    }
    return rivals;
  }

  private static String values(TableShape shape, List<String> columns) {
    return "unnest("
        + list(columns, name -> "CAST(CAST(? AS text[]) AS " + type(shape, name) + "[])")
        + ") AS g ("
        + list(columns, Sql::quote)
        + ')';
  }

  private static String same(List<String> columns) {
    return columns.stream()
        .map(name -> "t." + Sql.quote(name) + " = g." + Sql.quote(name))
        .collect(Collectors.joining(" AND "));
  }

  private static String read(List<ColumnShape> given, String restricted) {
    return "SELECT "
        + list(
            given,
            column -> {
              String value = "d." + Sql.quote(column.name());
              // A type that somebody has made may be unknown here; the text of its value is enough.
              return BuiltInTypes.contains(column.type())
                  ? "CAST(CAST(" + value + " AS " + assigned(column.type()) + ") AS text)"
                  : "CAST(" + value + " AS text)";
            })
        + " FROM ("
        + restricted
        + ") AS d";
  }

  private static String absent(TableShape shape, List<String> key) {
    if (key.isEmpty()) {
      return "";
    }
    return " AND NOT EXISTS (SELECT FROM " + values(shape, key) + " WHERE " + same(key) + ')';
  }

  private static String write(TableShape shape, List<ColumnShape> given, List<String> key) {
    boolean numbered =
        given.stream()
            .anyMatch(
                column ->
                    column.filling() instanceof Filling.Identity identity && identity.always());
    StringBuilder sql = new StringBuilder("INSERT INTO ");
    sql.append(Sql.quote(shape.name())).append(" AS t (");
    sql.append(list(given, column -> Sql.quote(column.name()))).append(')');
    sql.append(numbered ? " OVERRIDING SYSTEM VALUE" : "").append(" SELECT ");
    sql.append(
        list(
            given,
            column ->
                "CAST(g." + Sql.quote(column.name()) + " AS " + assigned(column.type()) + ')'));
    sql.append(" FROM unnest(").append(list(given, column -> "CAST(? AS text[])"));
    sql.append(") AS g (").append(list(given, column -> Sql.quote(column.name()))).append(')');
    if (key.isEmpty()) {
      return sql.toString();
    }
    List<ColumnShape> rest =
        given.stream()
            .filter(column -> !key.contains(column.name()))
            // The server takes such a number when the row is made, and never another one.
            .filter(
                column ->
                    !(column.filling() instanceof Filling.Identity identity && identity.always()))
            .toList();
    sql.append(" ON CONFLICT (").append(list(key, Sql::quote)).append(") DO ");
    if (rest.isEmpty()) {
      return sql.append("NOTHING").toString();
    }
    sql.append("UPDATE SET ");
    sql.append(
        list(rest, column -> Sql.quote(column.name()) + " = excluded." + Sql.quote(column.name())));
    sql.append(" WHERE (").append(list(rest, column -> compared("t.", column)));
    sql.append(") IS DISTINCT FROM (").append(list(rest, column -> compared("excluded.", column)));
    return sql.append(')').toString();
  }

  /**
   * A cast to a text of some length cuts what is longer and says nothing. Without the length it is
   * the column that refuses it, or drops spaces at the end as it does for everybody.
   */
  private static String assigned(String type) {
    Matcher limited = LIMITED.matcher(type);
    if (!limited.matches()) {
      return type;
    }
    return (limited.group(1).equals("character") ? "bpchar" : limited.group(1)) + limited.group(2);
  }

  /** Two values that are equal may yet differ, such as 1.0 and 1.00. */
  private static String compared(String qualifier, ColumnShape column) {
    String value = qualifier + Sql.quote(column.name());
    return EXACT.contains(column.type()) ? value : "CAST(" + value + " AS text)";
  }

  /** Columns that the image gives and that no two rows of the table share. */
  private static List<String> key(TableShape shape, List<String> given) {
    if (!shape.primaryKey().isEmpty() && given.containsAll(shape.primaryKey())) {
      return shape.primaryKey();
    }
    for (UniqueKey unique : shape.rules().uniqueKeys()) {
      if (given.containsAll(unique.columns())
          && unique.columns().stream()
              .allMatch(name -> !shape.column(name).orElseThrow().nullable())) {
        return unique.columns();
      }
    }
    return List.of();
  }

  private static String type(TableShape shape, String column) {
    return shape.column(column).orElseThrow().type();
  }

  private static <T> String list(List<T> items, Function<T, String> each) {
    return items.stream().map(each).collect(Collectors.joining(", "));
  }
}
