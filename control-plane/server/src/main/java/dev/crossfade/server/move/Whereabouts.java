package dev.crossfade.server.move;

import dev.crossfade.core.migration.Side;
import dev.crossfade.inspect.database.QueryException;
import dev.crossfade.server.job.DatabasesFile;
import dev.crossfade.server.store.MoveRow;

/** Asks the databases where a migration's authority is. */
final class Whereabouts {
  /**
   * Whoever moves the authority holds the fence's lock alone until it is done; those who write
   * share it. Found to be free, nobody is in the middle of it, and who would begin has to ask the
   * store first.
   */
  private static final String FENCE =
      """
      SELECT f.authority || f.epoch || CASE WHEN EXISTS (
        SELECT FROM pg_locks AS l, (SELECT hashtextextended('crossfade/fence/' || f.migration, 0) AS key) AS k
        WHERE l.locktype = 'advisory' AND l.mode = 'ExclusiveLock' AND l.granted AND l.objsubid = 1
          AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
          AND l.classid = ((k.key >> 32) & 4294967295)::oid AND l.objid = (k.key & 4294967295)::oid)
        THEN ' held' ELSE '' END
      FROM crossfade.fence AS f WHERE f.migration = '%s'
      """;

  private Whereabouts() {}

  /** Whether both sides say that the authority is where it was, and nobody is about to move it. */
  static boolean hasStayed(MoveRow move, DatabasesFile.Sides sides) throws QueryException {
    String query = FENCE.formatted(move.migration().replace("'", "''"));
    String old = MoveTarget.ask(Side.OLD, sides, query);
    String next = MoveTarget.ask(Side.NEW, sides, query);
    Side before = move.move().transition().from().authority();
    return old != null
        && old.equals(next)
        && old.startsWith(before.name())
        && !old.endsWith("held");
  }
}
