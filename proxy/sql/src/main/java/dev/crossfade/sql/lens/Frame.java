package dev.crossfade.sql.lens;

import dev.crossfade.core.schema.Catalog;
import dev.crossfade.core.schema.TableName;
import dev.crossfade.core.schema.TableShape;
import dev.crossfade.sql.lens.MigrationFile.MappedQuery;
import dev.crossfade.sql.yaml.Place;
import dev.crossfade.sql.yaml.Problem;
import dev.crossfade.sql.yaml.SourceText;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The queries that one entry of {@code spec.tables} comes to, while they are put together. Every
 * down query reads the first new table and what is joined to it, every up query the first old one.
 */
final class Frame {
  private final TableShorthand shorthand;
  private final Sides sides;
  private final List<Problem> problems;
  private final SideDrafts olds;
  private final SideDrafts nexts;
  private final List<Used> used = new ArrayList<>();
  private final List<String> keyJoins = new ArrayList<>();
  private final List<String> partJoins = new ArrayList<>();
  private final Map<String, String> mergedKeys = new HashMap<>();
  private final Map<String, SourceText> newKeys = new HashMap<>();
  private final Map<TableName, List<String>> joins = new HashMap<>();

  /** Both catalogs; null when no database was asked. */
  record Sides(@Nullable Catalog old, @Nullable Catalog next) {
    static final Sides UNKNOWN = new Sides(null, null);

    boolean isKnown() {
      return old != null;
    }
  }

  Frame(TableShorthand shorthand, Sides sides, List<Problem> problems) {
    this.shorthand = shorthand;
    this.sides = sides;
    this.problems = problems;
    this.olds = new SideDrafts("old", sides.old());
    this.nexts = new SideDrafts("new", sides.next());
  }

  /** The tables of one side. */
  private final class SideDrafts {
    private final String side;
    private final @Nullable Catalog catalog;
    private final Map<TableName, Draft> drafts = new LinkedHashMap<>();
    private final Set<String> aliases = new HashSet<>();

    SideDrafts(String side, @Nullable Catalog catalog) {
      this.side = side;
      this.catalog = catalog;
    }

    /** Null, with a problem, when the side does not have the table. */
    @Nullable Draft add(TableName table, boolean open, Place place) {
      TableShape shape = catalog == null ? null : catalog.table(table).orElse(null);
      if (catalog != null && shape == null) {
        problem(place, side + " has no table " + table + "; it has " + Sql.nearest(table, catalog));
        return null;
      }
      Draft draft = new Draft(new Draft.Target(table, alias(table), shape, open, place), problems);
      drafts.put(table, draft);
      return draft;
    }

    String alias(TableName table) {
      return aliases.contains(table.name())
          ? further(table.schema() + '_' + table.name())
          : further(table.name());
    }

    /** The name itself, or the first of name_2, name_3 and so on that is free. */
    String further(String name) {
      String alias = name;
      for (int count = 2; !aliases.add(alias); count++) {
        alias = name + '_' + count;
      }
      return alias;
    }
  }

  TableShorthand shorthand() {
    return shorthand;
  }

  /** Whether the databases were asked. */
  boolean isKnown() {
    return sides.isKnown();
  }

  List<Problem> problems() {
    return problems;
  }

  void problem(Place place, String message) {
    problems.add(place.problem(message));
  }

  /** Null, with a problem, when old does not have the table. */
  @Nullable Draft addOld(TableName table, boolean open, Place place) {
    return olds.add(table, open, place);
  }

  /** Null, with a problem, when new does not have the table, or when it has its rows already. */
  @Nullable Draft addNew(TableName table, boolean open, Place place) {
    if (nexts.drafts.containsKey(table)) {
      problem(place, table + " is filled by this entry already; name another table");
      return null;
    }
    return nexts.add(table, open, place);
  }

  @Nullable Draft next(TableName table) {
    return nexts.drafts.get(table);
  }

  /** The query for the first old table. */
  Draft old() {
    return olds.drafts.values().iterator().next();
  }

  /** The query for the first new table. */
  Draft next() {
    return nexts.drafts.values().iterator().next();
  }

  /** A name for what is no table of the entry in queries over old. */
  String oldAlias(String name) {
    return olds.further(name);
  }

  /** A name for what is no table of the entry in queries over new. */
  String newAlias(String name) {
    return nexts.further(name);
  }

  /** The columns of the first old table that are the key. */
  List<String> entity() {
    if (!shorthand.entity().isEmpty()) {
      return shorthand.entity();
    }
    TableShape shape = old().shape();
    return shape == null ? List.of() : shape.primaryKey();
  }

  /** Says how the first new table's query names a key column that several old tables may have. */
  void mergedKey(String column, String sql) {
    mergedKeys.put(column, sql);
  }

  /** See {@link #mergedKey(String, String)}; null when the first old table has each row. */
  @Nullable String mergedKey(String column) {
    return mergedKeys.get(column);
  }

  /** Says what computes a key column of new from the first old table. */
  void newKey(String column, SourceText value) {
    newKeys.put(column, value);
  }

  /** See {@link #newKey(String, SourceText)}; null when nothing does. */
  @Nullable SourceText newKey(String column) {
    return newKeys.get(column);
  }

  /** Something that every down query must join to know the key of old. */
  void joinKey(String join) {
    keyJoins.add(join);
  }

  /** A table that has columns of the first old table. */
  void joinPart(String join) {
    partJoins.add(join);
  }

  /** Something that the query for one old table must join, and that may need the tables above. */
  void join(Draft old, String join) {
    joins.computeIfAbsent(old.table(), table -> new ArrayList<>()).add(join);
  }

  /** Lets a down query read the first new table and what the query needs besides. */
  void fromNew(Draft old) {
    old.from(next().reference());
    keyJoins.forEach(old::from);
    if (old == old()) {
      partJoins.forEach(old::from);
    }
    joins.getOrDefault(old.table(), List.of()).forEach(old::from);
  }

  /** {@code a.x = b.y AND ...}. */
  static String equal(List<String> left, List<String> right) {
    StringBuilder condition = new StringBuilder();
    for (int i = 0; i < left.size(); i++) {
      condition
          .append(i == 0 ? "" : " AND ")
          .append(left.get(i))
          .append(" = ")
          .append(right.get(i));
    }
    return condition.toString();
  }

  /**
   * The columns that hold the key in a table beside the first one of its side.
   *
   * @param written what the file says; empty when they are called as in that first table
   * @param usual how they are called there
   */
  List<String> key(List<SourceText> written, List<String> usual, Draft table) {
    List<String> key = written.isEmpty() ? usual : written.stream().map(SourceText::text).toList();
    if (key.size() != usual.size()) {
      problem(
          table.place(), key.size() + " key columns; one for each of the entity's " + usual.size());
      return usual;
    }
    for (int i = 0; i < key.size(); i++) {
      if (!table.mayHave(key.get(i))) {
        Place place = written.isEmpty() ? table.place() : written.get(i).at(0);
        problem(
            place,
            table.table()
                + " has no column "
                + key.get(i)
                + " to hold the key; name one of "
                + table.columnNames()
                + " with key: [column]");
      }
    }
    return key;
  }

  /** Two rows with one key would make two rows of each that is joined to them. */
  void requireUnique(Draft table, List<String> key) {
    TableShape shape = table.shape();
    if (shape == null || !key.stream().allMatch(table::mayHave)) {
      return;
    }
    Set<String> wanted = Set.copyOf(key);
    boolean unique = Set.copyOf(shape.primaryKey()).equals(wanted);
    for (TableShape.UniqueKey index : shape.rules().uniqueKeys()) {
      unique |= Set.copyOf(index.columns()).equals(wanted);
    }
    if (!unique) {
      problem(
          table.place(),
          table.table()
              + " may have several rows for one key; make "
              + String.join(", ", key)
              + " its primary key or unique, or use rows or collect for a list");
    }
  }

  /** An expression over old names a column; whether that exists shows when all tables are there. */
  void usedOfOld(List<String> parts, Place place) {
    used.add(new Used(olds, parts, place));
  }

  /** An expression over new names a column; whether that exists shows when all tables are there. */
  void usedOfNew(List<String> parts, Place place) {
    used.add(new Used(nexts, parts, place));
  }

  /** Notes the columns that expressions name and no table has. */
  void checkUsed() {
    for (Used column : used) {
      if (!column.exists()) {
        String name = String.join(".", column.parts());
        String tables =
            String.join(
                ", ", column.side().drafts.keySet().stream().map(TableName::toString).toList());
        problem(
            column.place(),
            "there is no column " + name + " in " + column.side().side + "'s " + tables);
      }
    }
  }

  /** A column that an expression names, perhaps with its table. */
  private record Used(SideDrafts side, List<String> parts, Place place) {
    boolean exists() {
      return side.drafts.values().stream().anyMatch(this::isIn);
    }

    private boolean isIn(Draft draft) {
      boolean table = parts.getFirst().equals(draft.alias());
      return switch (parts.size()) {
        // A table's name alone is its row.
        case 1 -> table || draft.mayHave(parts.getFirst());
        case 2 -> draft.mayHave(parts.getLast()) || !table && draft.mayHave(parts.getFirst());
        default -> true;
      };
    }
  }

  /** What was put together, for old tables. */
  List<Made> downs() {
    return made(olds);
  }

  /** What was put together, for new tables. */
  List<Made> ups() {
    return made(nexts);
  }

  private static List<Made> made(SideDrafts side) {
    return side.drafts.values().stream()
        .filter(Draft::isFilled)
        .map(draft -> new Made(draft.query(), draft.isWhole()))
        .toList();
  }

  /**
   * A query.
   *
   * @param whole whether it has all of its columns, as far as they need a value
   */
  record Made(MappedQuery query, boolean whole) {}
}
