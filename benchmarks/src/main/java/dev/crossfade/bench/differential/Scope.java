package dev.crossfade.bench.differential;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The columns that an expression may name: those of its own FROM, and behind them those of the
 * queries around it.
 *
 * @param outer null outermost
 */
record Scope(List<Source> sources, @Nullable Scope outer) {
  static final Scope NONE = new Scope(List.of(), null);

  Scope {
    sources = List.copyOf(sources);
  }

  /**
   * @param name as the catalog has it
   */
  record Column(String name, Sort sort) {}

  /**
   * What stands in a FROM.
   *
   * @param qualifier as the catalog would have it
   * @param key columns that together differ in all its rows; empty when there are none or they are
   *     not known
   * @param table whether it is a mapped table itself
   */
  record Source(String qualifier, List<Column> columns, List<String> key, boolean table) {
    Source {
      columns = List.copyOf(columns);
      key = List.copyOf(key);
    }
  }

  /**
   * A column that can be named.
   *
   * @param bare whether its name alone means it
   * @param outside whether it is a column of a query around
   */
  record Named(Source source, Column column, boolean bare, boolean outside) {}

  /** Every column that can be named, its own first. */
  List<Named> columns() {
    List<Named> named = new ArrayList<>();
    Set<String> hidden = new TreeSet<>();
    for (Scope scope = this; scope != null; scope = scope.outer) {
      for (Source source : scope.sources) {
        if (!hidden.contains(source.qualifier())) {
          for (Column column : source.columns()) {
            boolean own = scope == this;
            named.add(new Named(source, column, own && scope.count(column.name()) == 1, !own));
          }
        }
      }
      for (Source source : scope.sources) {
        hidden.add(source.qualifier());
      }
    }
    return named;
  }

  List<Named> columns(Sort sort) {
    return columns().stream().filter(named -> named.column().sort() == sort).toList();
  }

  /** Those of its own FROM. */
  List<Named> own() {
    return columns().stream().filter(named -> !named.outside()).toList();
  }

  private int count(String name) {
    int count = 0;
    for (Source source : sources) {
      // A qualifier of that name alone would be a row.
      count += source.qualifier().equals(name) ? 2 : 0;
      for (Column column : source.columns()) {
        count += column.name().equals(name) ? 1 : 0;
      }
    }
    return count;
  }
}
