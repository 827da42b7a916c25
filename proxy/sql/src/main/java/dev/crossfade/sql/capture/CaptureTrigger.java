package dev.crossfade.sql.capture;

import dev.crossfade.core.schema.TableName;
import dev.crossfade.sql.lens.Sql;

/**
 * A trigger of a watched table.
 *
 * @param name without its prefix
 * @param level behind the table's name
 * @param kinds of relations that get it
 */
record CaptureTrigger(String name, String function, String event, String level, String kinds) {
  private static final String MAKE =
      """
      DO $crossfade$
      DECLARE
        part regclass;
      BEGIN
        FOR part IN
          WITH RECURSIVE tree(oid) AS (
            SELECT to_regclass(%1$s)::oid
            UNION SELECT i.inhrelid FROM pg_inherits i JOIN tree ON i.inhparent = tree.oid)
          SELECT tree.oid FROM tree JOIN pg_class c ON c.oid = tree.oid WHERE strpos('%6$s', c.relkind::text) > 0
        LOOP
          IF NOT EXISTS (SELECT FROM pg_trigger t WHERE t.tgrelid = part AND t.tgname = 'crossfade_%2$s' AND t.tgenabled = 'A') THEN
            IF NOT EXISTS (SELECT FROM pg_trigger t WHERE t.tgrelid = part AND t.tgname = 'crossfade_%2$s') THEN
              EXECUTE format('CREATE TRIGGER %%I %%s ON %%s %%s EXECUTE FUNCTION crossfade.%%I()',
                             'crossfade_%2$s', %3$s, part, %4$s, '%5$s');
            END IF;
            EXECUTE format('ALTER TABLE %%s ENABLE ALWAYS TRIGGER %%I', part, 'crossfade_%2$s');
            %7$s;
          END IF;
        END LOOP;
      END $crossfade$;
      """;

  /**
   * On the table and whatever hangs under it: a statement fires only those of the table it names.
   *
   * @param made what is done when it was not there or switched off, as a statement of PL/pgSQL
   */
  String on(TableName table, String made) {
    return MAKE.formatted(
        literal(Sql.quote(table)), name, literal(event), literal(level), function, kinds, made);
  }

  private static String literal(String text) {
    return '\'' + text.replace("'", "''") + '\'';
  }
}
