package dev.crossfade.postgresql.command;

import java.util.List;

/** What the process tells of itself. Any thread; never blocks. */
public interface Insight {
  /** Rows of {@link Topic#STATUS}. */
  List<Row> status();

  /** Rows of {@link Topic#ROUTES}. */
  List<Row> routes();

  /** Rows of {@link Topic#MIGRATIONS}. */
  List<Row> migrations();
}
