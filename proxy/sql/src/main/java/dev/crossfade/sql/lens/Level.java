package dev.crossfade.sql.lens;

import java.util.List;
import java.util.stream.Stream;

/**
 * A mapping of the migration file whose keys are fixed.
 *
 * @param path a star stands for an element, or for a key that is a name
 * @param keys all that it may have
 */
record Level(String path, List<String> keys) {
  static final Level FILE = level("", "apiVersion", "kind", "metadata", "spec");
  static final Level METADATA = level("metadata", "name", "owner", "rationale", "risk");
  static final Level SPEC =
      level(
          "spec",
          "engine",
          "capture",
          "comparison",
          "flag",
          "entity",
          "old",
          "new",
          "tables",
          "rollout");
  static final Level FLAG =
      level("spec.flag", "unleash", "environment", "context", "percentage", "kill");
  static final Level KILL = level("spec.flag.kill", "flag", "to");
  static final Level COMPARISON = level("spec.comparison", "share", "values", "keys", "columns");
  static final Level COMPARED_COLUMN =
      level("spec.comparison.columns.*", "tolerance", "ignore", "unordered", "timeZone");
  static final Level ENTITY = level("spec.entity", "key");
  static final Level OLD_TABLE = level("spec.old.*", "entity", "down");
  static final Level NEW_TABLE = level("spec.new.*", "entity", "up");
  static final Level SHORTHAND =
      level(
          "spec.tables.*",
          "old",
          "new",
          "entity",
          "columns",
          "split",
          "merge",
          "present",
          "collect");
  static final Level SPLIT = level("spec.tables.*.split.*", "key", "columns", "when");
  static final Level MERGE = level("spec.tables.*.merge.*", "key", "columns", "when", "present");
  static final Level COLLECT =
      level(
          "spec.tables.*.collect.*", "key", "position", "value", "fields", "nullWhenEmpty", "into");
  static final Level COLUMN =
      level(
          "spec.tables.*.columns.*",
          "rename",
          "cast",
          "up",
          "down",
          "values",
          "nulls",
          "uuid",
          "rows",
          "archive",
          "drop",
          "add",
          "default",
          "lossy");
  static final Level MERGED_COLUMN = new Level("spec.tables.*.merge.*.columns.*", COLUMN.keys());
  static final Level ROWS =
      level(
          "spec.tables.*.columns.*.rows",
          "table",
          "key",
          "position",
          "value",
          "fields",
          "nullWhenEmpty");
  static final Level MERGED_ROWS = new Level("spec.tables.*.merge.*.columns.*.rows", ROWS.keys());

  /** All of them: what the schema of the file must agree with. */
  static final List<Level> ALL =
      Stream.concat(
              Stream.of(
                  FILE,
                  METADATA,
                  SPEC,
                  FLAG,
                  KILL,
                  COMPARISON,
                  COMPARED_COLUMN,
                  ENTITY,
                  OLD_TABLE,
                  NEW_TABLE,
                  SHORTHAND,
                  SPLIT,
                  MERGE,
                  COLLECT,
                  COLUMN,
                  MERGED_COLUMN,
                  ROWS,
                  MERGED_ROWS),
              RolloutKeys.byPath().entrySet().stream()
                  .map(keys -> new Level(keys.getKey(), keys.getValue())))
          .toList();

  private static Level level(String path, String... keys) {
    return new Level(path, List.of(keys));
  }
}
