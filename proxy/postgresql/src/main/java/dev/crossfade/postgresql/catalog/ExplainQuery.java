package dev.crossfade.postgresql.catalog;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Asks a server how it would run a statement. Nothing is executed. */
public final class ExplainQuery {
  private static final String NAME = "crossfade_explain";

  /** With a generic plan the parameters' values do not matter. */
  private static final String PREPARE_SESSION =
      "DEALLOCATE ALL; SET statement_timeout = '2s'; SET lock_timeout = '200ms'; SET"
          + " plan_cache_mode = force_generic_plan";

  private ExplainQuery() {}

  /**
   * Blocks.
   *
   * @param options of EXPLAIN, such as {@code (FORMAT JSON)}; empty: its usual text
   * @param types OIDs of the parameters
   * @return the plan, each line ended
   */
  public static String explain(
      MetadataConnection connection, String options, byte[] sql, int[] types)
      throws MetadataException {
    connection.query(PREPARE_SESSION);
    connection.prepare(NAME, sql, types);
    String nulls = types.length == 0 ? "" : "(NULL" + ", NULL".repeat(types.length - 1) + ')';
    List<List<@Nullable String>> rows =
        connection.query("EXPLAIN " + options + " EXECUTE " + NAME + nulls);
    StringBuilder text = new StringBuilder();
    rows.forEach(row -> text.append(row.getFirst()).append('\n'));
    return text.toString();
  }
}
