package dev.crossfade.postgresql.type;

/** Built-in types whose text may be a word that means a moment, such as {@code now}. */
public final class TemporalTypes {
  private TemporalTypes() {}

  /** date, time, timestamp, timestamptz, timetz, their ranges and multiranges, arrays of these. */
  public static boolean contains(int oid) {
    return switch (oid) {
      case 1082, 1083, 1114, 1184, 1266, 1182, 1183, 1115, 1185, 1270 -> true;
      case 3908, 3910, 3912, 3909, 3911, 3913 -> true;
      case 4533, 4534, 4535, 6152, 6153, 6155 -> true;
      default -> false;
    };
  }
}
