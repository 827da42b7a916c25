package dev.crossfade.bench.writes;

import java.util.Locale;

/** What kind of statement it is, for the report. */
enum Form {
  INSERT_VALUES,
  INSERT_ROWS,
  INSERT_DEFAULTS,
  INSERT_SELECT,
  INSERT_RETURNING,
  CONFLICT_NOTHING,
  CONFLICT_UPDATE,
  UPDATE_BY_KEY,
  UPDATE_WHERE,
  UPDATE_QUERY,
  UPDATE_FROM,
  UPDATE_KEY,
  UPDATE_RETURNING,
  DELETE_BY_KEY,
  DELETE_WHERE,
  DELETE_USING,
  DELETE_RETURNING,
  MERGE,
  WITH,
  COPY_FROM,
  COPY_TO,
  LOCKING_READ,
  TRUNCATE,
  MUST_FAIL;

  String label() {
    return name().replace('_', ' ').toLowerCase(Locale.ROOT);
  }
}
