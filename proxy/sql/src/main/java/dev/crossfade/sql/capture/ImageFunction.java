package dev.crossfade.sql.capture;

import static dev.crossfade.sql.capture.TriggerSql.literal;

import dev.crossfade.sql.image.JdbcText;
import dev.crossfade.sql.image.SyncPlan;
import dev.crossfade.sql.image.TableSync;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * {@code sync(keys)} as a function of the server, for two sides that are in one database: the same
 * statements that a mirror runs, with the function's arguments and variables for their parameters.
 *
 * <p>Whoever changes an entity must be alone with it until he commits, or the image of one of two
 * would lack what the other one did. An entity that is one row is that already, for its row is
 * locked by whoever changes it. One of several rows has a row in {@code crossfade.turn}. No locks
 * of the server's are taken for that, as there is room for few, and who holds one of those shared
 * by many entities would keep others waiting, or be in a deadlock with them. All share the locks
 * that mirrors, backfills and repairs take for themselves.
 *
 * <p>A transaction whose snapshot is fixed would make its image of what it sees, and undo what
 * others have done since. It meets a row that was changed since, in one of the tables or as the
 * entity's turn, and the server ends it with 40001. What a backfill has carried since it would not
 * meet where it deletes; so that is looked at first.
 *
 * @param name without its schema
 * @param body in PL/pgSQL
 */
record ImageFunction(String name, String body, int columns) {
  /** Entities at a time: their images are held in memory. */
  private static final int MOST = 10_000;

  private static final String REFUSED =
      """
          GET STACKED DIAGNOSTICS crossfade_state = RETURNED_SQLSTATE, crossfade_message = MESSAGE_TEXT,
            crossfade_detail = PG_EXCEPTION_DETAIL, crossfade_hint = PG_EXCEPTION_HINT, crossfade_constraint = CONSTRAINT_NAME;
          IF left(crossfade_state, 2) IN ('40', '53', '55', '57', '58', 'CF', 'XX') THEN
            RAISE;
          END IF;
          RAISE EXCEPTION USING ERRCODE = crossfade_state, CONSTRAINT = crossfade_constraint,
            MESSAGE = format('migration %%s can not have its image in %%s: %%s', %s, crossfade_at, crossfade_message),
            DETAIL = COALESCE(NULLIF(crossfade_detail, ''), 'Both sides are in one database and never differ.'),
            HINT = COALESCE(NULLIF(crossfade_hint, ''), 'What one side can not hold the other one does not take.');
      """;

  private static final String SNAPSHOT =
      """
        IF current_setting('transaction_isolation') IN ('repeatable read', 'serializable') THEN
          IF pg_sequence_last_value('crossfade.%s'::regclass) >= txid_snapshot_xmin(txid_current_snapshot()) THEN
            RAISE EXCEPTION 'could not serialize access: migration %% was carried meanwhile', %s USING ERRCODE = '40001';
          END IF;
      %s  END IF;
      """;

  private static final String TURN =
      """
        INSERT INTO crossfade.turn AS crossfade_turn (entity_group, entity)
          SELECT crossfade_g.number, crossfade_e.h
          FROM (SELECT number FROM crossfade.entity_group WHERE migration = %s AND name = %s) AS crossfade_g,
            (SELECT DISTINCT hashtextextended(concat_ws(E'\\x1f', %s), 0) AS h FROM unnest(%s) AS k (%s)) AS crossfade_e
          ORDER BY 2
          ON CONFLICT (entity_group, entity) DO UPDATE SET turns = crossfade_turn.turns + 1;
      """;

  private static final String IN_PARTS =
      """
        IF cardinality(crossfade_k1) > %1$d THEN
          FOR crossfade_part IN 0 .. (cardinality(crossfade_k1) - 1) / %1$d LOOP
            PERFORM crossfade.%2$s(%3$s);
          END LOOP;
          RETURN;
        END IF;
      """;

  /**
   * @param carried the sequence of the last one who carried entities
   */
  static ImageFunction of(SyncPlan plan, String name, String carried) {
    List<String> keys =
        IntStream.rangeClosed(1, plan.keys().types().size())
            .mapToObj(i -> "crossfade_k" + i)
            .toList();
    String migration = literal(plan.migration());
    StringBuilder body = new StringBuilder("\n#variable_conflict use_column\nDECLARE\n");
    for (String text : List.of("at", "state", "message", "detail", "hint", "constraint")) {
      body.append("  crossfade_").append(text).append(" text;\n");
    }
    for (int i = 0; i < plan.tables().size(); i++) {
      variables(plan, i)
          .forEach(variable -> body.append("  ").append(variable).append(" text[];\n"));
    }
    body.append("BEGIN\n").append(parts(name, keys));
    // Shared, and as many of them as there are at most, whatever is written.
    body.append("  PERFORM ").append(bound(shared(plan.lock()), keys)).append(";\n");
    body.append(
        SNAPSHOT.formatted(carried, migration, isOneRow(plan) ? unchanged(plan, keys) : ""));
    if (!isOneRow(plan)) {
      String columns =
          IntStream.rangeClosed(1, keys.size())
              .mapToObj(i -> "k" + i)
              .collect(Collectors.joining(", "));
      body.append(
          TURN.formatted(
              migration,
              literal(plan.group()),
              columns.replace("k", "k.k"),
              String.join(", ", keys),
              columns));
    }
    body.append("  BEGIN\n");
    IntStream.range(0, plan.tables().size()).forEach(i -> body.append(read(plan, i, keys)));
    IntStream.iterate(plan.tables().size() - 1, i -> i >= 0, i -> i - 1)
        .forEach(i -> body.append(delete(plan, i, keys)));
    body.append(writes(plan)).append("  EXCEPTION\n");
    body.append("    WHEN unique_violation OR foreign_key_violation THEN\n");
    body.append(
        plan.replaceable() ? replaced(plan, keys, migration) : oneByOne(name, keys, migration));
    body.append("    WHEN OTHERS THEN\n").append(REFUSED.formatted(migration));
    body.append("  END;\nEND ");
    return new ImageFunction(name, body.toString(), keys.size());
  }

  /** Whether an entity of the authority is a row of one table. */
  private static boolean isOneRow(SyncPlan plan) {
    return plan.captured().size() == 1 && plan.single().containsAll(plan.captured().keySet());
  }

  /**
   * A row that others have deleted since, and that was inserted again here, would be seen twice.
   */
  private static String unchanged(SyncPlan plan, List<String> keys) {
    return plan.captured().entrySet().stream()
        .map(
            table ->
                "    PERFORM count(*) FROM (%s) AS s;\n"
                    .formatted(bound(plan.keys().share(table.getKey(), table.getValue()), keys)))
        .collect(Collectors.joining());
  }

  private static String shared(String lock) {
    String alone = "SELECT pg_advisory_xact_lock(";
    if (!lock.startsWith(alone)) {
      throw new IllegalStateException("another lock than those of mirrors");
    }
    return "pg_advisory_xact_lock_shared(" + lock.substring(alone.length());
  }

  private static String parts(String name, List<String> keys) {
    String slices =
        keys.stream()
            .map(
                key ->
                    "%1$s[crossfade_part * %2$d + 1 : (crossfade_part + 1) * %2$d]"
                        .formatted(key, MOST))
            .collect(Collectors.joining(", "));
    return IN_PARTS.formatted(MOST, name, slices);
  }

  private static List<String> variables(SyncPlan plan, int table) {
    return IntStream.range(0, plan.tables().get(table).columns().size())
        .mapToObj(column -> "crossfade_v%d_%d".formatted(table, column))
        .toList();
  }

  private static String at(TableSync table) {
    return "    crossfade_at := " + literal(table.table().toString()) + ";\n";
  }

  private static String read(SyncPlan plan, int number, List<String> keys) {
    TableSync table = plan.tables().get(number);
    List<String> columns =
        IntStream.range(0, table.columns().size()).mapToObj(i -> "c" + i).toList();
    return at(table)
        + "    SELECT "
        + columns.stream().map("array_agg(d.%s)"::formatted).collect(Collectors.joining(", "))
        + " INTO "
        + String.join(", ", variables(plan, number))
        + " FROM ("
        + bound(table.read(), keys)
        + ") AS d ("
        + String.join(", ", columns)
        + ");\n";
  }

  private static String delete(SyncPlan plan, int number, List<String> keys) {
    TableSync table = plan.tables().get(number);
    List<String> variables = variables(plan, number);
    List<String> names = new ArrayList<>(keys);
    table.key().forEach(column -> names.add(variables.get(column)));
    return at(table) + "    " + bound(table.delete(), names) + ";\n";
  }

  private static String writes(SyncPlan plan) {
    return IntStream.range(0, plan.tables().size())
        .mapToObj(
            i -> {
              TableSync table = plan.tables().get(i);
              return at(table) + "    " + bound(table.write(), variables(plan, i)) + ";\n";
            })
        .collect(Collectors.joining());
  }

  /**
   * Rows that may not be replaced, for others refer to them: what one entity leaves another takes.
   */
  private static String oneByOne(String name, List<String> keys, String migration) {
    return """
          IF cardinality(crossfade_k1) = 1 THEN
            %s
          END IF;
          FOR crossfade_part IN 1 .. cardinality(crossfade_k1) LOOP
            PERFORM crossfade.%s(%s);
          END LOOP;
    """
        .formatted(
            REFUSED.formatted(migration).strip(),
            name,
            keys.stream()
                .map("%s[crossfade_part : crossfade_part]"::formatted)
                .collect(Collectors.joining(", ")));
  }

  /**
   * A row, or a value that only one row may have, has moved from one entity, or row, to another.
   */
  private static String replaced(SyncPlan plan, List<String> keys, String migration) {
    String clears =
        plan.tables().reversed().stream()
            .map(table -> at(table) + "    " + bound(table.clear(), keys) + ";\n")
            .collect(Collectors.joining());
    return "    BEGIN\n"
        + clears
        + writes(plan)
        + "    EXCEPTION WHEN OTHERS THEN\n"
        + REFUSED.formatted(migration)
        + "    END;\n";
  }

  private static String bound(String sql, List<String> names) {
    return JdbcText.bind(sql, names);
  }

  /** Makes it. What it writes is no change of the other side's, so that nothing comes back. */
  String create() {
    String arguments =
        IntStream.rangeClosed(1, columns)
            .mapToObj(i -> "crossfade_k" + i + " pg_catalog.text[]")
            .collect(Collectors.joining(", "));
    return "CREATE OR REPLACE FUNCTION crossfade."
        + name
        + '('
        + arguments
        + ") RETURNS void LANGUAGE plpgsql SET crossfade.applying = 'on' AS "
        + quoted(body)
        + ";\n";
  }

  /** A lens may have the mark in it. */
  static String quoted(String body) {
    String mark =
        Stream.iterate("$crossfade$", used -> "$crossfade" + used.length() + '$')
            .filter(tried -> !body.contains(tried))
            .findFirst()
            .orElseThrow();
    return mark + body + mark;
  }
}
