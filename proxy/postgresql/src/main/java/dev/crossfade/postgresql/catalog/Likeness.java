package dev.crossfade.postgresql.catalog;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Compares what two databases make of the same rows and the same SQL: the order and case of text,
 * and the settings that shape a value on its way out. What the server reports of a session (time
 * zone, date style, encoding of the client) is not compared: new follows the session.
 */
public final class Likeness {
  /** The columns of pg_database differ by version; its row as JSON can be asked for any. */
  private static final String TRAITS =
      """
      SELECT 'encoding', pg_encoding_to_char(encoding) FROM pg_database WHERE datname = current_database()
      UNION ALL
      SELECT trait, CASE trait WHEN 'locale provider' THEN coalesce(value, 'c') ELSE value END
      FROM (SELECT to_jsonb(d) AS o FROM pg_database d WHERE datname = current_database()) row
           CROSS JOIN LATERAL (VALUES ('collation', o ->> 'datcollate'), ('character type', o ->> 'datctype'),
               ('locale provider', o ->> 'datlocprovider'),
               ('locale', coalesce(o ->> 'datlocale', o ->> 'daticulocale')),
               ('collation rules', o ->> 'daticurules')) traits(trait, value)
      UNION ALL
      SELECT 'setting ' || name, setting FROM pg_settings
      WHERE name IN ('array_nulls', 'bytea_output', 'extra_float_digits', 'lc_monetary', 'lc_numeric', 'lc_time',
          'standard_conforming_strings', 'timezone_abbreviations', 'transform_null_equals', 'xmlbinary', 'xmloption')
      """;

  private Likeness() {}

  /**
   * What differs, for people; empty when the same rows give the same answers.
   *
   * @throws MetadataException when a server cannot be asked
   */
  public static List<String> differences(MetadataConnection old, MetadataConnection target)
      throws MetadataException {
    BothSides.Answers<Map<String, String>> traits = BothSides.ask(old, target, Likeness::traits);
    List<String> differences = new ArrayList<>();
    traits
        .old()
        .forEach(
            (trait, value) -> {
              String other = traits.target().getOrDefault(trait, "none");
              if (!normal(value).equals(normal(other))) {
                differences.add("%s is %s on old and %s on new".formatted(trait, value, other));
              }
            });
    return differences;
  }

  private static Map<String, String> traits(MetadataConnection server) throws MetadataException {
    Map<String, String> traits = new LinkedHashMap<>();
    for (List<@Nullable String> row : server.query(TRAITS)) {
      String value = row.get(1);
      traits.put(String.valueOf(row.getFirst()), value == null ? "none" : value);
    }
    return traits;
  }

  /** {@code en_US.utf8} and {@code en_US.UTF-8} are one locale, and so are C and POSIX. */
  private static String normal(String value) {
    String folded = value.toLowerCase(Locale.ROOT).replace("-", "");
    return folded.equals("posix") ? "c" : folded;
  }
}
