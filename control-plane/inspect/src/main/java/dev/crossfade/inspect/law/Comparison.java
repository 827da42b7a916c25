package dev.crossfade.inspect.law;

import dev.crossfade.core.schema.ColumnShape;
import dev.crossfade.core.schema.TableShape;
import dev.crossfade.core.schema.TableShape.UniqueKey;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One query that compares two sets of rows of a table, row by row, and gives those that differ.
 * Rows are paired by a key of the table; of several with one key, which an image may have, the
 * first with the first.
 *
 * @param key columns that pair rows
 * @param columns that are compared, the key's among them
 */
record Comparison(List<String> key, List<ColumnShape> columns) {
  private static final int SHOWN_CHARS = 60;
  private static final String ROW_COUNT = "#";

  Comparison {
    key = List.copyOf(key);
    columns = List.copyOf(columns);
  }

  /** How a value came back. The letters are what the query answers with. */
  enum Change {
    SAME("=", "is the same"),
    NORMALISED("~", "comes back in another form"),
    NULLED("N", "comes back as NULL"),
    INVENTED("V", "was NULL and comes back as a value"),
    CUT("C", "comes back cut off"),
    OTHER("!", "comes back as another value");

    private final String letter;
    private final String words;

    Change(String letter, String words) {
      this.letter = letter;
      this.words = words;
    }

    String words() {
      return words;
    }

    private static Change of(char letter) {
      for (Change change : values()) {
        if (change.letter.charAt(0) == letter) {
          return change;
        }
      }
      throw new IllegalArgumentException("no change is written " + letter);
    }
  }

  /** What became of a row. */
  enum Fate {
    CHANGED,
    LOST,
    INVENTED
  }

  /**
   * A row that did not come back as it was.
   *
   * @param key such as {@code id=7}
   * @param changes by column; empty unless the row has changed
   * @param hashes of what came back, by column
   * @param values what was there and what came back, by column; empty unless asked for
   */
  record Difference(
      Fate fate, String key, List<Change> changes, List<String> hashes, List<String> values) {
    Difference {
      changes = List.copyOf(changes);
      hashes = List.copyOf(hashes);
      values = List.copyOf(values);
    }
  }

  /**
   * @param rows that were compared
   * @param differences those that differ
   */
  record Outcome(long rows, List<Difference> differences) {
    Outcome {
      differences = List.copyOf(differences);
    }
  }

  /**
   * @param given columns that both sets of rows have
   * @param entity what pairs rows when the table has no key among these
   */
  static Comparison of(TableShape table, List<String> given, List<String> entity) {
    List<ColumnShape> columns =
        table.columns().stream().filter(column -> given.contains(column.name())).toList();
    return new Comparison(key(table, given, entity), columns);
  }

  private static List<String> key(TableShape table, List<String> given, List<String> entity) {
    if (!table.primaryKey().isEmpty() && given.containsAll(table.primaryKey())) {
      return table.primaryKey();
    }
    for (UniqueKey unique : table.rules().uniqueKeys()) {
      boolean filled =
          unique.columns().stream()
              .allMatch(name -> table.column(name).filter(c -> !c.nullable()).isPresent());
      if (filled && given.containsAll(unique.columns())) {
        return unique.columns();
      }
    }
    return given.containsAll(entity) && !entity.isEmpty() ? entity : given;
  }

  /**
   * @param was a query in parentheses: the rows as they are
   * @param is the rows as they come back
   */
  String sql(String was, String is, boolean showValues) {
    List<String> changes = columns.stream().map(Comparison::change).toList();
    return "WITH a AS MATERIALIZED ("
        + numbered(was)
        + "), b AS MATERIALIZED ("
        + numbered(is)
        + ")\nSELECT '"
        + ROW_COUNT
        + "', count(*)::text, NULL, NULL, NULL FROM a\nUNION ALL\n"
        + "SELECT CASE WHEN b.crossfade_n IS NULL THEN '-' WHEN a.crossfade_n IS NULL THEN '+'"
        + " ELSE '!' END, "
        + keyText()
        + ", array_to_string(ARRAY["
        + String.join(", ", changes)
        + "], ''), array_to_string(ARRAY["
        + Quoted.list(names(), Comparison::hash)
        + "], ','), "
        + (showValues
            ? "array_to_string(ARRAY[" + Quoted.list(names(), Comparison::shown) + "], E'\\x01')"
            : "NULL")
        + "\n"
        + "FROM a FULL JOIN b ON a.crossfade_k = b.crossfade_k AND a.crossfade_n = b.crossfade_n\n"
        + "WHERE a.crossfade_n IS NULL OR b.crossfade_n IS NULL OR ROW("
        + Quoted.list(names(), name -> "a." + Quoted.name(name) + "::text")
        + ") IS DISTINCT FROM ROW("
        + Quoted.list(names(), name -> "b." + Quoted.name(name) + "::text")
        + ")";
  }

  private String numbered(String rows) {
    String texts = Quoted.list(names(), name -> "r." + Quoted.name(name) + "::text");
    String keys =
        "ROW(" + Quoted.list(key, name -> "r." + Quoted.name(name) + "::text") + ")::text";
    return "SELECT "
        + Quoted.list(names(), name -> "r." + Quoted.name(name))
        + ", "
        + keys
        + " AS crossfade_k, row_number() OVER (PARTITION BY "
        + keys
        + " ORDER BY ROW("
        + texts
        + ")::text COLLATE \"C\") AS crossfade_n FROM "
        + rows
        + " AS r";
  }

  private String keyText() {
    return "array_to_string(ARRAY["
        + Quoted.list(
            key,
            name -> {
              String quoted = Quoted.name(name);
              return Quoted.literal(name + '=')
                  + " || coalesce(CASE WHEN a.crossfade_n IS NULL THEN b."
                  + quoted
                  + "::text ELSE a."
                  + quoted
                  + "::text END, 'NULL')";
            })
        + "], ', ')";
  }

  private static String hash(String name) {
    return "left(md5(coalesce(b." + Quoted.name(name) + "::text, '')), 8)";
  }

  private static String shown(String name) {
    return "concat("
        + cut("a." + Quoted.name(name))
        + ", ' -> ', "
        + cut("b." + Quoted.name(name))
        + ')';
  }

  private static String cut(String value) {
    return "coalesce(quote_literal(left(" + value + "::text, " + SHOWN_CHARS + ")), 'NULL')";
  }

  private static String change(ColumnShape column) {
    String was = "a." + Quoted.name(column.name());
    String is = "b." + Quoted.name(column.name());
    return "CASE WHEN "
        + was
        + "::text IS NOT DISTINCT FROM "
        + is
        + "::text THEN '=' WHEN "
        + is
        + " IS NULL THEN 'N' WHEN "
        + was
        + " IS NULL THEN 'V' WHEN "
        + alike(column.type(), was, is)
        + " THEN '~' WHEN "
        + (isText(column.type()) ? "starts_with(" + was + "::text, " + is + "::text)" : "false")
        + " THEN 'C' ELSE '!' END";
  }

  /** Whether two values mean the same. */
  private static String alike(String type, String was, String is) {
    if (type.equals("json") || type.equals("jsonb")) {
      return was + "::jsonb = " + is + "::jsonb";
    }
    if (type.startsWith("numeric")
        || type.equals("double precision")
        || type.equals("real")
        || type.equals("interval")
        || type.equals("citext")) {
      return was + " = " + is;
    }
    if (isText(type)) {
      return "rtrim(" + was + "::text) = rtrim(" + is + "::text)";
    }
    return "false";
  }

  private static boolean isText(String type) {
    return type.equals("text") || type.startsWith("character");
  }

  private List<String> names() {
    return columns.stream().map(ColumnShape::name).toList();
  }

  /** Reads the answer of {@link #sql}. */
  Outcome read(List<List<@Nullable String>> answer) {
    long rows = 0;
    List<Difference> differences = new ArrayList<>();
    for (List<@Nullable String> row : answer) {
      String kind = String.valueOf(row.get(0));
      String key = String.valueOf(row.get(1));
      if (kind.equals(ROW_COUNT)) {
        rows = Long.parseLong(key);
      } else {
        differences.add(difference(kind, key, row));
      }
    }
    return new Outcome(rows, differences);
  }

  private static Difference difference(String kind, String key, List<@Nullable String> row) {
    return switch (kind) {
      case "-" -> new Difference(Fate.LOST, key, List.of(), List.of(), List.of());
      case "+" -> new Difference(Fate.INVENTED, key, List.of(), List.of(), List.of());
      default -> {
        List<Change> changes =
            String.valueOf(row.get(2)).chars().mapToObj(c -> Change.of((char) c)).toList();
        String values = row.get(4);
        yield new Difference(
            Fate.CHANGED,
            key,
            changes,
            List.of(String.valueOf(row.get(3)).split(",")),
            values == null ? List.of() : List.of(values.split("\u0001", -1)));
      }
    };
  }
}
