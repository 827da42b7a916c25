package dev.crossfade.sql.write;

import dev.crossfade.core.schema.ColumnShape;
import dev.crossfade.core.schema.ColumnShape.Filling;
import dev.crossfade.core.schema.TableName;
import dev.crossfade.sql.lens.CompiledLens.MappedTable;
import dev.crossfade.sql.lens.Sql;
import dev.crossfade.sql.write.WriteTarget.Store;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The statements that carry rows before and rows after over to the stored tables, as queries of a
 * WITH.
 *
 * <pre>
 * crossfade_before, crossfade_after   rows of the client's table, its columns in its order
 * crossfade_moved                     where keys change: the old ones as o1 ..., the new ones as n1 ...
 * crossfade_entity                    the keys of their entities
 * crossfade_was_1, crossfade_is_1     what the lens makes of both: rows of the first stored table
 * crossfade_deleted_1, _updated_1, _inserted_1
 * </pre>
 *
 * <p>Only what differs between the two images is written: a stored column that the statement did
 * not change keeps what it holds, also where the client's shape can not show it.
 */
final class Effect {
  static final String BEFORE = "crossfade_before";
  static final String AFTER = "crossfade_after";
  static final String MOVED = "crossfade_moved";

  private final WriteTarget target;
  private final boolean before;
  private final boolean after;
  private final boolean moved;
  private final StringBuilder sql = new StringBuilder();

  /** Whether an INSERT lets the statement fail when it has to. */
  private boolean failed;

  /**
   * @param before whether there are rows that are changed or deleted
   * @param after whether there are rows that are changed or inserted
   * @param moved whether there is a query {@link #MOVED} that tells which key became which
   */
  Effect(WriteTarget target, boolean before, boolean after, boolean moved) {
    this.target = target;
    this.before = before;
    this.after = after;
    this.moved = moved;
  }

  /** Queries of a WITH, each behind a comma. */
  String queries() {
    sql.setLength(0);
    entity();
    if (!target.isWholeEntity()) {
      states();
    }
    boolean checksTwice = after && !isAnchored();
    Losses losses = new Losses(target, before, after, checksTwice);
    sql.append(losses.twice());
    int number = 0;
    for (Store store : target.stores()) {
      images(store, ++number);
      if (movesRows(store) && store.rekeyed()) {
        moved(store, number);
      }
    }
    sql.append(losses.lost());
    failed = false;
    number = 0;
    for (Store store : target.stores()) {
      changes(store, ++number, losses);
    }
    return sql.toString();
  }

  /** Which keys become which in a stored table that has others. */
  private void moved(Store store, int number) {
    int count = store.table().entity().size();
    sql.append(", ").append(MOVED).append('_').append(number).append(" AS MATERIALIZED (SELECT ");
    sql.append("o.*, n.* FROM " + MOVED + " AS crossfade_m, LATERAL (");
    sql.append(target.rekeyed(store, BEFORE, numbered("crossfade_m.o", count))).append(") AS o(");
    sql.append(String.join(", ", numbered("o", count))).append("), LATERAL (");
    sql.append(target.rekeyed(store, AFTER, numbered("crossfade_m.n", count))).append(") AS n(");
    sql.append(String.join(", ", numbered("n", count))).append("))");
  }

  private static List<String> numbered(String prefix, int count) {
    return IntStream.rangeClosed(1, count).mapToObj(i -> prefix + i).toList();
  }

  private void entity() {
    List<String> parts = new ArrayList<>();
    if (before) {
      parts.add("SELECT " + columns("", target.entity()) + " FROM " + BEFORE);
    }
    if (after) {
      parts.add("SELECT " + columns("", target.entity()) + " FROM " + AFTER);
    }
    sql.append(", crossfade_entity AS (").append(String.join(" UNION ", parts)).append(')');
  }

  /** All rows of the entities, as they were and as they are to be. */
  private void states() {
    sql.append(", crossfade_state_before AS (SELECT d.* FROM ")
        .append(target.rows())
        .append(" AS d WHERE ")
        .append(ofEntity("d", target.entity()))
        .append("), crossfade_state_after AS (SELECT d.* FROM crossfade_state_before AS d");
    if (before) {
      sql.append(" WHERE NOT EXISTS (SELECT FROM ").append(BEFORE).append(" AS b WHERE ");
      sql.append(equal("b", "d", target.key())).append(')');
    }
    if (after) {
      sql.append(" UNION ALL SELECT * FROM ").append(AFTER);
    }
    sql.append(')');
  }

  /**
   * Whether every row of the client's table is one of a stored table that has its key: then the
   * server itself notices a key that is there already.
   */
  private boolean isAnchored() {
    return target.isWholeEntity()
        && target.stores().stream()
            .anyMatch(
                store ->
                    store.table().reads().size() == 1
                        && store.up().keepsEveryRow()
                        && store.key().equals(store.table().entity()));
  }

  /** Whether a stored table holds more than the rows that the statement is about. */
  private boolean inContext(Store store) {
    return !target.isWholeEntity() || store.table().reads().size() > 1;
  }

  private void images(Store store, int number) {
    if (before || inContext(store)) {
      image("crossfade_was_" + number, store, state(before, BEFORE, "before"));
    }
    if (after || inContext(store)) {
      image("crossfade_is_" + number, store, state(after, AFTER, "after"));
    }
  }

  private void changes(Store store, int number, Losses losses) {
    boolean was = before || inContext(store);
    boolean is = after || inContext(store);
    if (was) {
      delete(store, number, is);
    }
    boolean updates = was && is && !changing(store).isEmpty();
    if (updates) {
      update(store, number);
    }
    if (is) {
      insert(store, number, was ? updates ? "updated_" : "deleted_" : "", losses);
    }
  }

  /**
   * Whether a stored row keeps what it is when its key changes: others may refer to it, and it may
   * hold what the client's shape does not show.
   */
  private boolean movesRows(Store store) {
    return moved
        && target.isWholeEntity()
        && store.table().reads().size() == 1
        && store.key().containsAll(store.table().entity());
  }

  /** The columns that an update of the stored table sets. */
  private List<String> changing(Store store) {
    return columns(store)
        .map(ColumnShape::name)
        .filter(name -> !store.key().contains(name) || movesRows(store))
        .toList();
  }

  /** That a row after, a, is what became of a row before, b. */
  private String same(Store store) {
    if (!movesRows(store)) {
      return equal("a", "b", store.key());
    }
    List<String> entity = store.table().entity();
    return store.key().stream()
        .map(
            name -> {
              int position = entity.indexOf(name) + 1;
              String quoted = Sql.quote(name);
              return position == 0
                  ? "a." + quoted + " = b." + quoted
                  : ("a." + quoted + " = m.n" + position)
                      + (" AND b." + quoted + " = m.o" + position);
            })
        .collect(Collectors.joining(" AND "));
  }

  /** An item that {@link #same} needs beside both rows, with a comma. */
  private String moves(Store store) {
    if (!movesRows(store)) {
      return "";
    }
    String own = store.rekeyed() ? "_" + (target.stores().indexOf(store) + 1) : "";
    return ", " + MOVED + own + " AS m";
  }

  private String state(boolean present, String rows, String state) {
    if (!target.isWholeEntity()) {
      return "(SELECT * FROM crossfade_state_" + state + ")";
    }
    String any = before ? BEFORE : AFTER;
    return present ? "(SELECT * FROM " + rows + ")" : "(SELECT * FROM " + any + " WHERE false)";
  }

  private void image(String name, Store store, String state) {
    Function<TableName, String> replacement =
        table -> {
          if (table.equals(target.shape().name())) {
            return state;
          }
          MappedTable other = target.other(table);
          String condition = ofEntity("d", other.entity());
          return "(SELECT d.* FROM " + other.substitution() + " AS d WHERE " + condition + ")";
        };
    sql.append(", ").append(name).append(" AS MATERIALIZED (SELECT ");
    sql.append(
        columns(store)
            .map(
                column -> {
                  String quoted = Sql.quote(column.name());
                  String type = Coercion.unlimited(column.type());
                  return "CAST(u." + quoted + " AS " + type + ") AS " + quoted;
                })
            .collect(Collectors.joining(", ")));
    sql.append(" FROM (").append(store.up().with(replacement)).append(") AS u)");
  }

  private void delete(Store store, int number, boolean is) {
    sql.append(", crossfade_deleted_").append(number).append(" AS (DELETE FROM ");
    sql.append(store.name()).append(" AS n USING crossfade_was_").append(number);
    sql.append(" AS b WHERE ").append(equal("n", "b", store.key()));
    if (is) {
      sql.append(" AND NOT EXISTS (SELECT FROM crossfade_is_").append(number);
      sql.append(" AS a").append(moves(store)).append(" WHERE ").append(same(store)).append(')');
    }
    sql.append(" RETURNING 1)");
  }

  private void update(Store store, int number) {
    List<String> changing = changing(store);
    sql.append(", crossfade_updated_").append(number).append(" AS (UPDATE ");
    sql.append(store.name()).append(" AS n SET ");
    sql.append(
        changing.stream()
            .map(
                name -> {
                  String quoted = Sql.quote(name);
                  return quoted
                      + (" = CASE WHEN " + differ(List.of(name)))
                      + (" THEN a." + quoted + " ELSE n." + quoted + " END");
                })
            .collect(Collectors.joining(", ")));
    sql.append(" FROM crossfade_is_").append(number).append(" AS a, crossfade_was_");
    sql.append(number).append(" AS b").append(moves(store)).append(" WHERE ").append(same(store));
    sql.append(" AND ").append(equal("n", "b", store.key()));
    // What is deleted is gone before, and what is inserted comes after: they may share a unique
    // value.
    sql.append(" AND (SELECT count(*) FROM crossfade_deleted_").append(number).append(") >= 0");
    sql.append(" AND ").append(differ(changing)).append(" RETURNING 1)");
  }

  /**
   * @param behind what has to be done before; empty when nothing has
   */
  private void insert(Store store, int number, String behind, Losses losses) {
    List<String> names = columns(store).map(ColumnShape::name).toList();
    boolean always =
        columns(store)
            .anyMatch(column -> column.filling() instanceof Filling.Identity(boolean only) && only);
    sql.append(", crossfade_inserted_").append(number).append(" AS (INSERT INTO ");
    sql.append(store.name()).append(" (").append(columns("", names)).append(')');
    sql.append(always ? " OVERRIDING SYSTEM VALUE" : "");
    String select = " SELECT " + columns("a.", names) + " FROM crossfade_is_" + number + " AS a";
    sql.append(select);
    if (!behind.isEmpty()) {
      sql.append(" WHERE (SELECT count(*) FROM crossfade_").append(behind).append(number);
      sql.append(") >= 0 AND NOT EXISTS (SELECT FROM crossfade_was_")
          .append(number)
          .append(" AS b");
      sql.append(moves(store)).append(" WHERE ").append(same(store)).append(')');
    }
    if (!failed) {
      sql.append(losses.failing(select, columns("a.", names), "crossfade_is_" + number));
      failed = true;
    }
    sql.append(" RETURNING 1)");
  }

  private static Stream<ColumnShape> columns(Store store) {
    return store.table().shape().columns().stream()
        .filter(column -> store.table().columns().contains(column.name()));
  }

  static String ofEntity(String alias, List<String> entity) {
    return "(" + columns(alias + ".", entity) + ") IN (SELECT * FROM crossfade_entity)";
  }

  /** Whether their images differ, byte by byte: 1.0 and 1.00 are two. */
  private static String differ(List<String> names) {
    return "CAST(ROW("
        + columns("a.", names)
        + ") AS record) OPERATOR(pg_catalog.*<>) CAST(ROW("
        + columns("b.", names)
        + ") AS record)";
  }

  static String equal(String left, String right, List<String> names) {
    return names.stream()
        .map(Sql::quote)
        .map(name -> left + "." + name + " = " + right + "." + name)
        .collect(Collectors.joining(" AND "));
  }

  static String columns(String prefix, List<String> names) {
    return names.stream().map(name -> prefix + Sql.quote(name)).collect(Collectors.joining(", "));
  }
}
