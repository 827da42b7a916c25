package dev.crossfade.postgresql.plan;

import dev.crossfade.core.migration.FlagsSnapshot;
import dev.crossfade.core.migration.MigrationFlags;
import dev.crossfade.core.migration.Side;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Which side this sidecar takes for the authority of each migration. The databases know it, and say
 * so to whoever is wrong; the control plane's word counts when it changes.
 *
 * <p>Thread-safe.
 */
public final class Authorities {
  private FlagsSnapshot flags = FlagsSnapshot.EMPTY;
  private long returns;

  /** Replaced as a whole: who finds that an authority is old's again finds it returning, too. */
  private volatile Beliefs beliefs = new Beliefs(Map.of(), Map.of());

  private record Beliefs(Map<String, Side> sides, Map<String, Long> returning) {
    Beliefs {
      sides = Map.copyOf(sides);
      returning = Map.copyOf(returning);
    }
  }

  /** What is believed next. */
  private final class Change {
    final Map<String, Side> sides = new HashMap<>(beliefs.sides());
    final Map<String, Long> returning = new HashMap<>(beliefs.returning());

    void put(String migration, Side authority) {
      Side last = sides.put(migration, authority);
      if (authority == Side.NEW) {
        returning.remove(migration);
      } else if (last == Side.NEW) {
        returning.put(migration, ++returns);
      }
    }

    void conclude() {
      beliefs = new Beliefs(sides, returning);
    }
  }

  /** Old's, until somebody says otherwise. */
  public Side of(String migration) {
    return beliefs.sides().getOrDefault(migration, Side.OLD);
  }

  /** Those that have come back to old, each with a number that it gets anew when it does again. */
  Map<String, Long> returning() {
    return beliefs.returning();
  }

  /**
   * Their return is over, unless they have come back once more since.
   *
   * @param before what is done for each of them while it is returning still
   */
  synchronized void returned(Map<String, Long> some, Consumer<String> before) {
    Change change = new Change();
    some.forEach(
        (migration, number) -> {
          if (number.equals(change.returning.get(migration))) {
            before.accept(migration);
            change.returning.remove(migration);
          }
        });
    change.conclude();
  }

  /**
   * Takes over what a snapshot says anew: an authority that the last one said as well may have been
   * moved since, which its database has told.
   */
  synchronized void flags(FlagsSnapshot next) {
    Change change = new Change();
    for (MigrationFlags now : next.migrations().values()) {
      MigrationFlags before = flags.of(now.migration());
      if (before == null || before.stage().authority() != now.stage().authority()) {
        change.put(now.migration(), now.stage().authority());
      }
    }
    change.sides.keySet().retainAll(next.migrations().keySet());
    change.returning.keySet().retainAll(next.migrations().keySet());
    change.conclude();
    flags = next;
  }

  /**
   * The database of one side has said which of them has it.
   *
   * @return whether that is news
   */
  synchronized boolean told(String migration, Side authority) {
    if (flags.of(migration) == null || of(migration) == authority) {
      return false;
    }
    Change change = new Change();
    change.put(migration, authority);
    change.conclude();
    return true;
  }
}
