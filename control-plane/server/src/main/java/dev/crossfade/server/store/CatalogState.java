package dev.crossfade.server.store;

import dev.crossfade.engine.catalog.CatalogEntry;
import java.util.Collection;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * All migrations at one version.
 *
 * @param version the catalog's
 * @param entries by name, ordered
 */
public record CatalogState(long version, SortedMap<String, CatalogEntry> entries) {
  public static final CatalogState EMPTY = new CatalogState(0, Collections.emptySortedMap());

  public CatalogState {
    entries = Collections.unmodifiableSortedMap(new TreeMap<>(entries));
  }

  CatalogState with(long newVersion, Collection<CatalogEntry> changed) {
    SortedMap<String, CatalogEntry> merged = new TreeMap<>(entries);
    for (CatalogEntry entry : changed) {
      merged.put(entry.name(), entry);
    }
    return new CatalogState(newVersion, merged);
  }
}
