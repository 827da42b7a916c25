package dev.crossfade.sql.write;

import dev.crossfade.core.schema.ColumnShape;
import dev.crossfade.core.schema.TableName;
import dev.crossfade.sql.lens.Sql;
import dev.crossfade.sql.write.Ties.Child;
import dev.crossfade.sql.write.WriteTarget.Store;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Queries of an {@link Effect} that let a statement fail whose rows would not all be there
 * afterwards.
 */
final class Losses {
  private final WriteTarget target;
  private final boolean before;
  private final boolean after;
  private final boolean checksTwice;
  private final boolean checksOwn;
  private final List<Reference> parents;
  private final List<Child> children;

  /**
   * @param before whether there are rows that are changed or deleted
   * @param after whether there are rows that are changed or inserted
   * @param checksTwice whether two rows may have one key, and one may not come back
   */
  Losses(WriteTarget target, boolean before, boolean after, boolean checksTwice) {
    this.target = target;
    this.before = before;
    this.checksTwice = checksTwice;
    this.checksOwn = checksTwice || after && target.hangsOnOthers();
    this.parents = after ? target.ties().parents() : List.of();
    this.children = before ? target.ties().children() : List.of();
    this.after = after;
  }

  /** A row for each key that two rows would have. */
  String twice() {
    if (!checksTwice) {
      return "";
    }
    StringBuilder sql = new StringBuilder(", crossfade_twice AS (SELECT 1 FROM ");
    sql.append(Effect.AFTER).append(" AS a JOIN ").append(target.rows()).append(" AS d ON ");
    sql.append(Effect.equal("a", "d", target.key()));
    if (before) {
      sql.append(" WHERE NOT EXISTS (SELECT FROM ").append(Effect.BEFORE).append(" AS b WHERE ");
      sql.append(Effect.equal("b", "d", target.key())).append(')');
    }
    sql.append(" UNION ALL SELECT 1 FROM ").append(Effect.AFTER).append(" GROUP BY ");
    return sql.append(Effect.columns("", target.key())).append(" HAVING count(*) > 1)").toString();
  }

  /**
   * A row for each row after that the stored rows do not give back, such as one that lacks the row
   * of another table that it hangs on: it must not be acknowledged. Making it fails the statement,
   * by a domain of the standard's information schema (23514). The same holds for rows of other
   * tables that would go with the target's. What breaks a foreign key that the stored tables do not
   * have fails as a {@link HiddenFailure}.
   */
  String lost() {
    if (!checksLost()) {
      return "";
    }
    List<String> lost = new ArrayList<>();
    if (checksOwn) {
      lost.add(Effect.AFTER + " AS a WHERE " + ownIsLost());
    }
    for (Child child : children) {
      lost.add(othersAreLost(child));
      child.references().stream()
          .filter(Reference::cascades)
          .forEach(reference -> lost.add(survives(child, reference)));
    }
    String count = "CAST(CAST(-count(*) AS integer) AS information_schema.cardinal_number)";
    String start = ", crossfade_lost AS MATERIALIZED (SELECT ";
    if (lost.size() == 1 && target.ties().isAlone()) {
      return start + count + " AS n FROM " + lost.getFirst() + ")";
    }
    String rows = lost.isEmpty() ? "SELECT 1 WHERE false" : String.join(" UNION ALL ", ones(lost));
    String all = start + count + " AS n FROM (" + rows + ") AS l)";
    return String.join("", broken()) + all;
  }

  private boolean checksLost() {
    return checksOwn || !broken().isEmpty() || !children.isEmpty();
  }

  private static List<String> ones(List<String> items) {
    return items.stream().map(item -> "SELECT 1 FROM " + item).toList();
  }

  private String ownIsLost() {
    return "NOT EXISTS (SELECT FROM ("
        + (target.back().with(this::afterwards) + ") AS d WHERE ")
        + (Effect.equal("d", "a", target.key()) + references() + ")");
  }

  /** Rows of another table of the entity that would not come back. */
  private String othersAreLost(Child child) {
    WriteTarget other = child.table();
    StringBuilder sql = new StringBuilder(other.rows()).append(" AS d WHERE ");
    sql.append(Effect.ofEntity("d", other.entity()));
    sql.append(" AND NOT EXISTS (SELECT FROM (").append(other.back().with(this::afterwards));
    sql.append(") AS x WHERE ").append(Effect.equal("x", "d", other.key())).append(')');
    child.references().stream()
        .filter(Reference::cascades)
        .forEach(reference -> sql.append(" AND NOT ").append(isGone(reference, "d")));
    return sql.toString();
  }

  /** Rows of another table that ought to go with those that they refer to. */
  private String survives(Child child, Reference reference) {
    return "("
        + child.table().back().with(this::afterwards)
        + ") AS x WHERE "
        + isGone(reference, "x");
  }

  /** That a row refers to one that is not there any more. */
  private String isGone(Reference reference, String row) {
    return "EXISTS (SELECT FROM "
        + (Effect.BEFORE + " AS b WHERE " + refers(reference, row, "b"))
        + (isReplaced(reference) + ")");
  }

  /** That a row after has not the key of a row before, b. */
  private String isReplaced(Reference reference) {
    return after
        ? " AND NOT EXISTS (SELECT FROM "
            + (Effect.AFTER + " AS a WHERE ")
            + (Effect.equal("a", "b", reference.parent().columns()) + ")")
        : "";
  }

  private static String refers(Reference reference, String child, String parent) {
    List<String> columns = reference.child().columns();
    return IntStream.range(0, columns.size())
        .mapToObj(
            i ->
                child
                    + ("." + Sql.quote(columns.get(i)) + " = " + parent + ".")
                    + Sql.quote(reference.parent().columns().get(i)))
        .collect(Collectors.joining(" AND "));
  }

  /**
   * Queries of a WITH, each of which fails when a rule is broken, in the order in which the server
   * notices. A row that another table's row has to hold up never gets to where the server would.
   */
  private List<String> broken() {
    List<String> queries = new ArrayList<>();
    String table = target.shape().name().name();
    if (after && !target.ties().isAlone()) {
      String unknown = "a." + Sql.quote(target.key().getFirst()) + " IS NULL";
      String rows = Effect.AFTER + " AS a WHERE " + unknown;
      queries.add(query(1, rows, HiddenFailure.ofNull(table)));
    }
    if (checksTwice && !parents.isEmpty()) {
      queries.add(query(queries.size() + 1, "crossfade_twice", HiddenFailure.ofKey(table)));
    }
    for (Reference reference : parents) {
      String known =
          reference.child().columns().stream()
              .map(column -> "a." + Sql.quote(column) + " IS NOT NULL AND ")
              .collect(Collectors.joining());
      String rows =
          (Effect.AFTER + " AS a WHERE " + known + "NOT EXISTS (SELECT FROM ")
              + target.other(reference.parent().table()).substitution()
              + (" AS d WHERE " + refers(reference, "a", "d") + ")");
      queries.add(query(queries.size() + 1, rows, HiddenFailure.ofChild(reference)));
    }
    for (Child child : children) {
      for (Reference reference : child.references()) {
        if (!reference.cascades()) {
          String rows = child.table().rows() + " AS d WHERE " + isGone(reference, "d");
          queries.add(query(queries.size() + 1, rows, HiddenFailure.ofParent(reference)));
        }
      }
    }
    return queries;
  }

  private static String query(int number, String rows, HiddenFailure failure) {
    return (", crossfade_broken_" + number + " AS MATERIALIZED (SELECT ")
        + (failure.unless("count(*) = 0") + " AS n FROM " + rows + ")");
  }

  /** What a stored table will hold of the entities. */
  private String afterwards(TableName table) {
    int number = 0;
    for (Store store : target.stores()) {
      number++;
      if (store.table().shape().name().equals(table)) {
        return "(SELECT * FROM crossfade_is_" + number + ")";
      }
    }
    return "(SELECT * FROM " + Sql.quote(table) + ")";
  }

  /** That a value which another table's row gives back is there. */
  private String references() {
    return target.hangsOnOthers()
        ? target.shape().columns().stream()
            .filter(ColumnShape::nullable)
            .map(column -> Sql.quote(column.name()))
            .map(name -> " AND (d." + name + " IS NOT NULL OR a." + name + " IS NULL)")
            .collect(Collectors.joining())
        : "";
  }

  /**
   * Rows for the first INSERT that let it fail.
   *
   * @param select what it inserts
   * @param columns in its select list
   * @param rows where they come from
   */
  String failing(String select, String columns, String rows) {
    String twice =
        // The server then says what it says of any key that is there already.
        checksTwice ? " UNION ALL" + select + " WHERE EXISTS (SELECT FROM crossfade_twice)" : "";
    StringBuilder sql = new StringBuilder(twice);
    for (int number = 1; number <= broken().size(); number++) {
      sql.append(fails("crossfade_broken_" + number, columns, rows));
    }
    return checksLost() ? sql.append(fails("crossfade_lost", columns, rows)).toString() : twice;
  }

  private static String fails(String query, String columns, String rows) {
    return " UNION ALL SELECT "
        + (columns + " FROM " + query + " AS l LEFT JOIN " + rows + " AS a ON false")
        + " WHERE l.n <> 0";
  }
}
