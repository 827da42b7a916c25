package dev.crossfade.sql.capture;

import dev.crossfade.core.schema.TableName;
import dev.crossfade.sql.lens.Sql;
import java.util.Collection;
import java.util.Set;
import java.util.stream.Collectors;

/** Asks a side whether every change of its tables comes past a trigger. Takes no locks. */
final class CaptureCheck {
  /** One row for each way past the triggers, in words. */
  private static final String OBSTACLES =
      """
      SELECT format('%s is a part of %s, which is not mapped: what is written there fires none of its triggers; map %s instead',
               a.oid::regclass, a.parent::regclass, a.parent::regclass) AS obstacle
      FROM above AS a WHERE a.parent NOT IN (SELECT oid FROM tree WHERE oid = root)
      UNION ALL
      SELECT format('a subscription writes %s, which fires no trigger of a statement; drop it, or take the table out of its publications',
               t.oid::regclass)
      FROM pg_subscription_rel AS r JOIN tree AS t ON t.oid = r.srrelid
      """;

  private CaptureCheck() {}

  /** No row when there is none; else one text each. */
  static String obstacles(Collection<TableName> tables) {
    return with(tables) + OBSTACLES + " ORDER BY 1";
  }

  /**
   * One number: how many triggers are missing or switched off, on the tables and on what hangs
   * under them, and how many ways there are past them.
   *
   * @param triggers each a row of a table's quoted name, a trigger's, and the kinds of relations
   *     that have it, as SQL text
   */
  static String count(Collection<TableName> tables, Set<String> triggers) {
    return with(tables)
        + """
        SELECT (
          SELECT count(*) FROM (VALUES %s) AS w (relation, name, kinds)
          JOIN tree AS t ON t.root IS NOT DISTINCT FROM to_regclass(w.relation)
          LEFT JOIN pg_class AS c ON c.oid = t.oid
          WHERE (c.oid IS NULL OR strpos(w.kinds, c.relkind::text) > 0) AND NOT EXISTS (
            SELECT FROM pg_trigger AS g WHERE g.tgrelid = t.oid AND g.tgname = w.name AND g.tgenabled = 'A'))
          + (SELECT count(*) FROM (%s) AS o)
        """
            .formatted(String.join(", ", triggers), OBSTACLES);
  }

  /** Each table with all that hangs under it, and with all that it hangs under. */
  private static String with(Collection<TableName> tables) {
    return """
    WITH RECURSIVE tree (root, oid) AS (
      SELECT to_regclass(name)::oid, to_regclass(name)::oid FROM unnest(ARRAY[%s]) AS name
      UNION SELECT tree.root, i.inhrelid FROM tree JOIN pg_inherits AS i ON i.inhparent = tree.oid),
    above (oid, parent) AS (
      SELECT i.inhrelid, i.inhparent FROM tree JOIN pg_inherits AS i ON i.inhrelid = tree.oid AND tree.oid = tree.root
      UNION SELECT above.oid, i.inhparent FROM above JOIN pg_inherits AS i ON i.inhrelid = above.parent)
    """
        .formatted(
            tables.stream()
                .map(table -> '\'' + Sql.quote(table).replace("'", "''") + '\'')
                .sorted()
                .collect(Collectors.joining(", ")));
  }
}
