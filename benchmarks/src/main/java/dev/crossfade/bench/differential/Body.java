package dev.crossfade.bench.differential;

import dev.crossfade.bench.differential.Scope.Column;
import java.util.List;

/**
 * A query without its ORDER BY and LIMIT.
 *
 * @param columns of its result; empty when nobody knows how many there are
 * @param named whether the names of the columns are known and differ
 * @param scope what an ORDER BY may compute with; {@link Scope#NONE} when columns of the result
 *     only
 * @param first what an ORDER BY has to begin with, for DISTINCT ON; empty when nothing
 */
record Body(Node node, List<Column> columns, boolean named, Scope scope, List<Node> first) {
  Body {
    columns = List.copyOf(columns);
    first = List.copyOf(first);
  }

  Body(Node node, List<Column> columns, boolean named) {
    this(node, columns, named, Scope.NONE, List.of());
  }
}
