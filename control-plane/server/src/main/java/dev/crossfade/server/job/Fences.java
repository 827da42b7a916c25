package dev.crossfade.server.job;

import dev.crossfade.core.migration.Side;
import dev.crossfade.inspect.database.Database;
import dev.crossfade.inspect.database.QueryException;
import dev.crossfade.mirror.Fence;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What both sides say of a migration's authority and of its backfill. */
final class Fences {
  /** Where no capture is installed old has the authority. */
  static final Fence NONE = new Fence(Side.OLD, 0);

  private Fences() {}

  /**
   * @throws SQLException when they contradict each other: the authority is on its way
   */
  static Fence agreed(String migration, Database old, Database next)
      throws QueryException, SQLException {
    Fence here = read(migration, old);
    Fence there = read(migration, next);
    if (here == null) {
      return there == null || there.authority() == Side.OLD ? NONE : there;
    }
    if (there == null && here.authority() == Side.OLD) {
      return here;
    }
    if (!here.equals(there)) {
      throw new SQLException(
          "the sides do not agree who has the authority: it is on its way from one to the other",
          JobTarget.NOT_NOW);
    }
    return here;
  }

  /** Null when none is installed there. */
  static @Nullable Fence read(String migration, Database database) throws QueryException {
    if (!exists("crossfade.fence", database)) {
      return null;
    }
    List<List<@Nullable String>> rows =
        database.query(
            "SELECT authority, epoch FROM crossfade.fence WHERE migration = " + text(migration));
    return rows.isEmpty()
        ? null
        : new Fence(
            Side.valueOf(String.valueOf(rows.getFirst().get(0))),
            Long.parseLong(String.valueOf(rows.getFirst().get(1))));
  }

  /** Whether none has stopped before its end. */
  static boolean isBackfilled(String migration, Database old) throws QueryException {
    return exists("crossfade.backfill", old)
        && old.query(
                "SELECT FROM crossfade.backfill WHERE after IS DISTINCT FROM up_to AND migration = "
                    + text(migration)
                    + " LIMIT 1")
            .isEmpty();
  }

  private static boolean exists(String table, Database database) throws QueryException {
    return database.query("SELECT to_regclass('" + table + "')").getFirst().getFirst() != null;
  }

  /** As a constant of SQL. */
  static String text(String value) {
    return "'" + value.replace("'", "''") + "'";
  }
}
