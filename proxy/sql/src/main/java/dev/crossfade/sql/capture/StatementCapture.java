package dev.crossfade.sql.capture;

import dev.crossfade.core.schema.TableName;
import dev.crossfade.sql.image.SyncPlan;
import dev.crossfade.sql.lens.Sql;
import dev.crossfade.sql.write.Watched;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * What old needs where its tables may have no triggers: functions that write into the log, for
 * sidecars to call in the statements of their clients; and the question which ways there are to
 * change a table that no statement shows. Text only, no I/O.
 *
 * <pre>
 * crossfade.note_...(key text[])   logs an entity; true
 * crossfade.note_..._any()         logs that any entity of the group may have changed; true
 * </pre>
 *
 * <p>They belong to who installs them, so that whoever writes the tables needs no right on the log.
 */
public final class StatementCapture {
  private static final String FUNCTIONS =
      """
      DO $make$
      BEGIN
        EXECUTE replace($function$
      CREATE OR REPLACE FUNCTION crossfade.%1$s(entity pg_catalog.text[]) RETURNS pg_catalog.bool LANGUAGE plpgsql SECURITY DEFINER AS $crossfade$
      BEGIN
        -- A row's number is drawn by a transaction that has one itself: who looks into the log relies on it.
        IF pg_catalog.array_position(entity, NULL::pg_catalog.text) IS NULL AND pg_catalog.txid_current() IS NOT NULL THEN
          INSERT INTO crossfade.mutation (entity_group, key) VALUES (:GROUP:, entity);
        END IF;
        RETURN true;
      END $crossfade$ $function$, ':GROUP:', %2$s::text);
        EXECUTE replace($function$
      CREATE OR REPLACE FUNCTION crossfade.%1$s_any() RETURNS pg_catalog.bool LANGUAGE plpgsql SECURITY DEFINER AS $crossfade$
      BEGIN
        -- Once in a transaction is enough, however many rows it changes.
        IF pg_catalog.current_setting('crossfade.%1$s', true)
           IS DISTINCT FROM pg_catalog.txid_current()::pg_catalog.text THEN
          INSERT INTO crossfade.mutation (entity_group, key) VALUES (:GROUP:, NULL);
          PERFORM pg_catalog.set_config('crossfade.%1$s', pg_catalog.txid_current()::pg_catalog.text, true);
        END IF;
        RETURN true;
      END $crossfade$ $function$, ':GROUP:', %2$s::text);
      END $make$;
      """;

  /**
   * One row for each way, in words. A key that cascades from row to row of one entity is none: who
   * changes the one row logs the entity of both.
   */
  private static final String OBSTACLES =
      """
      WITH watched (oid, entity_group, key) AS (
        SELECT to_regclass(v.relation)::oid, v.entity_group, v.key FROM (VALUES %s) AS v (relation, entity_group, key)),
      cascading AS (
        SELECT c.conname, c.conrelid, c.confrelid, c.confdeltype, c.confupdtype,
          (SELECT array_agg(a.attname::text ORDER BY k.i) FROM unnest(c.conkey) WITH ORDINALITY AS k (n, i)
           JOIN pg_attribute AS a ON a.attrelid = c.conrelid AND a.attnum = k.n) AS own,
          (SELECT array_agg(a.attname::text ORDER BY k.i) FROM unnest(c.confkey) WITH ORDINALITY AS k (n, i)
           JOIN pg_attribute AS a ON a.attrelid = c.confrelid AND a.attnum = k.n) AS parents
        FROM pg_constraint AS c
        WHERE c.contype = 'f' AND (c.confdeltype IN ('c', 'n', 'd') OR c.confupdtype IN ('c', 'n', 'd'))),
      obstacle (text) AS (
        SELECT format('%%s is a part of %%s, or has parts, which can be written by their own names', i.inhrelid::regclass, i.inhparent::regclass)
        FROM pg_inherits AS i WHERE EXISTS (SELECT FROM watched AS w WHERE w.oid IN (i.inhrelid, i.inhparent))
        UNION
        SELECT format('a subscription writes %%s; drop it, or take the table out of its publications', s.srrelid::regclass)
        FROM pg_subscription_rel AS s JOIN watched AS w ON w.oid = s.srrelid
        UNION
        SELECT format('rule %%s of %%s makes other statements of those that write it', r.rulename, r.ev_class::regclass)
        FROM pg_rewrite AS r JOIN watched AS w ON w.oid = r.ev_class
        WHERE r.rulename <> '_RETURN'
        UNION
        SELECT format('foreign key %%s changes rows of %%s when %%s is written', c.conname, c.conrelid::regclass, c.confrelid::regclass)
        FROM cascading AS c JOIN watched AS w ON w.oid = c.conrelid
        WHERE w.key IS NULL OR NOT EXISTS (
          SELECT FROM watched AS p
          WHERE p.oid = c.confrelid AND p.entity_group = w.entity_group AND p.key = c.parents AND w.key = c.own
            AND c.confdeltype IN ('a', 'r', 'c') AND c.confupdtype IN ('a', 'r', 'c'))
        UNION
        SELECT format('trigger %%s of %%s calls %%s, which names %%s and writes', g.tgname, g.tgrelid::regclass, p.oid::regprocedure, w.oid::regclass)
        FROM pg_trigger AS g JOIN pg_proc AS p ON p.oid = g.tgfoid JOIN pg_namespace AS n ON n.oid = p.pronamespace
        CROSS JOIN watched AS w JOIN pg_class AS c ON c.oid = w.oid
        WHERE NOT g.tgisinternal AND g.tgenabled <> 'D' AND n.nspname <> 'crossfade'
          AND p.prosrc ~* '\\m(insert|update|delete|merge|truncate|copy)\\M'
          AND p.prosrc ~* ('\\m' || regexp_replace(c.relname, '([^a-zA-Z0-9_])', '\\\\\\1', 'g') || '\\M'))
      """;

  private StatementCapture() {}

  /** To be run when the groups are registered. */
  static String functions(List<SyncPlan> plans) {
    return plans.stream()
        .map(plan -> FUNCTIONS.formatted(name(plan), group(plan)))
        .collect(Collectors.joining());
  }

  /** No row when each change of a table is one that its statement shows; else one text each. */
  static String obstacles(List<SyncPlan> plans) {
    return OBSTACLES.formatted(withWatched(plans)) + "SELECT text FROM obstacle ORDER BY 1";
  }

  /** One number: such ways, and functions that are not there. */
  static String check(List<SyncPlan> plans) {
    String functions =
        plans.stream()
            .flatMap(plan -> List.of(note(plan) + "(text[])", noteAny(plan) + "()").stream())
            .map(function -> "('" + function + "')")
            .collect(Collectors.joining(", "));
    return OBSTACLES.formatted(withWatched(plans))
        + "SELECT (SELECT count(*) FROM obstacle) + (SELECT count(*) FROM (VALUES "
        + functions
        + ") AS f (name) WHERE to_regprocedure(f.name) IS NULL)";
  }

  /** The functions are not called any more. */
  static List<String> remove(List<SyncPlan> plans) {
    return plans.stream()
        .map(
            plan -> "DROP FUNCTION IF EXISTS %s(text[]), %s()".formatted(note(plan), noteAny(plan)))
        .toList();
  }

  /** Its one parameter is an entity's key, as an array of texts. */
  public static String note(SyncPlan plan) {
    return "crossfade." + name(plan);
  }

  /** Has no parameter. */
  public static String noteAny(SyncPlan plan) {
    return note(plan) + "_any";
  }

  /**
   * What has to log itself, and how.
   *
   * @param plans of all migrations that are captured so, with the authority on this side
   */
  public static Map<TableName, Watched> watched(Collection<SyncPlan> plans) {
    Map<TableName, Map<String, List<String>>> keyed = new HashMap<>();
    Map<TableName, Set<String>> whole = new HashMap<>();
    for (SyncPlan plan : plans) {
      plan.captured()
          .forEach(
              (table, key) ->
                  keyed.computeIfAbsent(table, none -> new HashMap<>()).put(note(plan), key));
      plan.consulted()
          .forEach(
              table -> whole.computeIfAbsent(table, none -> new HashSet<>()).add(noteAny(plan)));
    }
    Set<TableName> tables = new HashSet<>(keyed.keySet());
    tables.addAll(whole.keySet());
    return tables.stream()
        .collect(
            Collectors.toMap(
                table -> table,
                table ->
                    new Watched(
                        keyed.getOrDefault(table, Map.of()), whole.getOrDefault(table, Set.of()))));
  }

  private static String name(SyncPlan plan) {
    String group = plan.migration() + '/' + plan.group();
    return "note_"
        + UUID.nameUUIDFromBytes(group.getBytes(StandardCharsets.UTF_8))
            .toString()
            .replace("-", "")
            .substring(0, 20);
  }

  private static String withWatched(List<SyncPlan> plans) {
    Set<String> rows = new TreeSet<>();
    for (SyncPlan plan : plans) {
      plan.captured()
          .forEach(
              (table, key) ->
                  rows.add(
                      row(
                          table,
                          plan,
                          key.stream()
                              .map(StatementCapture::literal)
                              .collect(Collectors.joining(", ", "ARRAY[", "]")))));
      plan.consulted().forEach(table -> rows.add(row(table, plan, "NULL")));
    }
    return String.join(", ", rows);
  }

  private static String row(TableName table, SyncPlan plan, String key) {
    return "(%s, %s, %s::text[])".formatted(literal(Sql.quote(table)), literal(plan.group()), key);
  }

  private static String group(SyncPlan plan) {
    return "(SELECT number FROM crossfade.entity_group WHERE migration = %s AND name = %s)"
        .formatted(literal(plan.migration()), literal(plan.group()));
  }

  private static String literal(String text) {
    return '\'' + text.replace("'", "''") + '\'';
  }
}
