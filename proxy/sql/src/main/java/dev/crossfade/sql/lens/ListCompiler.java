package dev.crossfade.sql.lens;

import dev.crossfade.sql.lens.TableShorthand.Collect;
import dev.crossfade.sql.lens.TableShorthand.ColumnChange.Rows;
import dev.crossfade.sql.lens.TableShorthand.ColumnShorthand;
import dev.crossfade.sql.lens.TableShorthand.Element;
import dev.crossfade.sql.lens.TableShorthand.ListRows;
import dev.crossfade.sql.yaml.Place;
import dev.crossfade.sql.yaml.SourceText;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes rows of an array's or a JSON array's elements, and the list of the rows. */
final class ListCompiler {
  private static final String ELEMENT = "element";

  private final Frame frame;
  private @Nullable String oldAlias;
  private @Nullable String newAlias;

  ListCompiler(Frame frame) {
    this.frame = frame;
  }

  /**
   * A list and what its table knows of it.
   *
   * @param column as a query names it
   * @param type null when no database was asked
   */
  private record ListColumn(String column, @Nullable String type, Place place) {
    boolean isJson(ListRows rows) {
      return type == null
          ? rows.elements().getFirst().field().isPresent()
          : type.startsWith("json");
    }

    /** How functions for this type begin. */
    String json() {
      return "json".equals(type) ? "json" : "jsonb";
    }
  }

  /**
   * An old list becomes rows of new.
   *
   * @param keyValues what computes the key of new in a query over old
   */
  void rows(ColumnShorthand column, Rows change, List<String> newKey, List<SourceText> keyValues) {
    ListRows rows = change.rows();
    Draft next = frame.addNew(rows.table(), false, rows.place());
    if (next == null || !checkElements(rows)) {
      return;
    }
    Draft old = frame.old();
    int before = frame.problems().size();
    List<String> key = frame.key(rows.key(), newKey, next);
    if (frame.problems().size() > before) {
      return;
    }
    ListColumn list =
        new ListColumn(old.column(column.column()), old.type(column.column()), column.place());
    checkType(list, rows, column.lossy());
    for (int i = 0; i < key.size() && i < keyValues.size(); i++) {
      next.fill(key.get(i), keyValues.get(i), rows.place());
    }
    next.key(key);
    next.from(old.reference());
    oldAlias = oldAlias == null ? frame.oldAlias(ELEMENT) : oldAlias;
    unnest(list, rows, next, oldAlias);
    next.checkUp("give it a field of the elements, or a default in new");
    old.fill(
        column.column(),
        gather(list, rows, next, new Join(key, newKey.stream().map(frame.next()::column).toList())),
        column.place());
  }

  /** Rows of old become a list of new. */
  void collect(Collect collect) {
    ListRows rows = collect.rows();
    Draft old = frame.addOld(rows.table(), false, rows.place());
    if (old == null || !checkElements(rows)) {
      return;
    }
    Draft next = frame.next();
    int before = frame.problems().size();
    List<String> key = frame.key(rows.key(), frame.entity(), old);
    if (frame.problems().size() > before) {
      return;
    }
    ListColumn list =
        new ListColumn(next.column(collect.into()), next.type(collect.into()), rows.place());
    checkType(list, rows, false);
    for (int i = 0; i < key.size(); i++) {
      SourceText value = frame.old().value(frame.entity().get(i));
      if (value != null) {
        old.fill(key.get(i), value, rows.place());
      }
    }
    old.key(key);
    frame.fromNew(old);
    newAlias = newAlias == null ? frame.newAlias(ELEMENT) : newAlias;
    unnest(list, rows, old, newAlias);
    next.fill(
        collect.into(),
        gather(
            list,
            rows,
            old,
            new Join(key, frame.entity().stream().map(frame.old()::column).toList())),
        rows.place());
  }

  private boolean checkElements(ListRows rows) {
    return !rows.elements().isEmpty();
  }

  private void checkType(ListColumn list, ListRows rows, boolean lossy) {
    String type = list.type();
    if (type == null) {
      return;
    }
    boolean fields = rows.elements().getFirst().field().isPresent();
    boolean array = type.endsWith("[]");
    if (!array && !type.startsWith("json")) {
      frame.problem(list.place(), "is no list but " + type + "; an array, jsonb or json is");
    } else if (array && fields) {
      frame.problem(list.place(), "the elements of " + type + " have no fields; use value");
    } else if (type.equals("json") && !lossy) {
      frame.problem(
          list.place(),
          "json keeps the blanks and the order that it was written with, and rows do not; make it"
              + " jsonb, or accept it with lossy: true");
    }
  }

  /** Adds the elements of a list to the query for their table. */
  private static void unnest(ListColumn list, ListRows rows, Draft table, String alias) {
    boolean fields = rows.elements().getFirst().field().isPresent();
    String function =
        !list.isJson(rows)
            ? "unnest"
            : list.json() + (fields ? "_array_elements" : "_array_elements_text");
    String element = Sql.quote(alias);
    table.from(
        "CROSS JOIN LATERAL "
            + function
            + '('
            + list.column()
            + ") WITH ORDINALITY AS "
            + element
            + "(\"value\", \"position\")");
    boolean positionIsField = false;
    for (Element part : rows.elements()) {
      String column = part.column().text();
      String type = table.type(column);
      String value = element + ".\"value\"";
      if (part.field().isPresent()) {
        String arrow = type != null && type.startsWith("json") ? " -> " : " ->> ";
        value = '(' + value + arrow + Exchanges.literal(part.field().get()) + ')';
      }
      table.fill(
          column, SourceText.of(cast(value, type), part.column().at(0)), part.column().at(0));
      positionIsField |= column.equals(rows.position().text());
    }
    if (!positionIsField) {
      String position = rows.position().text();
      Place place = rows.position().at(0);
      table.fill(
          position,
          SourceText.of(cast(element + ".\"position\"", table.type(position)), place),
          place);
    }
  }

  private static String cast(String sql, @Nullable String type) {
    return type == null || Exchanges.isStrange(type) ? sql : "CAST(" + sql + " AS " + type + ')';
  }

  /** Which rows are a list's own. */
  private record Join(List<String> key, List<String> owner) {}

  private static SourceText gather(ListColumn list, ListRows rows, Draft table, Join join) {
    boolean json = list.isJson(rows);
    String element = table.column(rows.elements().getFirst().column().text());
    if (rows.elements().getFirst().field().isPresent()) {
      List<String> fields = new ArrayList<>();
      for (Element part : rows.elements()) {
        fields.add(
            Exchanges.literal(part.field().orElseThrow())
                + ", "
                + table.column(part.column().text()));
      }
      element = list.json() + "_build_object(" + String.join(", ", fields) + ')';
    }
    String sql =
        "(SELECT "
            + (json ? list.json() + "_agg(" : "array_agg(")
            + element
            + " ORDER BY "
            + table.column(rows.position().text())
            + ") FROM "
            + table.reference()
            + " WHERE "
            + Frame.equal(join.key().stream().map(table::column).toList(), join.owner())
            + ')';
    if (!rows.nullWhenEmpty()) {
      sql = "COALESCE(" + sql + (json ? ", '[]')" : ", '{}')");
    }
    return SourceText.of(sql, list.place());
  }
}
