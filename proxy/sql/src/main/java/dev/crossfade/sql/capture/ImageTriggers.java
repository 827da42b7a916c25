package dev.crossfade.sql.capture;

import static dev.crossfade.sql.capture.TriggerSql.ANY;
import static dev.crossfade.sql.capture.TriggerSql.STATEMENT;
import static dev.crossfade.sql.capture.TriggerSql.hash;

import dev.crossfade.core.schema.TableName;
import dev.crossfade.sql.capture.TriggerSql.Trigger;
import dev.crossfade.sql.image.KeyQuery;
import dev.crossfade.sql.image.SyncPlan;
import dev.crossfade.sql.lens.Sql;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The triggers that call {@link ImageFunction}s with the keys of what a statement has changed. */
final class ImageTriggers {
  /** What a table has, behind its name. */
  static final List<String> EVENTS = List.of("_i", "_u", "_d", "_t");

  /** As a mirror's session has them, for both make the same texts of values. */
  private static final String SETTINGS =
      """
      SECURITY DEFINER SET search_path = public, pg_temp SET bytea_output = 'hex' SET DateStyle FROM CURRENT
        SET IntervalStyle = 'postgres' SET TimeZone = 'UTC' SET standard_conforming_strings = on SET extra_float_digits = 1
        SET xmlbinary = 'base64' SET row_security = off\
      """;

  /** What a mirror writes is no change; that is asked before anything is done for it. */
  private static final String UNLESS_APPLIED =
      STATEMENT
          + " WHEN (pg_catalog.current_setting('crossfade.applying', true) IS DISTINCT FROM 'on')";

  private ImageTriggers() {}

  /**
   * A function and its text.
   *
   * @param name without its schema
   */
  record Made(String name, String body) {
    String create() {
      return "CREATE OR REPLACE FUNCTION crossfade."
          + name
          + "() RETURNS trigger LANGUAGE plpgsql "
          + SETTINGS
          + " AS "
          + ImageFunction.quoted(body)
          + ";\n";
    }

    String row() {
      return "('%s', '%s')".formatted(name, digest(body));
    }
  }

  static List<Made> captures(SyncPlan plan, TableName table, List<String> key) {
    String name = name(plan, table);
    String before = keys(key, " FROM crossfade_before AS r");
    String after = keys(key, " FROM crossfade_after AS r");
    return List.of(
        new Made(name + "_i", changed(plan, after)),
        new Made(name + "_u", changed(plan, before + " UNION " + after)),
        new Made(name + "_d", changed(plan, before)),
        new Made(name + "_t", truncated(plan)));
  }

  private static String keys(List<String> columns, String from) {
    return IntStream.range(0, columns.size())
            .mapToObj(i -> "CAST(r." + Sql.quote(columns.get(i)) + " AS text) AS k" + (i + 1))
            .collect(Collectors.joining(", ", "SELECT DISTINCT ", from))
        + columns.stream()
            .map(column -> "r." + Sql.quote(column) + " IS NOT NULL")
            .collect(Collectors.joining(" AND ", " WHERE ", ""));
  }

  private static String changed(SyncPlan plan, String keys) {
    int columns = plan.keys().types().size();
    return """

    DECLARE
      %s;
    BEGIN
      SELECT %s INTO %s FROM (%s) AS k;
      IF crossfade_k1 IS NOT NULL THEN
        PERFORM crossfade.%s(%s);
      END IF;
      RETURN NULL;
    END \
    """
        .formatted(
            list(columns, "; ", "crossfade_k%d text[]"),
            list(columns, ", ", "array_agg(k.k%d)"),
            list(columns, ", ", "crossfade_k%d"),
            keys,
            imageName(plan),
            list(columns, ", ", "crossfade_k%d"));
  }

  /** Whatever either side has. */
  private static String truncated(SyncPlan plan) {
    int columns = plan.keys().types().size();
    String all =
        Stream.concat(plan.entities().authority().stream(), plan.entities().receiving().stream())
            .map(
                (KeyQuery query) ->
                    keys(query.entity(), " FROM " + Sql.quote(query.table()) + " AS r"))
            .collect(Collectors.joining(" UNION "));
    return """

    DECLARE
      crossfade_part record;
    BEGIN
      FOR crossfade_part IN
        SELECT %s FROM (SELECT a.*, (row_number() OVER () - 1) / 10000 AS n FROM (%s) AS a) AS k GROUP BY k.n
      LOOP
        PERFORM crossfade.%s(%s);
      END LOOP;
      RETURN NULL;
    END \
    """
        .formatted(
            list(columns, ", ", "array_agg(k.k%1$d) AS k%1$d"),
            all,
            imageName(plan),
            list(columns, ", ", "crossfade_part.k%d"));
  }

  static String list(int columns, String between, String each) {
    return IntStream.rangeClosed(1, columns)
        .mapToObj(each::formatted)
        .collect(Collectors.joining(between));
  }

  static String triggers(SyncPlan plan, TableName table) {
    String name = name(plan, table);
    String before = "REFERENCING OLD TABLE AS crossfade_before ";
    String after = "REFERENCING NEW TABLE AS crossfade_after ";
    return Stream.of(
            trigger(name + "_i", "AFTER INSERT", after),
            trigger(name + "_u", "AFTER UPDATE", before + "NEW TABLE AS crossfade_after "),
            trigger(name + "_d", "AFTER DELETE", before),
            trigger(name + "_t", "AFTER TRUNCATE", ""))
        .map(trigger -> TriggerSql.trigger(table, trigger, CaptureScript.gap(plan)))
        .collect(Collectors.joining());
  }

  private static Trigger trigger(String name, String event, String tables) {
    return new Trigger(name, name, event, tables + UNLESS_APPLIED, ANY);
  }

  static String prefix(SyncPlan plan) {
    return "inplace_" + hash(plan.migration()).substring(0, 8);
  }

  static String name(SyncPlan plan, TableName table) {
    return prefix(plan) + '_' + hash(plan.group() + '/' + table).substring(0, 12);
  }

  /** Another one for keys of another number, for functions have their arguments in their name. */
  static String imageName(SyncPlan plan) {
    return "image_"
        + hash(
            plan.migration()
                + '/'
                + plan.group()
                + '/'
                + plan.authority()
                + '/'
                + plan.keys().types().size());
  }

  /** As the server's md5. */
  static String digest(String body) {
    try {
      MessageDigest md5 = MessageDigest.getInstance("MD5");
      return HexFormat.of().formatHex(md5.digest(body.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has it", e);
    }
  }
}
