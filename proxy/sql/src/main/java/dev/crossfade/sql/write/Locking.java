package dev.crossfade.sql.write;

import dev.crossfade.core.schema.ColumnShape;
import dev.crossfade.sql.lens.Sql;
import dev.crossfade.sql.write.WriteTarget.Store;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The statement that goes ahead of a write: it finds the rows, locks their entities where they are
 * stored, and notes their keys in settings that end with the transaction. The write itself then
 * reads with a later snapshot what nobody else can change any more, and only rows that were noted:
 * so it sees what the server's own UPDATE sees after it has waited for a row.
 */
final class Locking {
  /** How strongly rows are locked. */
  enum Strength {
    KEY_SHARE("FOR KEY SHARE", ""),
    SHARE("FOR SHARE", ""),
    NO_KEY_UPDATE("FOR NO KEY UPDATE", ""),
    NO_KEY_UPDATE_NOWAIT("FOR NO KEY UPDATE", " NOWAIT"),
    UPDATE("FOR UPDATE", ""),
    UPDATE_NOWAIT("FOR UPDATE", " NOWAIT");

    private final String clause;
    private final String patience;

    Strength(String clause, String patience) {
      this.clause = clause;
      this.patience = patience;
    }

    String of(String table) {
      return clause + " OF " + table + patience;
    }
  }

  private Locking() {}

  /**
   * @param from the target's rows under its alias and whatever the condition needs
   * @param where empty, or WHERE and the condition
   */
  static SqlText statement(Request request, SqlText from, SqlText where, Strength strength) {
    SqlText keys =
        request
            .text()
            .add("SELECT DISTINCT ")
            .add(keyColumns(request))
            .add(" FROM ")
            .add(from)
            .add(where);
    return ofKeys(request, request.with(), keys, strength);
  }

  /**
   * @param with WITH, with queries that end in a comma
   * @param keys a query that gives {@link #keyColumns}
   */
  static SqlText ofKeys(Request request, SqlText with, SqlText keys, Strength strength) {
    WriteTarget target = request.target();
    SqlText sql = with.add("crossfade_key AS MATERIALIZED (").add(keys).add(")");
    List<String> locks = new ArrayList<>();
    List<String> held = new ArrayList<>();
    int number = 0;
    for (Store store : target.stores()) {
      String name = "crossfade_lock_" + ++number;
      locks.add("(SELECT count(*) FROM " + name + ") AS l" + number);
      List<String> entity = store.table().entity();
      String columns = Effect.columns("n.", entity);
      String keysOfEntity = numbered("e", entity.size());
      String stored = "SELECT " + keysOfEntity + " FROM crossfade_key";
      String isHeld = "(" + keysOfEntity + ") IN (SELECT * FROM " + name + ")";
      if (store.rekeyed()) {
        String map = "crossfade_map_" + number;
        sql.add(", " + map + " AS MATERIALIZED (" + map(target, store) + ")");
        String there = numbered("s", entity.size());
        stored = "SELECT " + there + " FROM " + map;
        isHeld = "(" + keysOfEntity + ") IN (SELECT " + keysOfEntity + " FROM " + map;
        isHeld += " WHERE (" + there + ") IN (SELECT * FROM " + name + "))";
      }
      sql.add(", " + name + " AS MATERIALIZED (SELECT " + columns + " FROM " + store.name());
      sql.add(" AS n WHERE (" + columns + ") IN (" + stored + ")");
      sql.add(" ORDER BY " + columns + " " + strength.of("n") + ")");
      held.add(isHeld);
    }
    int keyCount = target.key().size();
    String settings =
        IntStream.rangeClosed(1, keyCount)
            .mapToObj(
                i ->
                    "pg_catalog.set_config('crossfade.key"
                        + (i + "', coalesce(CAST(g.k" + i + " AS text), '{}'), true)"))
            .collect(Collectors.joining(", "));
    String arrays =
        IntStream.rangeClosed(1, keyCount)
            .mapToObj(i -> "array_agg(CAST(k" + i + " AS text)) AS k" + i)
            .collect(Collectors.joining(", "));
    // What another session has deleted meanwhile is not held, and not noted: it may be there again
    // when the write looks.
    sql.add(" SELECT " + settings + " FROM (SELECT " + arrays + " FROM crossfade_key WHERE ");
    sql.add(String.join(" OR ", held) + ") AS g");
    return sql.add(", ").add(String.join(", ", locks));
  }

  /** The entity's keys as e1, e2 ... with what they are in a stored table as s1, s2 ... */
  private static String map(WriteTarget target, Store store) {
    int count = store.table().entity().size();
    String keys = numbered("e", count);
    List<String> key = IntStream.rangeClosed(1, count).mapToObj(i -> "crossfade_k.e" + i).toList();
    return "SELECT * FROM (SELECT DISTINCT "
        + (keys + " FROM crossfade_key) AS crossfade_k, LATERAL (")
        + (target.rekeyed(store, target.rows(), key) + ") AS u(")
        + (numbered("s", count) + ")");
  }

  /**
   * A statement that lets one session after the other go on, of those that give the same values.
   *
   * @param with WITH, with queries that end in a comma
   * @param rows a query of that WITH that gives the columns
   * @param subject what the values are of
   */
  static SqlText inTurn(SqlText with, List<String> columns, String rows, String subject) {
    String seed = "pg_catalog.hashtext(" + Defaults.literal(subject) + ")";
    String values = "CAST(ROW(" + Effect.columns("g.", columns) + ") AS text)";
    String number = "pg_catalog.hashtextextended(" + values + ", " + seed + ")";
    return with.add("crossfade_turn AS MATERIALIZED (SELECT DISTINCT " + number + " AS k FROM ")
        .add(rows + " AS g ORDER BY 1) SELECT pg_catalog.pg_advisory_xact_lock(k)")
        .add(" FROM crossfade_turn");
  }

  /** The key's columns as k1, k2 ... and the entity's as e1, e2 ... */
  static String keyColumns(Request request) {
    return renamed(request.alias(), request.target().key(), "k")
        + ", "
        + renamed(request.alias(), request.target().entity(), "e");
  }

  private static String renamed(String alias, List<String> columns, String prefix) {
    return IntStream.range(0, columns.size())
        .mapToObj(i -> alias + "." + Sql.quote(columns.get(i)) + " AS " + prefix + (i + 1))
        .collect(Collectors.joining(", "));
  }

  private static String numbered(String prefix, int count) {
    return IntStream.rangeClosed(1, count)
        .mapToObj(i -> prefix + i)
        .collect(Collectors.joining(", "));
  }

  /** Whether a row's key was noted. */
  static String isNoted(Request request) {
    List<ColumnShape> key = request.target().key().stream().map(request.target()::column).toList();
    if (key.size() == 1) {
      ColumnShape only = key.getFirst();
      return request.alias()
          + ("." + Sql.quote(only.name()) + " = ANY (CAST(" + setting(1) + " AS ")
          + (Coercion.unlimited(only.type()) + "[]))");
    }
    String values =
        IntStream.rangeClosed(1, key.size())
            .mapToObj(
                i -> "CAST(u.k" + i + " AS " + Coercion.unlimited(key.get(i - 1).type()) + ")")
            .collect(Collectors.joining(", "));
    String arrays =
        IntStream.rangeClosed(1, key.size())
            .mapToObj(i -> "CAST(" + setting(i) + " AS text[])")
            .collect(Collectors.joining(", "));
    String columns = Effect.columns(request.alias() + ".", request.target().key());
    return ("(" + columns + ") IN (SELECT " + values + " FROM unnest(" + arrays + ") AS u(")
        + (numbered("k", key.size()) + "))");
  }

  private static String setting(int key) {
    return "pg_catalog.current_setting('crossfade.key" + key + "')";
  }
}
