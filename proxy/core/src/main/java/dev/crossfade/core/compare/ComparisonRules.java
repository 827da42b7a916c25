package dev.crossfade.core.compare;

import dev.crossfade.core.migration.ReadShare;
import java.util.List;
import java.util.Map;

/**
 * How the reads of one migration are compared, and what is shown of them.
 *
 * @param share of the reads that could be compared
 * @param values that differ, as they are shown
 * @param showsKeys whether the keys of entities that differ are shown
 * @param keys names of the columns that are the entity's key, of each old table that has its own
 * @param columns rules by the column's name in the answer
 */
public record ComparisonRules(
    ReadShare share,
    Values values,
    boolean showsKeys,
    List<List<String>> keys,
    Map<String, ColumnRule> columns) {
  public static final ComparisonRules USUAL =
      new ComparisonRules(ReadShare.ALL, Values.NONE, true, List.of(), Map.of());

  public ComparisonRules {
    keys = List.copyOf(keys);
    columns = Map.copyOf(columns);
  }

  /** What is shown of values that differ. */
  public enum Values {
    NONE,
    /** A keyed hash, so that equal ones can be told from others. */
    HASHED,
    CLEAR
  }

  /** The same for tables whose entities have these keys. */
  public ComparisonRules keyedBy(List<List<String>> names) {
    return new ComparisonRules(share, values, showsKeys, names, columns);
  }
}
