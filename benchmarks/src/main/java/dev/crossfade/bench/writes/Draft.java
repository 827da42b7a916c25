package dev.crossfade.bench.writes;

/**
 * A statement in the old shape.
 *
 * @param hot whether it is about one row that others write, too, named by its key
 * @param repeats whether a 23505 may come from another session only, and the transaction is to be
 *     tried once more
 * @param copied what the client sends behind COPY FROM STDIN; else empty
 */
record Draft(Form form, String sql, boolean hot, boolean repeats, String copied) {
  /** About a session's own rows. */
  Draft(Form form, String sql) {
    this(form, sql, false, false, "");
  }
}
