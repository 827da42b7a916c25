package dev.crossfade.bench.differential;

import java.util.List;

/**
 * What a query is wanted for.
 *
 * @param sorts of its columns; empty when any will do
 * @param named whether its columns need names that are known and differ
 * @param outer what it may refer to; {@link Scope#NONE} when nothing
 * @param depth how many levels may lie below it
 */
record Wish(List<Sort> sorts, boolean named, Scope outer, int depth) {
  Wish {
    sorts = List.copyOf(sorts);
  }

  static Wish anything(int depth) {
    return new Wish(List.of(), false, Scope.NONE, depth);
  }

  /** Rows to select from. */
  static Wish table(Scope outer, int depth) {
    return new Wish(List.of(), true, outer, depth);
  }

  /** One column. */
  static Wish column(Sort sort, Scope outer, int depth) {
    return new Wish(List.of(sort), false, outer, depth);
  }

  Wish with(List<Sort> other) {
    return new Wish(other, named, outer, depth);
  }
}
