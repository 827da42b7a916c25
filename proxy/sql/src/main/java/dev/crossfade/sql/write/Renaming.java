package dev.crossfade.sql.write;

import dev.crossfade.core.schema.ColumnShape;
import dev.crossfade.core.schema.ColumnShape.Filling;
import dev.crossfade.core.schema.TableShape;
import dev.crossfade.core.schema.TableShape.Check;
import dev.crossfade.core.schema.TableShape.UniqueKey;
import dev.crossfade.sql.lens.CompiledLens.MappedTable;
import dev.crossfade.sql.lens.Sql;
import dev.crossfade.sql.parse.Lexer;
import dev.crossfade.sql.parse.Tokens;
import dev.crossfade.sql.write.WriteTarget.Store;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A table of the client's that is stored as it is, under other names at most: what is said about it
 * can be said about the stored table.
 *
 * @param stored the stored table's name, quoted
 * @param columns what each of the client's columns is called there
 * @param filled the client's columns that hold the same there when an INSERT does not name them
 */
record Renaming(String stored, Map<String, String> columns, Set<String> filled) {
  Renaming {
    columns = Map.copyOf(columns);
    filled = Set.copyOf(filled);
  }

  /**
   * Null when it is more than that, or when in doubt.
   *
   * @param back gives the client's rows from the stored ones
   */
  static @Nullable Renaming of(MappedTable table, Substitution back, List<Store> stores) {
    if (stores.size() != 1) {
      return null;
    }
    Store store = stores.getFirst();
    TableShape shape = table.shape();
    TableShape stored = store.table().shape();
    boolean alone =
        table.reads().equals(Set.of(stored.name()))
            && store.table().reads().equals(Set.of(shape.name()))
            && back.keepsEveryRow()
            && store.up().keepsEveryRow();
    Map<String, String> columns = alone ? columns(shape, back, store) : null;
    return columns != null && hasSameRules(shape, stored, columns)
        ? new Renaming(Sql.quote(stored.name()), columns, filled(shape, stored, columns))
        : null;
  }

  /** What each column is called; null when one is not the same there and back. */
  private static @Nullable Map<String, String> columns(
      TableShape shape, Substitution back, Store store) {
    Map<String, String> columns = new HashMap<>();
    TableShape stored = store.table().shape();
    for (ColumnShape column : shape.columns()) {
      String there = back.columnBehind(column.name());
      ColumnShape other = there == null ? null : stored.column(there).orElse(null);
      boolean same =
          other != null
              && column.name().equals(store.up().columnBehind(other.name()))
              && column.type().equals(other.type())
              && column.nullable() == other.nullable()
              && isAlways(column) == isAlways(other);
      if (!same || other == null) {
        return null;
      }
      columns.put(column.name(), other.name());
    }
    for (ColumnShape other : stored.columns()) {
      boolean known = columns.containsValue(other.name());
      boolean given = store.table().columns().contains(other.name());
      boolean needed = !other.nullable() && other.filling() instanceof Filling.Nothing;
      if (!known && (given || needed)) {
        return null;
      }
    }
    return columns;
  }

  private static boolean isAlways(ColumnShape column) {
    return column.filling() instanceof Filling.Identity(boolean always) && always;
  }

  private static boolean hasSameRules(
      TableShape shape, TableShape stored, Map<String, String> columns) {
    Set<String> checks = new HashSet<>();
    for (Check check : stored.rules().checks()) {
      checks.add(renamed(check.expression(), Map.of()));
    }
    return uniques(shape, columns).equals(uniques(stored, Map.of()))
        && new HashSet<>(renamed(shape.primaryKey(), columns))
            .equals(new HashSet<>(stored.primaryKey()))
        && shape.rules().checks().stream()
            .allMatch(check -> checks.contains(renamed(check.expression(), columns)));
  }

  private static Set<Set<String>> uniques(TableShape shape, Map<String, String> columns) {
    Set<Set<String>> uniques = new HashSet<>();
    for (UniqueKey key : shape.rules().uniqueKeys()) {
      uniques.add(new HashSet<>(renamed(key.columns(), columns)));
    }
    return uniques;
  }

  private static List<String> renamed(List<String> names, Map<String, String> columns) {
    return names.stream().map(name -> columns.getOrDefault(name, name)).toList();
  }

  /** An expression with its columns renamed, in a form of which two can be compared. */
  private static String renamed(String expression, Map<String, String> columns) {
    byte[] text = expression.getBytes(StandardCharsets.UTF_8);
    Tokens tokens = new Lexer().lex(text, text.length);
    List<String> words = new ArrayList<>();
    for (int token = 0; token < tokens.count(); token++) {
      boolean name =
          tokens.kind(token) == Tokens.IDENTIFIER || tokens.kind(token) == Tokens.QUOTED_IDENTIFIER;
      String word = name ? tokens.identifier(token) : tokens.text(token);
      words.add(name ? columns.getOrDefault(word, word) : word);
    }
    return String.join(" ", words);
  }

  private static Set<String> filled(
      TableShape shape, TableShape stored, Map<String, String> columns) {
    Set<String> filled = new HashSet<>();
    for (ColumnShape column : shape.columns()) {
      ColumnShape other = stored.column(columns.getOrDefault(column.name(), "")).orElseThrow();
      boolean numbered = Defaults.isNumbered(column) && Defaults.isNumbered(other);
      if (numbered || column.filling().equals(other.filling())) {
        filled.add(column.name());
      }
    }
    return filled;
  }

  /** A column as the stored table calls it, quoted; null when the client's has none of the name. */
  @Nullable String column(String name) {
    String there = columns.get(name);
    return there == null ? null : Sql.quote(there);
  }

  boolean renames(String name) {
    return !name.equals(columns.get(name));
  }
}
