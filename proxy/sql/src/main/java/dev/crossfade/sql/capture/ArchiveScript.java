package dev.crossfade.sql.capture;

import dev.crossfade.core.schema.TableName;
import dev.crossfade.sql.image.EntityGroup;
import dev.crossfade.sql.lens.Sql;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.UUID;

/**
 * What makes tables read-only for good, for everybody, their owner and superusers as well: a
 * trigger that refuses every write. They stay where they are and can be read, so that what still
 * looks at them does not break; and dropping one function takes all of it back, with every
 * privilege as it was. Neither a new name nor a REVOKE could do that.
 *
 * <p>What logical replication applies it does not see.
 */
public final class ArchiveScript {
  private static final String FUNCTION =
      """
      CREATE OR REPLACE FUNCTION crossfade.%1$s() RETURNS trigger LANGUAGE plpgsql AS $crossfade$
      BEGIN
        RAISE EXCEPTION 'migration %% is complete: %% is an archive', %2$s, TG_TABLE_NAME
          USING ERRCODE = 'CF001', HINT = 'Write to new. To take writes here again: DROP FUNCTION crossfade.%1$s() CASCADE';
      END $crossfade$;
      """;

  /**
   * On the table and whatever hangs under it: a statement fires only those of the table it names.
   */
  private static final String TRIGGERS =
      """
      DO $crossfade$
      DECLARE
        part regclass;
      BEGIN
        FOR part IN
          WITH RECURSIVE tree(oid) AS (
            SELECT to_regclass(%1$s)::oid
            UNION SELECT i.inhrelid FROM pg_inherits i JOIN tree ON i.inhparent = tree.oid)
          SELECT tree.oid FROM tree JOIN pg_class c ON c.oid = tree.oid
          WHERE c.relkind IN ('r', 'p')
            AND NOT EXISTS (SELECT FROM pg_trigger t WHERE t.tgrelid = tree.oid AND t.tgname = 'crossfade_%2$s' AND t.tgenabled = 'A')
        LOOP
          IF NOT EXISTS (SELECT FROM pg_trigger t WHERE t.tgrelid = part AND t.tgname = 'crossfade_%2$s') THEN
            EXECUTE format('CREATE TRIGGER %%I BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON %%s FOR EACH STATEMENT EXECUTE FUNCTION crossfade.%2$s()',
                           'crossfade_%2$s', part);
          END IF;
          EXECUTE format('ALTER TABLE %%s ENABLE ALWAYS TRIGGER %%I', part, 'crossfade_%2$s');
        END LOOP;
      END $crossfade$;
      """;

  private ArchiveScript() {}

  /**
   * Each is a transaction of its own; running all of them again changes nothing. Capture must have
   * been installed before, for its schema.
   */
  public static List<String> create(String migration, Collection<TableName> tables) {
    String name =
        "archived_"
            + UUID.nameUUIDFromBytes(migration.getBytes(StandardCharsets.UTF_8))
                .toString()
                .replace("-", "")
                .substring(0, 20);
    List<String> scripts = new ArrayList<>();
    scripts.add(CaptureSchema.LOCK + FUNCTION.formatted(name, literal(migration)));
    tables.stream()
        .sorted(EntityGroup.BY_NAME)
        .forEach(table -> scripts.add(TRIGGERS.formatted(literal(Sql.quote(table)), name)));
    return scripts;
  }

  private static String literal(String text) {
    return '\'' + text.replace("'", "''") + '\'';
  }
}
