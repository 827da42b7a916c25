package dev.crossfade.sql.parse;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;

/**
 * The names that WITH clauses give, nested as the queries are: they hide tables of the same name.
 */
final class WithScopes {
  private final Deque<Set<String>> open = new ArrayDeque<>();

  void open() {
    open.push(new HashSet<>());
  }

  void close() {
    open.pop();
  }

  void add(String name) {
    Set<String> innermost = open.peek();
    if (innermost != null) {
      innermost.add(name);
    }
  }

  boolean sees(String name) {
    for (Set<String> names : open) {
      if (names.contains(name)) {
        return true;
      }
    }
    return false;
  }
}
