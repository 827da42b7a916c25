package dev.crossfade.bench.differential;

import dev.crossfade.bench.differential.Scope.Column;
import java.util.List;

/**
 * A whole query.
 *
 * @param columns of its result; empty when they are not known
 * @param ordered whether its rows come in one possible order only
 */
record Query(Node node, List<Column> columns, boolean ordered) {
  Query {
    columns = List.copyOf(columns);
  }
}
