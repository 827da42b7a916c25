package dev.crossfade.sql.capture;

import dev.crossfade.core.schema.TableName;
import dev.crossfade.sql.lens.Sql;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/** How a trigger gets on a table and whatever hangs under it. Names are all without prefix. */
final class TriggerSql {
  static final String STATEMENT = "FOR EACH STATEMENT";

  /** Tables, and partitioned ones, which have no rows of their own: as pg_class.relkind. */
  static final String ANY = "rp";

  private TriggerSql() {}

  /**
   * @param name its own
   * @param level behind the table's name
   * @param kinds of relations that get it
   */
  record Trigger(String name, String function, String event, String level, String kinds) {}

  static String row(TableName table, String trigger, String kinds) {
    return "(%s, 'crossfade_%s', '%s')".formatted(literal(Sql.quote(table)), trigger, kinds);
  }

  /**
   * On the table and whatever hangs under it: a statement fires only those of the table it names.
   *
   * @param made what is done when it was not there or switched off, as a statement of PL/pgSQL
   */
  static String trigger(TableName table, Trigger trigger, String made) {
    return """
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
    """
        .formatted(
            literal(Sql.quote(table)),
            trigger.name(),
            literal(trigger.event()),
            literal(trigger.level()),
            trigger.function(),
            trigger.kinds(),
            made);
  }

  static String drop(String function) {
    return "DROP FUNCTION IF EXISTS crossfade." + function + "() CASCADE";
  }

  /** Names of triggers have 63 bytes at most. */
  static String hash(String text) {
    return UUID.nameUUIDFromBytes(text.getBytes(StandardCharsets.UTF_8))
        .toString()
        .replace("-", "")
        .substring(0, 20);
  }

  static String literal(String text) {
    return '\'' + text.replace("'", "''") + '\'';
  }
}
