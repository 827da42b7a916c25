package dev.crossfade.sql.capture;

/**
 * Schema {@code crossfade} of a side. It has the same tables on both sides, so that either can have
 * the authority.
 *
 * <pre>
 * fence        migration, authority (OLD or NEW), epoch: whose data counts
 * seen_...     a sequence for each migration: while the authority is here, a transaction number; who
 *              has a snapshot of later ones sees the fence as it is. Greater than any number when
 *              the fence has been touched since
 * entity_group number, migration, name: a number for what {@code SyncPlan.group} names
 * mutation     entity_group, id, key: an entity that a committed transaction has changed and that
 *              the other side may not have yet; key NULL: any entity of the group; due: not to be
 *              tried before, for it has failed; bypass: who wrote it past every sidecar, as
 *              user/application
 * bypass       what was written past every sidecar, added up by the mirrors
 * walk         how far such a row with key NULL, the marker, has been turned into rows with keys
 * canary       of each migration a row of its own, as {@link Canary} has it
 * gap          a migration whose changes somebody has seen not to be logged, until they are again
 * backfill     how far a backfill has come in each table of the authority
 * dead_letter  entities that could not be carried, and why
 * turn         where both sides are in this database, entities of several rows: who changes one
 *              takes its row, and leaves it changed for those whose snapshot is older
 * carried_...  there, a sequence for each migration: the last transaction that a mirror, a backfill
 *              or a repair began
 * </pre>
 */
public final class CaptureSchema {
  /** SQLSTATE of a write to a side that does not have the authority. */
  public static final String FENCED = "CF001";

  /** The setting that tells capture and fence that a mirror writes. */
  public static final String APPLYING = "crossfade.applying";

  /**
   * The setting that tells capture where a session comes from: sidecars start theirs with it. Empty
   * or missing: from somebody who goes past them.
   */
  public static final String ORIGIN = "crossfade.origin";

  /** Two that make the same function at once would fail. */
  static final String LOCK =
      "SELECT pg_advisory_xact_lock(hashtextextended('crossfade/schema', 0));\n";

  private CaptureSchema() {}

  /** Makes what is missing; to be run in one transaction. Changes nothing that is there. */
  public static String create() {
    return LOCK
        + """
        CREATE SCHEMA IF NOT EXISTS crossfade;
        CREATE TABLE IF NOT EXISTS crossfade.fence (
          migration text PRIMARY KEY,
          authority text NOT NULL CHECK (authority IN ('OLD', 'NEW')),
          epoch bigint NOT NULL DEFAULT 1);
        CREATE TABLE IF NOT EXISTS crossfade.entity_group (
          number int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
          migration text NOT NULL,
          name text NOT NULL,
          UNIQUE (migration, name));
        CREATE TABLE IF NOT EXISTS crossfade.mutation (
          entity_group int NOT NULL,
          id bigint GENERATED ALWAYS AS IDENTITY,
          key text[],
          at timestamptz NOT NULL DEFAULT clock_timestamp(),
          attempts int NOT NULL DEFAULT 0,
          due timestamptz,
          PRIMARY KEY (entity_group, id))
          WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);
        DO $crossfade$
        DECLARE
          granted record;
        BEGIN
          -- The lock is taken only where there is something to do.
          IF NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = 'crossfade.mutation'::regclass AND attname = 'bypass') THEN
            ALTER TABLE crossfade.mutation ADD COLUMN bypass text;
          END IF;
          IF to_regclass('crossfade.bypass') IS NULL THEN
            CREATE TABLE crossfade.bypass (
              entity_group int NOT NULL,
              writer text NOT NULL,
              changes bigint NOT NULL,
              since timestamptz NOT NULL,
              at timestamptz NOT NULL,
              PRIMARY KEY (entity_group, writer));
            -- Where it is installed anew, mirrors were granted what there was.
            FOR granted IN
              SELECT a.privilege_type, COALESCE(quote_ident(r.rolname), 'PUBLIC') AS grantee
              FROM pg_class AS c CROSS JOIN aclexplode(c.relacl) AS a LEFT JOIN pg_roles AS r ON r.oid = a.grantee
              WHERE c.oid = 'crossfade.mutation'::regclass AND a.grantee <> c.relowner
            LOOP
              EXECUTE format('GRANT %s ON crossfade.bypass TO %s', granted.privilege_type, granted.grantee);
            END LOOP;
          END IF;
        END $crossfade$;
        CREATE INDEX IF NOT EXISTS mutation_marker ON crossfade.mutation (entity_group) WHERE key IS NULL;
        CREATE TABLE IF NOT EXISTS crossfade.walk (
          entity_group int PRIMARY KEY,
          marker bigint NOT NULL,
          part int NOT NULL DEFAULT 0,
          after text[],
          up_to text[],
          last bigint);
        CREATE TABLE IF NOT EXISTS crossfade.dead_letter (
          id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
          entity_group int NOT NULL,
          key text[],
          sqlstate text NOT NULL,
          error text NOT NULL,
          attempts int NOT NULL,
          at timestamptz NOT NULL DEFAULT clock_timestamp());
        CREATE TABLE IF NOT EXISTS crossfade.gap (
          migration text PRIMARY KEY,
          at timestamptz NOT NULL DEFAULT clock_timestamp());
        CREATE TABLE IF NOT EXISTS crossfade.backfill (
          migration text NOT NULL,
          relation text NOT NULL,
          after text[],
          up_to text[] NOT NULL,
          entities bigint NOT NULL,
          failed bigint NOT NULL,
          at timestamptz NOT NULL DEFAULT clock_timestamp(),
          PRIMARY KEY (migration, relation));
        CREATE UNIQUE INDEX IF NOT EXISTS dead_letter_entity
          ON crossfade.dead_letter (entity_group, coalesce(key, '{}'));
        CREATE OR REPLACE FUNCTION crossfade.fill_gap(of_migration text, of_group text, of_side text) RETURNS void LANGUAGE sql AS $crossfade$
          -- Before all that does anything, what was not logged is the backfill's.
          INSERT INTO crossfade.mutation (entity_group, key)
            SELECT g.number, NULL FROM crossfade.entity_group AS g JOIN crossfade.fence AS f ON f.migration = g.migration
            WHERE f.migration = of_migration AND f.authority = of_side AND g.name = COALESCE(of_group, g.name)
              AND g.name <> 'crossfade.canary'
              AND (f.epoch > 1 OR EXISTS (SELECT FROM crossfade.backfill AS b WHERE b.migration = of_migration));
        $crossfade$;
        CREATE OR REPLACE FUNCTION crossfade.fence_now(of_migration text) RETURNS text LANGUAGE plpgsql AS $crossfade$
        DECLARE
          found pg_catalog.text;
        BEGIN
          IF pg_catalog.current_setting('transaction_isolation') OPERATOR(pg_catalog.=) 'read committed' THEN
            SELECT epoch::pg_catalog.text OPERATOR(pg_catalog.||) authority INTO found
              FROM crossfade.fence WHERE migration OPERATOR(pg_catalog.=) of_migration;
          ELSE
            -- Its snapshot may be from before the authority moved: then this fails with 40001.
            SELECT epoch::pg_catalog.text OPERATOR(pg_catalog.||) authority INTO found
              FROM crossfade.fence WHERE migration OPERATOR(pg_catalog.=) of_migration FOR SHARE;
          END IF;
          RETURN found;
        END $crossfade$;
        CREATE OR REPLACE FUNCTION crossfade.fence_moves() RETURNS trigger
          LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $crossfade$
        DECLARE
          seen regclass;
        BEGIN
          -- Nobody who writes knows anything of the fence until this is committed, or undone.
          PERFORM pg_advisory_xact_lock(hashtextextended('crossfade/fence/' || OLD.migration, 0));
          FOREACH seen IN ARRAY ARRAY[to_regclass('crossfade.seen_' || left(md5(OLD.migration), 12)),
              to_regclass('crossfade.seen_' || left(md5(OLD.migration), 12) || '_new')] LOOP
            IF seen IS NOT NULL THEN
              PERFORM setval(seen, 9223372036854775807);
            END IF;
          END LOOP;
          IF TG_OP = 'DELETE' THEN
            RETURN OLD;
          END IF;
          RETURN NEW;
        END $crossfade$;
        DO $crossfade$
        BEGIN
          IF NOT EXISTS (SELECT FROM pg_trigger WHERE tgrelid = 'crossfade.fence'::regclass AND tgname = 'crossfade_moves') THEN
            CREATE TRIGGER crossfade_moves BEFORE UPDATE OR DELETE ON crossfade.fence
              FOR EACH ROW EXECUTE FUNCTION crossfade.fence_moves();
            ALTER TABLE crossfade.fence ENABLE ALWAYS TRIGGER crossfade_moves;
          END IF;
        END $crossfade$;
        CREATE OR REPLACE FUNCTION crossfade.begin_applying(of_migration text, from_side text)
          RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $crossfade$
        DECLARE
          found crossfade.fence;
          carried regclass := to_regclass('crossfade.carried_' || left(md5(of_migration), 12));
        BEGIN
          PERFORM pg_advisory_xact_lock_shared(hashtextextended('crossfade/fence/' || of_migration, 0));
          SELECT * INTO found FROM crossfade.fence WHERE migration = of_migration;
          IF found.authority IS DISTINCT FROM from_side THEN
            RAISE EXCEPTION '% has the authority of migration %, not %', coalesce(found.authority, 'nobody'), of_migration, from_side
              USING ERRCODE = 'CF001';
          END IF;
          PERFORM set_config('crossfade.applying', 'on', true);
          IF carried IS NOT NULL THEN
            -- Clients hold the locks of what they have written until they commit, in any order: this
            -- one lets go before the server looks for deadlocks, and begins again.
            PERFORM set_config('lock_timeout', '250ms', true);
            PERFORM pg_advisory_lock(hashtextextended('crossfade/carried/' || of_migration, 0));
            PERFORM setval(carried, greatest(coalesce(pg_sequence_last_value(carried), 1), txid_current()));
            PERFORM pg_advisory_unlock(hashtextextended('crossfade/carried/' || of_migration, 0));
          END IF;
          RETURN found.epoch;
        END $crossfade$;
        """;
  }

  /**
   * Takes one migration out of the tables.
   *
   * @param migration as a literal
   * @param seen its sequence
   */
  static String forget(String migration, String seen) {
    return """
    DO $crossfade$
    BEGIN
      -- A former version may have installed it.
      IF to_regclass('crossfade.bypass') IS NOT NULL THEN
        DELETE FROM crossfade.bypass WHERE entity_group IN (SELECT number FROM crossfade.entity_group WHERE migration = %1$s);
      END IF;
    END $crossfade$;
    DELETE FROM crossfade.mutation WHERE entity_group IN (SELECT number FROM crossfade.entity_group WHERE migration = %1$s);
    DELETE FROM crossfade.walk WHERE entity_group IN (SELECT number FROM crossfade.entity_group WHERE migration = %1$s);
    DELETE FROM crossfade.dead_letter WHERE entity_group IN (SELECT number FROM crossfade.entity_group WHERE migration = %1$s);
    DELETE FROM crossfade.backfill WHERE migration = %1$s;
    DELETE FROM crossfade.gap WHERE migration = %1$s;
    DELETE FROM crossfade.entity_group WHERE migration = %1$s;
    DELETE FROM crossfade.fence WHERE migration = %1$s;
    DROP SEQUENCE IF EXISTS crossfade.%2$s;
    """
        .formatted(migration, seen);
  }
}
