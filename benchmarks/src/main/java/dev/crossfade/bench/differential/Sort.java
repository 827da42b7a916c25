package dev.crossfade.bench.differential;

/**
 * What kind of value an expression has: enough to write valid statements. All are exact, and equal
 * values look the same: no float, and numerics without digits behind the point.
 */
enum Sort {
  LONG("bigint"),
  INT("integer"),
  TEXT("text"),
  NUMERIC("numeric"),
  TIME("timestamptz"),
  BOOL("boolean"),
  LONGS("bigint[]"),
  JSON("jsonb");

  private final String type;

  Sort(String type) {
    this.type = type;
  }

  String type() {
    return type;
  }
}
