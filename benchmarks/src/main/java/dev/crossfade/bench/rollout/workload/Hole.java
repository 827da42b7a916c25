package dev.crossfade.bench.rollout.workload;

import org.jspecify.annotations.Nullable;

/**
 * A place in a normalised statement where a value is missing.
 *
 * @param isParameter whether it is sent beside the text; else it stands in it
 * @param column that it is compared with; null when none can be told
 * @param use what the value is for
 * @param type the letter of the literal's type, as {@link dev.crossfade.sql.parse.Fingerprint} has
 *     it; {@code $} for a parameter
 */
record Hole(boolean isParameter, @Nullable Column column, Use use, char type) {
  /** A column of a table, as the statement names the table. */
  record Column(String table, String name) {}

  /** What becomes of a value of the column. */
  enum Use {
    /** It is compared as it is. */
    VALUE,
    /** It ends a range that begins at the column's value before it. */
    RANGE_END,
    /** It is an array of values. */
    ARRAY,
    /** How many rows are wanted. */
    LIMIT,
    /** How many rows are passed over. */
    OFFSET,
    /** Something else, such as the 100 in {@code cents / 100}. */
    CONSTANT
  }
}
