package dev.crossfade.core.compare;

import java.util.List;

/**
 * How two answers differ.
 *
 * @param verdict one that is a mismatch
 * @param columns whose values differ, by their names in the answer
 * @param keys of entities that differ, as text
 * @param values that differ
 */
public record Difference(
    Verdict verdict, List<String> columns, List<String> keys, List<Pair> values) {
  public Difference {
    columns = List.copyOf(columns);
    keys = List.copyOf(keys);
    values = List.copyOf(values);
  }

  /** Two values of one column of one row. */
  public record Pair(String column, String old, String target) {}

  static Difference of(Verdict verdict) {
    return new Difference(verdict, List.of(), List.of(), List.of());
  }
}
