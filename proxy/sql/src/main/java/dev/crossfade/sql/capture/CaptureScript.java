package dev.crossfade.sql.capture;

import static dev.crossfade.sql.capture.TriggerSql.ANY;
import static dev.crossfade.sql.capture.TriggerSql.STATEMENT;
import static dev.crossfade.sql.capture.TriggerSql.drop;
import static dev.crossfade.sql.capture.TriggerSql.hash;
import static dev.crossfade.sql.capture.TriggerSql.literal;
import static dev.crossfade.sql.capture.TriggerSql.row;

import dev.crossfade.core.migration.Side;
import dev.crossfade.core.schema.TableName;
import dev.crossfade.sql.capture.TriggerSql.Trigger;
import dev.crossfade.sql.image.EntityGroup;
import dev.crossfade.sql.image.KeySql;
import dev.crossfade.sql.image.SyncPlan;
import dev.crossfade.sql.lens.CaptureMode;
import dev.crossfade.sql.lens.Sql;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What makes one side of a migration note its changes and refuse writes while the other side has
 * the authority. Each script is a transaction of its own, and running all of them again changes
 * nothing.
 *
 * <p>A trigger per statement writes the keys of its rows into the log, the keys before and after.
 * It sees what comes by COPY, by cascades, by functions and past every sidecar. What logical
 * replication applies it does not see.
 *
 * @param migration its name
 * @param side where the scripts are to be run
 * @param inPlace whether the other side is in the same database and is written at once, see {@link
 *     InPlaceScript}
 * @param register tells the side of the migration and its groups; asks no lock of any table
 * @param check counts what is missing or switched off, and the ways past it
 * @param obstacles asks for the ways past it, in words
 * @param tables by table: makes functions and triggers; takes SHARE ROW EXCLUSIVE of that table for
 *     a moment
 */
public record CaptureScript(
    String migration,
    Side side,
    boolean inPlace,
    String register,
    String check,
    String obstacles,
    Map<TableName, String> tables) {
  /**
   * Functions run for every statement that writes, so they do little: every name is qualified, for
   * a search_path of their own would be set and reset each time, and what is no query is an
   * expression.
   *
   * <p>The fence must be seen as it is now, and as it was when the statement began: one that has
   * waited while the authority came here does not see all that was carried here meanwhile. A STABLE
   * function has the statement's view, and {@code fence_now} a fresh one. To read both takes as
   * long as to log the change. So whoever has found them the same leaves behind, in a sequence that
   * any touch of the fence voids, up to which transaction his view goes: views that go further see
   * the fence's last change as well. That holds while nobody moves it, so the lock comes first.
   */
  private static final String FENCE =
      """
      CREATE OR REPLACE FUNCTION crossfade.%1$s() RETURNS trigger LANGUAGE plpgsql STABLE SECURITY DEFINER AS $crossfade$
      DECLARE
        began pg_catalog.text;
        truth pg_catalog.text;
        upto pg_catalog.int8;
      BEGIN
        IF (CASE WHEN pg_catalog.pg_advisory_xact_lock_shared(pg_catalog.hashtextextended('crossfade/fence/' OPERATOR(pg_catalog.||) %2$s, 0)) IS NOT NULL
            THEN pg_catalog.pg_sequence_last_value('crossfade.%4$s'::pg_catalog.regclass)
              OPERATOR(pg_catalog.<) pg_catalog.txid_snapshot_xmax(pg_catalog.txid_current_snapshot()) END) THEN
          RETURN NULL;
        END IF;
        IF pg_catalog.current_setting('crossfade.applying', true) OPERATOR(pg_catalog.=) 'on' THEN
          RETURN NULL;
        END IF;
        truth := crossfade.fence_now(%2$s);
        IF pg_catalog.right(truth, 3) OPERATOR(pg_catalog.=) '%3$s' THEN
          SELECT epoch::pg_catalog.text OPERATOR(pg_catalog.||) authority INTO began FROM crossfade.fence WHERE migration OPERATOR(pg_catalog.=) %2$s;
          IF began OPERATOR(pg_catalog.=) truth THEN
            upto := pg_catalog.txid_snapshot_xmax(pg_catalog.txid_current_snapshot());
            IF COALESCE(pg_catalog.pg_sequence_last_value('crossfade.%4$s'::pg_catalog.regclass) OPERATOR(pg_catalog.>) upto, true) THEN
              upto := pg_catalog.setval('crossfade.%4$s'::pg_catalog.regclass, upto);
            END IF;
            RETURN NULL;
          END IF;
          RAISE EXCEPTION 'migration %% got its authority here while this statement waited', %2$s
            USING ERRCODE = 'CF001', HINT = 'Write it again.';
        END IF;
        RAISE EXCEPTION 'migration %% has its authority on %%, not here', %2$s, COALESCE(pg_catalog.right(truth, 3), 'no side')
          USING ERRCODE = 'CF001', HINT = 'Write through the sidecar.';
      END $crossfade$;
      """;

  /** GROUP is the number of the entity group, which only the server knows. */
  private static final String CAPTURE =
      """
      DO $make$
      BEGIN
        EXECUTE replace($function$
      CREATE OR REPLACE FUNCTION crossfade.%1$s() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $crossfade$
      <<past>>
      DECLARE
        writer pg_catalog.text;
      BEGIN
        IF pg_catalog.current_setting('crossfade.applying', true) OPERATOR(pg_catalog.=) 'on' THEN
          RETURN NULL;
        END IF;
        IF COALESCE(pg_catalog.current_setting('crossfade.origin', true), '') OPERATOR(pg_catalog.=) '' THEN
          writer := pg_catalog.concat(SESSION_USER, '/', pg_catalog.current_setting('application_name'));
        END IF;
        %2$s;
        RETURN NULL;
      END $crossfade$ $function$, ':GROUP:', %3$s::text);
      END $make$;
      """;

  private static final String OF_ROWS = "r";

  private static final String LOG = "INSERT INTO crossfade.mutation (entity_group, key, bypass) ";

  /** NULL where it came through a sidecar. */
  private static final String WRITER = ", past.writer";

  public CaptureScript {
    tables = Map.copyOf(tables);
  }

  /**
   * @param plans of a lens, with the authority on that side
   * @param authority the side that has the authority until it is moved; counts when the migration
   *     is not known there yet
   */
  public static CaptureScript install(List<SyncPlan> plans, Side authority) {
    SyncPlan first = plans.getFirst();
    StringBuilder register = new StringBuilder(CaptureSchema.create());
    String migration = literal(first.migration());
    register.append("INSERT INTO crossfade.fence (migration, authority) VALUES (");
    register.append(migration).append(", '").append(authority);
    register.append("') ON CONFLICT (migration) DO NOTHING;\n");
    register.append("CREATE SEQUENCE IF NOT EXISTS crossfade.");
    register.append(seenName(first)).append(";\n");
    register.append(Canary.create(migration, first.authority()));
    Map<TableName, String> tables = new TreeMap<>(EntityGroup.BY_NAME);
    for (SyncPlan plan : plans) {
      register.append("INSERT INTO crossfade.entity_group (migration, name) VALUES (");
      register.append(migration).append(", ").append(literal(plan.group()));
      register.append(") ON CONFLICT (migration, name) DO NOTHING;\n");
      plan.captured()
          .forEach((table, key) -> tables.merge(table, keyed(plan, table, key), String::concat));
      plan.consulted().forEach(table -> tables.merge(table, whole(plan, table), String::concat));
    }
    if (first.capture() == CaptureMode.STATEMENTS) {
      return new CaptureScript(
          first.migration(),
          first.authority(),
          false,
          register + StatementCapture.functions(plans),
          StatementCapture.check(plans),
          StatementCapture.obstacles(plans),
          Map.of());
    }
    tables.replaceAll(
        (table, script) ->
            CaptureSchema.LOCK
                + fence(first, new Fence(fenceName(first), seenName(first)), table)
                + script);
    return new CaptureScript(
        first.migration(),
        first.authority(),
        false,
        register.toString(),
        check(plans),
        CaptureCheck.obstacles(tables.keySet()),
        tables);
  }

  private static String check(List<SyncPlan> plans) {
    Set<String> wanted = new TreeSet<>();
    Set<TableName> all = new HashSet<>();
    for (SyncPlan plan : plans) {
      Set<TableName> tables = new HashSet<>(plan.captured().keySet());
      tables.addAll(plan.consulted());
      all.addAll(tables);
      for (TableName table : tables) {
        wanted.add(row(table, fenceName(plan), ANY));
        for (String event : List.of("_i", "_u", "_d", "_t")) {
          wanted.add(row(table, captureName(plan, table) + event, ANY));
        }
      }
      for (TableName table : plan.captured().keySet()) {
        wanted.add(row(table, captureName(plan, table) + "_k", OF_ROWS));
      }
    }
    return CaptureCheck.count(all, wanted);
  }

  static String fenceName(SyncPlan plan) {
    return "fence_" + hash(plan.migration());
  }

  /** As {@link CaptureSchema} finds it: by the beginning of the name's MD5. */
  static String seenName(SyncPlan plan) {
    return "seen_" + hash(plan.migration()).substring(0, 12);
  }

  /**
   * Names on one side.
   *
   * @param function of the fence
   * @param seen its sequence
   */
  record Fence(String function, String seen) {}

  static String fence(SyncPlan plan, Fence fence, TableName table) {
    String name = fence.function();
    return FENCE.formatted(name, literal(plan.migration()), plan.authority(), fence.seen())
        + TriggerSql.trigger(
            table,
            new Trigger(
                name, name, "BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE", STATEMENT, ANY),
            "NULL");
  }

  private static String keyed(SyncPlan plan, TableName table, List<String> key) {
    String distinct = plan.single().contains(table) ? "SELECT " : "SELECT DISTINCT ";
    String before =
        ":GROUP:, " + key("r", key) + WRITER + " FROM crossfade_before AS r" + known("r", key);
    String after =
        ":GROUP:, " + key("r", key) + WRITER + " FROM crossfade_after AS r" + known("r", key);
    Noted noted =
        new Noted(
            LOG + distinct + after,
            LOG + distinct + after,
            LOG + "SELECT " + before + " UNION SELECT " + after,
            LOG + distinct + before);
    String name = captureName(plan, table) + "_k";
    // Who changes a key is seldom, and to look for him in two sets of rows is what costs most.
    return triggers(plan, table, noted)
        + CAPTURE.formatted(
            name,
            LOG + "SELECT :GROUP:, " + key("OLD", key) + WRITER + known("OLD", key),
            group(plan))
        + TriggerSql.trigger(
            table,
            new Trigger(
                name,
                name,
                "AFTER UPDATE",
                "FOR EACH ROW WHEN (" + changed(key, plan.keys().types()) + ')',
                OF_ROWS),
            gap(plan));
  }

  /** A table whose rows belong to no entity: what it changes may be in the image of any. */
  private static String whole(SyncPlan plan, TableName table) {
    String marker = LOG + "SELECT :GROUP:, NULL" + WRITER + " WHERE EXISTS (SELECT FROM ";
    String after = marker + "crossfade_after)";
    return triggers(plan, table, new Noted(after, after, after, marker + "crossfade_before)"));
  }

  /**
   * What is written into the log after a statement that changed rows.
   *
   * @param moved after an UPDATE of a partitioned table, whose rows may move to other partitions:
   *     no trigger of rows sees these as updated
   */
  private record Noted(String insert, String update, String moved, String delete) {}

  private static String triggers(SyncPlan plan, TableName table, Noted noted) {
    String name = captureName(plan, table);
    String group = group(plan);
    String before = "REFERENCING OLD TABLE AS crossfade_before ";
    String after = "REFERENCING NEW TABLE AS crossfade_after ";
    String both = before + "NEW TABLE AS crossfade_after ";
    return CAPTURE.formatted(name + "_i", noted.insert(), group)
        + CAPTURE.formatted(name + "_u", noted.update(), group)
        + CAPTURE.formatted(name + "_m", noted.moved(), group)
        + CAPTURE.formatted(name + "_d", noted.delete(), group)
        + CAPTURE.formatted(name + "_t", LOG + "VALUES (:GROUP:, NULL" + WRITER + ')', group)
        + Stream.of(
                trigger(name, "_i", "AFTER INSERT", after + STATEMENT),
                new Trigger(name + "_u", name + "_u", "AFTER UPDATE", after + STATEMENT, OF_ROWS),
                new Trigger(name + "_u", name + "_m", "AFTER UPDATE", both + STATEMENT, "p"),
                trigger(name, "_d", "AFTER DELETE", before + STATEMENT),
                trigger(name, "_t", "AFTER TRUNCATE", STATEMENT))
            .map(trigger -> TriggerSql.trigger(table, trigger, gap(plan)))
            .collect(Collectors.joining());
  }

  /** What was written while it was not there is in no log. */
  static String gap(SyncPlan plan) {
    return "PERFORM crossfade.fill_gap(%s, %s, '%s')"
        .formatted(literal(plan.migration()), literal(plan.group()), plan.authority());
  }

  private static Trigger trigger(String capture, String suffix, String event, String level) {
    return new Trigger(capture + suffix, capture + suffix, event, level, ANY);
  }

  private static String captureName(SyncPlan plan, TableName table) {
    return "capture_" + hash(plan.migration() + '/' + plan.group() + '/' + table);
  }

  private static String group(SyncPlan plan) {
    return "(SELECT number FROM crossfade.entity_group WHERE migration = "
        + literal(plan.migration())
        + " AND name = "
        + literal(plan.group())
        + ')';
  }

  /**
   * Takes all of it away from the tables, and what is left in the log. Each statement takes its
   * table's lock for a moment.
   */
  public static List<String> remove(List<SyncPlan> plans) {
    List<String> scripts = new ArrayList<>();
    String migration = literal(plans.getFirst().migration());
    for (SyncPlan plan : plans) {
      Set<TableName> tables = new HashSet<>(plan.captured().keySet());
      tables.addAll(plan.consulted());
      for (TableName table : tables) {
        for (String event : List.of("_i", "_u", "_m", "_d", "_t", "_k")) {
          scripts.add(drop(captureName(plan, table) + event));
        }
      }
    }
    scripts.addAll(StatementCapture.remove(plans));
    scripts.add(drop(fenceName(plans.getFirst())));
    scripts.add(Canary.forget(migration));
    scripts.add(CaptureSchema.forget(migration, seenName(plans.getFirst())));
    return scripts;
  }

  private static String key(String row, List<String> columns) {
    return columns.stream()
        .map(column -> row + '.' + Sql.quote(column) + "::pg_catalog.text")
        .collect(Collectors.joining(", ", "ARRAY[", "]"));
  }

  private static String known(String row, List<String> columns) {
    return columns.stream()
        .map(column -> row + '.' + Sql.quote(column) + " IS NOT NULL")
        .collect(Collectors.joining(" AND ", " WHERE ", ""));
  }

  /** Texts may be equal to a collation and differ all the same. */
  private static String changed(List<String> columns, List<String> types) {
    return IntStream.range(0, columns.size())
        .mapToObj(
            i -> {
              String column = Sql.quote(columns.get(i));
              String cast = KeySql.isExact(types.get(i)) ? "" : "::pg_catalog.text COLLATE \"C\"";
              return "OLD.%1$s%2$s IS DISTINCT FROM NEW.%1$s%2$s".formatted(column, cast);
            })
        .collect(Collectors.joining(" OR "));
  }
}
