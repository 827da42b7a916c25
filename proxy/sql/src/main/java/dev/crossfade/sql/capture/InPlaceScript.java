package dev.crossfade.sql.capture;

import static dev.crossfade.sql.capture.TriggerSql.ANY;
import static dev.crossfade.sql.capture.TriggerSql.drop;
import static dev.crossfade.sql.capture.TriggerSql.hash;
import static dev.crossfade.sql.capture.TriggerSql.literal;

import dev.crossfade.core.migration.Side;
import dev.crossfade.core.schema.TableName;
import dev.crossfade.sql.image.EntityGroup;
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

/**
 * Capture where both sides are in one database. The triggers of a statement do not log whose
 * entities it changed: they make the other side's image of these, in the same transaction. So
 * nobody ever sees the two differ, and what one side can not hold the other one does not take.
 *
 * <p>There is one fence, which both sides' triggers ask. The log is there as well, for what was
 * written while triggers were missing.
 */
public final class InPlaceScript {
  /** The order of day and month is the server's, as it is for mirrors. */
  private static final String DATES = "SET LOCAL DateStyle = 'ISO';\n";

  private static final String REGISTER =
      """
      CREATE TABLE IF NOT EXISTS crossfade.turn (
        entity_group int NOT NULL,
        entity bigint NOT NULL,
        turns bigint NOT NULL DEFAULT 0,
        PRIMARY KEY (entity_group, entity))
        WITH (fillfactor = 70);
      INSERT INTO crossfade.fence (migration, authority) VALUES (%1$s, '%2$s') ON CONFLICT (migration) DO NOTHING;
      CREATE SEQUENCE IF NOT EXISTS crossfade.%3$s;
      CREATE SEQUENCE IF NOT EXISTS crossfade.%4$s;
      """;

  /** Before anything is done: some migrations can not be had in one database. */
  private static final String REQUIRE =
      """
      DO $crossfade$
      DECLARE
        found text;
      BEGIN
        SELECT string_agg(DISTINCT t.tgrelid::regclass::text, ', ') INTO found FROM pg_trigger AS t
        WHERE t.tgrelid IN (SELECT to_regclass(name) FROM unnest(ARRAY[%1$s]) AS name)
          AND (t.tgname LIKE 'crossfade\\_capture\\_%%' OR t.tgname LIKE 'crossfade\\_inplace\\_%%')
          AND t.tgname NOT LIKE 'crossfade\\_%2$s\\_%%';
        IF found IS NOT NULL THEN
          RAISE EXCEPTION 'both sides are in one database, and another migration has its triggers on %%: one after the other', found
            USING ERRCODE = 'CF002';
        END IF;
        SELECT string_agg(name, ', ') INTO found FROM unnest(ARRAY[%3$s]) AS name
        WHERE NOT (has_table_privilege(name, 'SELECT') AND has_table_privilege(name, 'INSERT')
          AND has_table_privilege(name, 'UPDATE') AND has_table_privilege(name, 'DELETE'));
        IF found IS NOT NULL THEN
          RAISE EXCEPTION 'both sides are in one database: %% has to read and write the tables of both, and may not with %%', current_user, found
            USING ERRCODE = '42501';
        END IF;
      END $crossfade$;
      """;

  private static final String REFUSE =
      """
      DO $crossfade$ BEGIN RAISE EXCEPTION USING ERRCODE = 'CF002', MESSAGE = %s; END $crossfade$;
      """;

  /** The image was made by another function until now: any entity may have another one. */
  private static final String CHANGED =
      """
      DO $crossfade$
      BEGIN
        IF EXISTS (SELECT FROM pg_proc WHERE pronamespace = 'crossfade'::regnamespace AND proname = '%1$s'
            AND md5(convert_to(prosrc, 'UTF8')) <> '%2$s') THEN
          %3$s;
        END IF;
      END $crossfade$;
      """;

  private static final String MADE =
      """
      SELECT (%s) + (SELECT count(*) FROM (VALUES %s) AS w (name, digest) WHERE NOT EXISTS (
        SELECT FROM pg_proc AS p JOIN pg_namespace AS n ON n.oid = p.pronamespace
        WHERE n.nspname = 'crossfade' AND p.proname = w.name AND md5(convert_to(p.prosrc, 'UTF8')) = w.digest)) + %d
      """;

  private InPlaceScript() {}

  /**
   * @param plans of a lens, with the authority on that side
   * @param authority the side that has the authority until it is moved; counts when the migration
   *     is not known there yet
   */
  public static CaptureScript install(List<SyncPlan> plans, Side authority) {
    SyncPlan first = plans.getFirst();
    String migration = literal(first.migration());
    List<String> obstacles = obstacles(plans);
    StringBuilder register = new StringBuilder();
    obstacles.forEach(text -> register.append(REFUSE.formatted(literal(text))));
    register.append(require(plans)).append(CaptureSchema.create());
    register.append(REGISTER.formatted(migration, authority, fence(first).seen(), carried(first)));
    Map<TableName, StringBuilder> tables = new TreeMap<>(EntityGroup.BY_NAME);
    List<ImageTriggers.Made> functions = new ArrayList<>();
    for (SyncPlan plan : plans) {
      register.append("INSERT INTO crossfade.entity_group (migration, name) VALUES (");
      register.append(migration).append(", ").append(literal(plan.group()));
      register.append(") ON CONFLICT (migration, name) DO NOTHING;\n");
      ImageFunction image = ImageFunction.of(plan, ImageTriggers.imageName(plan), carried(first));
      register.append(
          CHANGED.formatted(
              image.name(), ImageTriggers.digest(image.body()), CaptureScript.gap(plan)));
      register.append(image.create());
      functions.add(new ImageTriggers.Made(image.name(), image.body()));
      plan.captured()
          .forEach(
              (table, key) -> {
                List<ImageTriggers.Made> made = ImageTriggers.captures(plan, table, key);
                functions.addAll(made);
                tables
                    .computeIfAbsent(
                        table,
                        none ->
                            new StringBuilder(CaptureSchema.LOCK)
                                .append(DATES)
                                .append(CaptureScript.fence(first, fence(first), table)))
                    .append(
                        made.stream().map(ImageTriggers.Made::create).collect(Collectors.joining()))
                    .append(ImageTriggers.triggers(plan, table));
              });
    }
    Map<TableName, String> scripts = new TreeMap<>(EntityGroup.BY_NAME);
    tables.forEach((table, script) -> scripts.put(table, script.toString()));
    String check =
        MADE.formatted(
            CaptureCheck.count(scripts.keySet(), wanted(plans)).strip(),
            functions.stream().map(ImageTriggers.Made::row).collect(Collectors.joining(", ")),
            obstacles.size());
    return new CaptureScript(
        first.migration(),
        first.authority(),
        true,
        register.toString(),
        check,
        CaptureCheck.obstacles(scripts.keySet()),
        scripts);
  }

  /** Why some can not be had in one database, in sentences. */
  private static List<String> obstacles(List<SyncPlan> plans) {
    Set<String> obstacles = new TreeSet<>();
    Set<TableName> own = new HashSet<>();
    plans.forEach(plan -> own.addAll(plan.captured().keySet()));
    for (SyncPlan plan : plans) {
      if (plan.capture() == CaptureMode.STATEMENTS) {
        obstacles.add(
            "both sides are in one database, where triggers write the other side: 'capture:"
                + " statements' can not be had there");
      }
      for (TableName table : plan.consulted()) {
        obstacles.add(
            "both sides are in one database, and the image of "
                + plan.group()
                + " is made of "
                + table
                + " as well, which is not mapped: who changes that would have to change any image");
      }
      plan.tables().stream()
          .filter(table -> own.contains(table.table()))
          .forEach(
              table ->
                  obstacles.add(
                      "both sides are in one database, and "
                          + table.table()
                          + " is a table of both: give it another name or schema on new"));
    }
    return List.copyOf(obstacles);
  }

  private static String require(List<SyncPlan> plans) {
    Set<String> own = new TreeSet<>();
    Set<String> all = new TreeSet<>();
    for (SyncPlan plan : plans) {
      plan.captured().keySet().forEach(table -> own.add(literal(Sql.quote(table))));
      plan.tables().forEach(table -> all.add(literal(Sql.quote(table.table()))));
    }
    all.addAll(own);
    return REQUIRE.formatted(
        String.join(", ", own),
        ImageTriggers.prefix(plans.getFirst()).replace("_", "\\_"),
        String.join(", ", all));
  }

  private static Set<String> wanted(List<SyncPlan> plans) {
    Set<String> wanted = new TreeSet<>();
    for (SyncPlan plan : plans) {
      for (TableName table : plan.captured().keySet()) {
        wanted.add(TriggerSql.row(table, fence(plan).function(), ANY));
        ImageTriggers.EVENTS.forEach(
            event ->
                wanted.add(TriggerSql.row(table, ImageTriggers.name(plan, table) + event, ANY)));
      }
    }
    return wanted;
  }

  /**
   * Takes all of one side away from its tables, and what is left in the log. Each statement takes
   * its table's lock for a moment.
   */
  public static List<String> remove(List<SyncPlan> plans) {
    List<String> scripts = new ArrayList<>();
    SyncPlan first = plans.getFirst();
    for (SyncPlan plan : plans) {
      for (TableName table : plan.captured().keySet()) {
        ImageTriggers.EVENTS.forEach(
            event -> scripts.add(drop(ImageTriggers.name(plan, table) + event)));
      }
      scripts.add(
          "DROP FUNCTION IF EXISTS crossfade.%s(%s)"
              .formatted(
                  ImageTriggers.imageName(plan),
                  ImageTriggers.list(plan.keys().types().size(), ", ", "pg_catalog.text[]")));
    }
    scripts.add(drop(fence(first).function()));
    return scripts;
  }

  /**
   * Takes away what both sides have in common; to be run last.
   *
   * @param plans of either side
   */
  public static List<String> forget(List<SyncPlan> plans) {
    SyncPlan first = plans.getFirst();
    String migration = literal(first.migration());
    return List.of(
        """
        DO $crossfade$
        BEGIN
          IF to_regclass('crossfade.turn') IS NOT NULL THEN
            DELETE FROM crossfade.turn WHERE entity_group IN (SELECT number FROM crossfade.entity_group WHERE migration = %s);
          END IF;
        END $crossfade$;
        DROP SEQUENCE IF EXISTS crossfade.%s_new;
        DROP SEQUENCE IF EXISTS crossfade.%s;
        """
            .formatted(migration, CaptureScript.seenName(first), carried(first)),
        CaptureSchema.forget(migration, CaptureScript.seenName(first)));
  }

  private static CaptureScript.Fence fence(SyncPlan plan) {
    return new CaptureScript.Fence(
        "fence_" + hash(plan.migration() + '/' + plan.authority()),
        CaptureScript.seenName(plan) + (plan.authority() == Side.OLD ? "" : "_new"));
  }

  /** As {@link CaptureSchema} finds it: by the beginning of the name's MD5. */
  private static String carried(SyncPlan plan) {
    return CaptureScript.seenName(plan).replace("seen_", "carried_");
  }
}
