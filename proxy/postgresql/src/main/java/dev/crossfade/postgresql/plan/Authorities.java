package dev.crossfade.postgresql.plan;

import dev.crossfade.core.migration.FlagsSnapshot;
import dev.crossfade.core.migration.MigrationFlags;
import dev.crossfade.core.migration.Side;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which side this sidecar takes for the authority of each migration. The databases know it, and say
 * so to whoever is wrong; the control plane's word counts when it changes.
 *
 * <p>Thread-safe.
 */
public final class Authorities {
  private final Map<String, Side> believed = new ConcurrentHashMap<>();
  private FlagsSnapshot flags = FlagsSnapshot.EMPTY;

  /** Old's, until somebody says otherwise. */
  public Side of(String migration) {
    return believed.getOrDefault(migration, Side.OLD);
  }

  /**
   * Takes over what a snapshot says anew: an authority that the last one said as well may have been
   * moved since, which its database has told.
   *
   * @return the migrations whose authority comes back to old by it
   */
  synchronized Set<String> flags(FlagsSnapshot next) {
    Set<String> back = new HashSet<>();
    for (MigrationFlags now : next.migrations().values()) {
      MigrationFlags before = flags.of(now.migration());
      if (before == null || before.stage().authority() != now.stage().authority()) {
        Side last = believed.put(now.migration(), now.stage().authority());
        if (last == Side.NEW && now.stage().authority() == Side.OLD) {
          back.add(now.migration());
        }
      }
    }
    believed.keySet().retainAll(next.migrations().keySet());
    flags = next;
    return back;
  }

  /**
   * The database of one side has said which of them has it.
   *
   * @return whether that is news
   */
  synchronized boolean told(String migration, Side authority) {
    return flags.of(migration) != null && believed.put(migration, authority) != authority;
  }
}
