package dev.crossfade.inspect.catalog;

import dev.crossfade.core.schema.TableName;
import dev.crossfade.inspect.database.Database;
import dev.crossfade.inspect.database.QueryException;
import dev.crossfade.inspect.finding.Code;
import dev.crossfade.inspect.finding.Finding;
import dev.crossfade.sql.lens.CompiledLens;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What else hangs on the tables of a migration: everything in either database that reads, changes,
 * copies or watches them, and that no lens translates.
 */
public final class Preflight {
  private static final int MOST_FINDINGS = 1000;

  /** A question to a catalog; its rows are a place and a message. {@code %s} are the tables. */
  private record Question(Code code, String sql) {}

  private static final String TABLE = "n.nspname || '.' || c.relname";
  private static final String OF =
      " FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace ";

  /** Views on views as well. */
  private static final Question VIEWS =
      new Question(
          Code.VIEW_READS,
          """
          WITH RECURSIVE dependent AS (
            SELECT r.ev_class AS view, d.refobjid AS base
            FROM pg_depend d JOIN pg_rewrite r ON r.oid = d.objid
            WHERE d.classid = 'pg_rewrite'::regclass AND d.refclassid = 'pg_class'::regclass
                  AND r.ev_class <> d.refobjid),
          reached AS (
            SELECT view, base FROM dependent WHERE base IN (%s)
            UNION SELECT d.view, r.base FROM dependent d JOIN reached r ON d.base = r.view)
          SELECT DISTINCT n.nspname || '.' || c.relname,
                 CASE c.relkind WHEN 'm' THEN 'a materialized view' ELSE 'a view' END || ' of ' || b.relname
          FROM reached JOIN pg_class c ON c.oid = view JOIN pg_namespace n ON n.oid = c.relnamespace
               JOIN pg_class b ON b.oid = base
          WHERE c.relkind IN ('v', 'm') ORDER BY 1, 2
          """);

  private static final Question TRIGGERS =
      new Question(
          Code.TRIGGER_FIRES,
          "SELECT "
              + TABLE
              + " || ' ' || t.tgname, pg_get_triggerdef(t.oid)"
              + OF
              + "JOIN pg_trigger t ON t.tgrelid = c.oid"
              + " WHERE NOT t.tgisinternal AND t.tgenabled <> 'D' AND c.oid IN (%s) ORDER BY 1");

  private static final List<Question> ON_OLD =
      List.of(
          VIEWS,
          TRIGGERS,
          new Question(
              Code.FOREIGN_KEY_IN,
              "SELECT k.conrelid::regclass::text || ' ' || k.conname, 'refers to ' || "
                  + TABLE
                  + OF
                  + "JOIN pg_constraint k ON k.confrelid = c.oid AND k.contype = 'f' AND"
                  + " k.conparentid = 0 WHERE c.oid IN (%1$s) AND k.conrelid NOT IN (SELECT o FROM"
                  + " unnest(ARRAY[%1$s]) o WHERE o IS NOT NULL) ORDER BY 1"),
          new Question(
              Code.FOREIGN_KEY_OUT,
              "SELECT "
                  + TABLE
                  + " || ' ' || k.conname, 'refers to ' || k.confrelid::regclass::text"
                  + OF
                  + "JOIN pg_constraint k ON k.conrelid = c.oid AND k.contype = 'f' WHERE c.oid IN"
                  + " (%1$s) AND k.confrelid NOT IN (SELECT o FROM unnest(ARRAY[%1$s]) o WHERE o IS"
                  + " NOT NULL) ORDER BY 1"),
          new Question(
              Code.PUBLICATION,
              "SELECT "
                  + TABLE
                  + ", 'is published by ' || p.pubname"
                  + OF
                  + "JOIN pg_publication_tables p ON p.schemaname = n.nspname AND p.tablename ="
                  + " c.relname WHERE c.oid IN (%s) ORDER BY 1"),
          new Question(
              Code.GENERATED_COLUMN,
              "SELECT "
                  + TABLE
                  + " || '.' || a.attname, 'is generated'"
                  + OF
                  + "JOIN pg_attribute a ON a.attrelid = c.oid AND a.attgenerated <> '' AND NOT"
                  + " a.attisdropped WHERE c.oid IN (%s) ORDER BY 1"),
          new Question(
              Code.REPLICA_IDENTITY,
              "SELECT "
                  + TABLE
                  + ", 'has no replica identity'"
                  + OF
                  + "WHERE c.oid IN (%s) AND c.relkind = 'r' AND (c.relreplident = 'n' OR"
                  + " c.relreplident = 'd' AND NOT EXISTS (SELECT 1 FROM pg_index i WHERE"
                  + " i.indrelid = c.oid AND i.indisprimary)) ORDER BY 1"));

  private static final List<Question> ON_BOTH =
      List.of(
          new Question(
              Code.RULE_REWRITES,
              "SELECT "
                  + TABLE
                  + " || ' ' || r.rulename, 'a rule rewrites statements'"
                  + OF
                  + "JOIN pg_rewrite r ON r.ev_class = c.oid AND r.rulename <> '_RETURN' WHERE"
                  + " c.oid IN (%s) ORDER BY 1"),
          new Question(
              Code.PARTITIONED,
              "SELECT "
                  + TABLE
                  + ", CASE c.relkind WHEN 'p' THEN 'is partitioned by ' ||"
                  + " pg_get_partkeydef(c.oid) ELSE 'is a partition' END"
                  + OF
                  + "WHERE c.oid IN (%s) AND (c.relkind = 'p' OR c.relispartition) ORDER BY 1"),
          new Question(
              Code.INHERITANCE,
              "SELECT "
                  + TABLE
                  + ", 'and ' || CASE WHEN i.inhparent = c.oid THEN i.inhrelid::regclass::text ||"
                  + " ', which inherits from it' ELSE i.inhparent::regclass::text || ', from which"
                  + " it inherits' END"
                  + OF
                  + "JOIN pg_inherits i ON c.oid IN (i.inhparent, i.inhrelid) WHERE c.oid IN (%s)"
                  + " AND c.relkind <> 'p' AND NOT c.relispartition ORDER BY 1"),
          new Question(
              Code.UNLOGGED,
              "SELECT "
                  + TABLE
                  + ", 'is unlogged'"
                  + OF
                  + "WHERE c.oid IN (%s) AND c.relpersistence = 'u' ORDER BY 1"),
          new Question(
              Code.EVENT_TRIGGER,
              "SELECT DISTINCT e.evtname, 'fires at ' || e.evtevent FROM pg_event_trigger e WHERE"
                  + " e.evtenabled <> 'D' AND (%s) IS NOT NULL ORDER BY 1"));

  private static final List<Question> ON_NEW =
      List.of(
          new Question(Code.TRIGGER_ON_NEW, TRIGGERS.sql()),
          new Question(
              Code.INDEX_NOT_CHECKED,
              "SELECT "
                  + TABLE
                  + " || ' ' || x.relname, pg_get_indexdef(i.indexrelid)"
                  + OF
                  + "JOIN pg_index i ON i.indrelid = c.oid JOIN pg_class x ON x.oid = i.indexrelid"
                  + " WHERE c.oid IN (%s) AND (i.indisexclusion OR i.indisunique AND (i.indpred IS"
                  + " NOT NULL OR i.indexprs IS NOT NULL)) ORDER BY 1"));

  private static final String FUNCTIONS =
      """
      SELECT n.nspname || '.' || p.proname, p.prosrc,
             coalesce((SELECT string_agg(DISTINCT c.relname, ', ') FROM pg_depend d JOIN pg_class c ON c.oid = d.refobjid
                       WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid
                             AND d.refclassid = 'pg_class'::regclass AND c.oid IN (%s)), '')
      FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace JOIN pg_language l ON l.oid = p.prolang
      WHERE n.nspname NOT IN ('pg_catalog', 'information_schema') AND l.lanname NOT IN ('c', 'internal')
      ORDER BY 1
      """;

  private final List<Finding> findings = new ArrayList<>();

  private Preflight() {}

  /** Asks both databases. */
  public static List<Finding> run(CompiledLens lens, Database old, Database next)
      throws QueryException {
    Preflight preflight = new Preflight();
    Set<TableName> onNew = new HashSet<>(lens.newTables());
    onNew.addAll(lens.ups().keySet());
    preflight.ask("old", old, lens.oldTables(), ON_OLD);
    preflight.ask("old", old, lens.oldTables(), ON_BOTH);
    preflight.functions(old, lens.oldTables());
    preflight.ask("new", next, onNew, ON_NEW);
    preflight.ask("new", next, onNew, ON_BOTH);
    return preflight.findings;
  }

  private void ask(
      String side, Database database, Collection<TableName> tables, List<Question> questions)
      throws QueryException {
    String oids = Relations.oids(tables);
    for (Question question : questions) {
      String list = question.code() == Code.EVENT_TRIGGER ? "SELECT 1" : oids;
      for (List<@Nullable String> row : database.query(question.sql().formatted(list))) {
        add(question.code(), side + " " + row.get(0), String.valueOf(row.get(1)));
      }
    }
  }

  /** A body is text to the catalog: a table that it names by a word may be meant. */
  private void functions(Database database, Collection<TableName> tables) throws QueryException {
    for (List<@Nullable String> row : database.query(FUNCTIONS.formatted(Relations.oids(tables)))) {
      String known = String.valueOf(row.get(2));
      String body = String.valueOf(row.get(1));
      List<String> named =
          tables.stream()
              .map(TableName::name)
              .filter(
                  name ->
                      Pattern.compile("\\b" + Pattern.quote(name) + "\\b", Pattern.CASE_INSENSITIVE)
                          .matcher(body)
                          .find())
              .sorted()
              .toList();
      if (!known.isEmpty() || !named.isEmpty()) {
        String what = known.isEmpty() ? String.join(", ", named) : known;
        add(Code.FUNCTION_NAMES, "old " + row.getFirst(), "its body names " + what);
      }
    }
  }

  private void add(Code code, String place, String message) {
    if (findings.size() < MOST_FINDINGS) {
      findings.add(new Finding(code, place, message));
    }
  }
}
