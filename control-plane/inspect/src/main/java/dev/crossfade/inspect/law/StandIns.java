package dev.crossfade.inspect.law;

import dev.crossfade.core.schema.ColumnShape;
import dev.crossfade.core.schema.ColumnShape.Filling;
import dev.crossfade.inspect.database.Database;
import dev.crossfade.inspect.database.QueryException;
import dev.crossfade.sql.lens.CompiledLens.MappedTable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * How one side computes with the other's types and defaults: an enum that it does not have is text,
 * a domain is what it is a domain of.
 *
 * @param types by the name of a type of the other side, only those that need to be known more of
 * @param fillings by the text of a default, those that this side can compute
 */
record StandIns(Map<String, UserType> types, Map<String, Boolean> fillings) {
  StandIns {
    types = Map.copyOf(types);
    fillings = Map.copyOf(fillings);
  }

  /**
   * A type that somebody has made.
   *
   * @param standIn what it is cast to on this side
   * @param labels of an enum; empty when it is none
   * @param conditions of a domain over VALUE
   * @param notNull whether the domain forbids NULL
   */
  record UserType(String standIn, List<String> labels, List<String> conditions, boolean notNull) {
    UserType {
      labels = List.copyOf(labels);
      conditions = List.copyOf(conditions);
    }
  }

  /**
   * @param here where the queries will run
   * @param there whose tables these are
   */
  static StandIns read(Database here, Database there, Collection<MappedTable> tables)
      throws QueryException {
    Map<String, UserType> types = new HashMap<>();
    Map<String, Boolean> fillings = new HashMap<>();
    for (MappedTable table : tables) {
      for (ColumnShape column : table.shape().columns()) {
        if (!types.containsKey(column.type())) {
          UserType type = type(column.type(), here, there);
          if (type != null) {
            types.put(column.type(), type);
          }
        }
        if (!table.columns().contains(column.name())
            && column.filling() instanceof Filling.Default(String expression)) {
          fillings.put(expression, isComputable(expression, here));
        }
      }
    }
    return new StandIns(types, fillings);
  }

  /** What a column of the other side is cast to here. */
  String type(ColumnShape column) {
    UserType type = types.get(column.type());
    return type == null ? column.type() : type.standIn();
  }

  /** Names of types that are computed with as others, for people. */
  Map<String, String> replaced() {
    Map<String, String> replaced = new TreeMap<>();
    types.forEach(
        (name, type) -> {
          if (!type.standIn().equals(name)) {
            replaced.put(name, type.standIn());
          }
        });
    return replaced;
  }

  /** What stands in a column that the query does not give. */
  String filling(ColumnShape column) {
    String value =
        switch (column.filling()) {
          case Filling.Default(String expression)
              when Boolean.TRUE.equals(fillings.get(expression)) ->
              '(' + expression + ')';
          case Filling.Default ignored -> "NULL";
          case Filling.Nothing ignored -> "NULL";
          case Filling.Identity ignored -> "NULL";
          case Filling.Generated ignored -> "NULL";
        };
    return "CAST(" + value + " AS " + type(column) + ')';
  }

  private static boolean isComputable(String expression, Database here) {
    try {
      here.query("SELECT (" + expression + ") LIMIT 0");
      return !expression.contains("nextval(");
    } catch (QueryException e) {
      return false;
    }
  }

  private static @Nullable UserType type(String name, Database here, Database there)
      throws QueryException {
    List<List<@Nullable String>> rows = there.query(describe(name));
    if (rows.isEmpty()) {
      return null;
    }
    List<@Nullable String> row = rows.getFirst();
    boolean array = "A".equals(row.get(4));
    return switch (String.valueOf(row.get(0))) {
      case "e" -> {
        List<String> labels = labels(name, there);
        boolean same = labels(name, here).equals(labels);
        yield new UserType(same ? name : "text", labels, List.of(), false);
      }
      case "d" ->
          new UserType(
              String.valueOf(row.get(1)),
              List.of(),
              conditions(name, there),
              "t".equals(row.get(2)));
      default -> {
        boolean known =
            here.query("SELECT to_regtype(" + Quoted.literal(name) + ")::text")
                    .getFirst()
                    .getFirst()
                != null;
        yield known || !array || !"e".equals(row.get(3))
            ? null
            : new UserType("text[]", List.of(), List.of(), false);
      }
    };
  }

  private static String describe(String name) {
    return """
    SELECT t.typtype::text, CASE WHEN t.typtype = 'd' THEN format_type(t.typbasetype, t.typtypmod) END,
           t.typnotnull::text::char(1), e.typtype::text, t.typcategory::text
    FROM pg_type t LEFT JOIN pg_type e ON e.oid = t.typelem AND t.typelem <> 0
    WHERE t.oid = to_regtype(%s)
    """
        .formatted(Quoted.literal(name));
  }

  private static List<String> labels(String name, Database database) throws QueryException {
    return texts(
        database.query(
            "SELECT enumlabel FROM pg_enum WHERE enumtypid = to_regtype("
                + Quoted.literal(name)
                + ") ORDER BY enumsortorder"));
  }

  private static List<String> conditions(String name, Database database) throws QueryException {
    return texts(
        database.query(
            "SELECT pg_get_expr(conbin, 0) FROM pg_constraint WHERE contype = 'c' AND contypid ="
                + " to_regtype("
                + Quoted.literal(name)
                + ") ORDER BY conname"));
  }

  private static List<String> texts(List<List<@Nullable String>> rows) {
    List<String> texts = new ArrayList<>();
    rows.forEach(row -> texts.add(String.valueOf(row.getFirst())));
    return texts;
  }
}
