package dev.crossfade.sql.write;

import dev.crossfade.core.schema.TableName;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/**
 * What a table of the client's has to do with others, as far as the stored tables do not see to it
 * themselves.
 *
 * @param givens columns whose values can not be written
 * @param removals columns that identify a row, and with that the row itself, which can not be
 *     removed
 * @param parents foreign keys of its own that lead to other rows of the same entity
 * @param children tables with other rows of the same entity
 */
record Ties(List<Bar> givens, List<Bar> removals, List<Reference> parents, List<Child> children) {
  static final Ties NONE = new Ties(List.of(), List.of(), List.of(), List.of());

  Ties {
    givens = List.copyOf(givens);
    removals = List.copyOf(removals);
    parents = List.copyOf(parents);
    children = List.copyOf(children);
  }

  /**
   * @param other the other table that it is about
   */
  record Bar(Set<String> columns, TableName other, String reason) {
    Bar {
      columns = Set.copyOf(columns);
    }
  }

  /**
   * @param references foreign keys that lead to the table
   */
  record Child(WriteTarget table, List<Reference> references) {
    Child {
      references = List.copyOf(references);
    }
  }

  /** Whether no other table has rows of its entities. */
  boolean isAlone() {
    return parents.isEmpty() && children.isEmpty();
  }

  /** Why rows can not be inserted, empty when they can. */
  String againstInsert() {
    return givens.isEmpty() ? "" : givens.getFirst().reason();
  }

  /**
   * Why rows can not be deleted, empty when they can.
   *
   * @param with tables whose rows go, too
   */
  String againstRemoval(Collection<TableName> with) {
    return removals.stream()
        .filter(bar -> !with.contains(bar.other()))
        .map(Bar::reason)
        .findFirst()
        .orElse("");
  }

  /** Why columns can not be changed, empty when they can. */
  String againstUpdate(Collection<String> columns) {
    for (List<Bar> bars : List.of(givens, removals)) {
      for (Bar bar : bars) {
        if (bar.columns().stream().anyMatch(columns::contains)) {
          return bar.reason();
        }
      }
    }
    return "";
  }
}
