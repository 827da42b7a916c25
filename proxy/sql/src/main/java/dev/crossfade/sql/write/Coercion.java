package dev.crossfade.sql.write;

import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Conversion to a column's type as an INSERT does it, written into a SELECT. A cast would shorten a
 * text that is too long; an assignment fails. The server's own functions for it are called with
 * {@code isExplicit} false.
 */
final class Coercion {
  private static final Pattern LENGTH =
      Pattern.compile("(character varying|character|bit varying|bit)\\((\\d+)\\)");

  private static final Pattern MODIFIER = Pattern.compile("\\(\\d+(,-?\\d+)?\\)");

  private static final Set<String> NUMBERS = Set.of("smallint", "integer", "bigint", "numeric");
  private static final Set<String> TEXTS = Set.of("text", "character varying", "character");

  /** What a length counts beyond the characters. */
  private static final int HEADER_BYTES = 4;

  private final String before;
  private final String after;

  private Coercion(String before, String after) {
    this.before = before;
    this.after = after;
  }

  /**
   * @param type as the catalog prints it
   */
  static Coercion to(String type) {
    Matcher matcher = LENGTH.matcher(type);
    if (!matcher.matches()) {
      return new Coercion("CAST(", " AS " + type + ")");
    }
    int length = Integer.parseInt(matcher.group(2));
    return switch (matcher.group(1)) {
      case "character varying" -> checked("varchar", length + HEADER_BYTES);
      case "character" -> checked("bpchar", length + HEADER_BYTES);
      case "bit varying" -> checked("varbit", length);
      default -> checked("bit", length);
    };
  }

  private static Coercion checked(String type, int modifier) {
    String name = "pg_catalog.\"" + type + '"';
    return new Coercion(name + "(CAST(", " AS " + name + "), " + modifier + ", false)");
  }

  /** Whether values of two types can be compared with each other. */
  static boolean compares(String one, String other) {
    String left = MODIFIER.matcher(one).replaceAll("");
    String right = MODIFIER.matcher(other).replaceAll("");
    return left.equals(right)
        || NUMBERS.contains(left) && NUMBERS.contains(right)
        || TEXTS.contains(left) && TEXTS.contains(right);
  }

  /** A type without its length, so that what is too long stays so until it is stored. */
  static String unlimited(String type) {
    Matcher matcher = LENGTH.matcher(type);
    if (!matcher.matches()) {
      return MODIFIER.matcher(type).replaceAll("");
    }
    return switch (matcher.group(1)) {
      case "character varying" -> "pg_catalog.\"varchar\"";
      case "character" -> "pg_catalog.bpchar";
      case "bit varying" -> "pg_catalog.varbit";
      default -> "pg_catalog.\"bit\"";
    };
  }

  String of(String expression) {
    return before + expression + after;
  }

  SqlText of(SqlText text, SqlText expression) {
    return text.add(before).add(expression).add(after);
  }
}
