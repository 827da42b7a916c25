package dev.crossfade.sql.capture;

import dev.crossfade.core.migration.Side;
import dev.crossfade.core.schema.Catalog;
import dev.crossfade.core.schema.ColumnShape;
import dev.crossfade.core.schema.TableName;
import dev.crossfade.core.schema.TableShape;
import dev.crossfade.core.schema.TableShape.Rules;
import dev.crossfade.core.schema.TableShape.UniqueKey;
import dev.crossfade.sql.image.NotMirroredException;
import dev.crossfade.sql.image.SyncPlan;
import dev.crossfade.sql.lens.CaptureMode;
import dev.crossfade.sql.lens.CompiledLens;
import dev.crossfade.sql.lens.CompiledLens.MappedTable;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * An entity of a migration's own, on both sides, that no client knows of: {@code crossfade.canary}
 * has one row for each migration. It is logged, carried and fenced as the users' entities are, so
 * its arrival proves the whole way.
 *
 * <pre>
 * canary  migration, token, at: how often it was sent, and when last
 * </pre>
 *
 * Text only, no I/O.
 */
public final class Canary {
  /** Its group of entities. */
  public static final String GROUP = "crossfade.canary";

  /**
   * The setting with which the way that is not in use is rehearsed, in a transaction that is rolled
   * back: the canary may then be sent from the side without the authority.
   */
  public static final String REHEARSING = "crossfade.rehearsing";

  private static final TableName TABLE = new TableName("crossfade", "canary");
  private static final List<String> COLUMNS = List.of("migration", "token", "at");
  private static final List<String> KEY = List.of("migration");

  /** Whoever may use the schema at all is a mirror; and a mirror writes nothing else on new. */
  private static final String CREATE =
      """
      DO $crossfade$
      BEGIN
        IF to_regclass('crossfade.canary') IS NULL THEN
          CREATE TABLE crossfade.canary (
            migration text PRIMARY KEY,
            token bigint NOT NULL,
            at timestamptz NOT NULL);
          GRANT SELECT, INSERT, UPDATE, DELETE ON crossfade.canary TO PUBLIC;
        END IF;
      END $crossfade$;
      INSERT INTO crossfade.entity_group (migration, name) VALUES (%2$s, '%4$s')
        ON CONFLICT (migration, name) DO NOTHING;
      CREATE OR REPLACE FUNCTION crossfade.%1$s() RETURNS trigger
        LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $crossfade$
      BEGIN
        IF current_setting('crossfade.applying', true) = 'on' THEN
          RETURN NULL;
        END IF;
        PERFORM pg_advisory_xact_lock_shared(hashtextextended('crossfade/fence/' || %2$s, 0));
        IF coalesce(current_setting('crossfade.rehearsing', true), '') <> 'on'
           AND NOT EXISTS (SELECT FROM crossfade.fence WHERE migration = %2$s AND authority = '%3$s') THEN
          RAISE EXCEPTION 'migration %% does not have its authority on %3$s', %2$s USING ERRCODE = 'CF001';
        END IF;
        INSERT INTO crossfade.mutation (entity_group, key)
          SELECT number, ARRAY[NEW.migration] FROM crossfade.entity_group WHERE migration = %2$s AND name = '%4$s';
        RETURN NULL;
      END $crossfade$;
      DO $crossfade$
      BEGIN
        IF NOT EXISTS (
            SELECT FROM pg_trigger
            WHERE tgrelid = 'crossfade.canary'::regclass AND tgname = 'crossfade_%1$s' AND tgenabled = 'A') THEN
          DROP TRIGGER IF EXISTS crossfade_%1$s ON crossfade.canary;
          CREATE TRIGGER crossfade_%1$s AFTER INSERT OR UPDATE ON crossfade.canary
            FOR EACH ROW WHEN (NEW.migration = %2$s) EXECUTE FUNCTION crossfade.%1$s();
          ALTER TABLE crossfade.canary ENABLE ALWAYS TRIGGER crossfade_%1$s;
        END IF;
      END $crossfade$;
      """;

  private static final String FORGET =
      """
      DROP FUNCTION IF EXISTS crossfade.%1$s() CASCADE;
      DO $crossfade$
      BEGIN
        IF to_regclass('crossfade.canary') IS NOT NULL THEN
          DELETE FROM crossfade.canary WHERE migration = %2$s;
        END IF;
      END $crossfade$;
      """;

  private Canary() {}

  /** How it gets from the authority to the other side: a table that is the same on both. */
  public static SyncPlan plan(String migration, Side authority) {
    TableShape shape =
        new TableShape(
            TABLE,
            List.of(
                new ColumnShape("migration", "text", false),
                new ColumnShape("token", "bigint", false),
                new ColumnShape("at", "timestamp with time zone", false)),
            KEY,
            new Rules(List.of(new UniqueKey("canary_pkey", KEY)), List.of(), List.of()));
    MappedTable table =
        new MappedTable(
            shape,
            "SELECT migration, token, at FROM crossfade.canary",
            COLUMNS,
            Set.of(TABLE),
            KEY);
    CompiledLens lens =
        new CompiledLens(
            migration,
            Map.of(TABLE, table),
            Map.of(TABLE, table),
            Set.of(TABLE),
            CaptureMode.TRIGGERS);
    try {
      return SyncPlan.of(lens, authority, new Catalog(Map.of(TABLE, shape), Set.of())).getFirst();
    } catch (NotMirroredException e) {
      throw new IllegalStateException("a table that is the same on both sides", e);
    }
  }

  /**
   * @param migration as a literal
   */
  static String create(String migration, Side side) {
    return CREATE.formatted(name(migration), migration, side, GROUP);
  }

  /**
   * @param migration as a literal
   */
  static String forget(String migration) {
    return FORGET.formatted(name(migration), migration);
  }

  private static String name(String migration) {
    return "canary_"
        + UUID.nameUUIDFromBytes(migration.getBytes(StandardCharsets.UTF_8))
            .toString()
            .replace("-", "")
            .substring(0, 20);
  }
}
