package dev.crossfade.sql.write;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What is logged for a row of a table.
 *
 * @param keyed functions, each with the columns that are its key
 * @param whole functions that say that any entity may have changed
 */
record Watched(Map<String, List<String>> keyed, Set<String> whole) {
  static Watched none() {
    return new Watched(new HashMap<>(), new HashSet<>());
  }

  boolean isKey(String column) {
    return keyed.values().stream().anyMatch(key -> key.contains(column));
  }
}
