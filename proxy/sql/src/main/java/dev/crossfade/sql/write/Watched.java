package dev.crossfade.sql.write;

import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What is logged for a row of a table.
 *
 * @param keyed functions, each with the columns that are its key
 * @param whole functions that say that any entity may have changed
 */
public record Watched(Map<String, List<String>> keyed, Set<String> whole) {
  public Watched {
    keyed = Map.copyOf(keyed);
    whole = Set.copyOf(whole);
  }

  boolean isKey(String column) {
    return keyed.values().stream().anyMatch(key -> key.contains(column));
  }
}
