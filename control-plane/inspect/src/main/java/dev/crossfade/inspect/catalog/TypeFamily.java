package dev.crossfade.inspect.catalog;

/** Types between which a conversion changes the representation, not the kind of value. */
enum TypeFamily {
  INTEGER,
  NUMBER,
  TEXT,
  TIME,
  OTHER;

  /** Whether values of one type are values of the other, as far as they fit. */
  static boolean alike(String one, String other) {
    return of(one) != OTHER && of(one) == of(other);
  }

  /**
   * @param name as the driver names it, such as {@code int8}
   */
  private static TypeFamily of(String name) {
    return switch (name) {
      case "int2", "int4", "int8" -> INTEGER;
      case "numeric", "float4", "float8", "money" -> NUMBER;
      case "text", "varchar", "bpchar", "name", "citext" -> TEXT;
      case "date", "timestamp", "timestamptz" -> TIME;
      default -> OTHER;
    };
  }
}
