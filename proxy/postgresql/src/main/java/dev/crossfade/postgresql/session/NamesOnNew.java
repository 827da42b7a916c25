package dev.crossfade.postgresql.session;

import java.util.LinkedHashSet;
import java.util.Set;

/** Cursors and prepared statements of SQL that a session has made on new: the latest 4,096. */
final class NamesOnNew {
  private static final int MOST = 4096;

  private final Set<String> names = new LinkedHashSet<>();

  void add(String name) {
    if (names.size() >= MOST) {
      // The one made first: of cursors most are closed by then.
      names.remove(names.iterator().next());
    }
    names.add(name);
  }

  boolean contains(String name) {
    return names.contains(name);
  }

  /** New has forgotten them. */
  void clear() {
    names.clear();
  }
}
