package dev.crossfade.bench.writes;

import java.util.List;

/**
 * Statements of one transaction.
 *
 * @param commits whether it is to be committed
 */
record Work(List<Draft> statements, boolean commits) {
  Work {
    statements = List.copyOf(statements);
  }
}
