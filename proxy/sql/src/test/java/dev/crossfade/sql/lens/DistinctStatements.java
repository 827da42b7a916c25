package dev.crossfade.sql.lens;

import java.util.Random;
import java.util.StringJoiner;

/**
 * Makes reads of the shop that differ in shape, not only in literals. The same seed gives the same
 * ones.
 */
final class DistinctStatements {
  private static final String[] COLUMNS = {
    "id", "full_name", "email", "balance_cents", "created_at"
  };
  private static final String[] OPERATORS = {
    "=", "<>", "<", ">=", "IS DISTINCT FROM", "||", "LIKE"
  };

  private final Random random;

  DistinctStatements(long seed) {
    random = new Random(seed);
  }

  String next() {
    return select(chance(4) ? 2 : 1);
  }

  private String select(int depth) {
    StringBuilder sql = new StringBuilder();
    if (depth > 1 && chance(4)) {
      sql.append("WITH ")
          .append(chance(3) ? "RECURSIVE " : "")
          .append("w AS (")
          .append(select(depth - 1))
          .append(") ");
    }
    sql.append("SELECT ")
        .append(chance(6) ? "DISTINCT " : "")
        .append(list(depth))
        .append(" FROM ")
        .append(from(depth));
    if (chance(2)) {
      sql.append(" WHERE ").append(condition(depth));
    }
    if (chance(5)) {
      sql.append(" GROUP BY ")
          .append(chance(3) ? "ROLLUP (1, 2)" : "1")
          .append(" HAVING ")
          .append(condition(depth));
    }
    if (chance(8) && depth > 1) {
      sql.append(chance(2) ? " UNION ALL " : " EXCEPT ").append(select(1));
    }
    if (chance(3)) {
      sql.append(" ORDER BY 1")
          .append(chance(2) ? " DESC" : "")
          .append(chance(2) ? " NULLS LAST" : "");
    }
    return sql.append(chance(4) ? " LIMIT 5" : "").append(chance(6) ? " OFFSET $1" : "").toString();
  }

  private String list(int depth) {
    StringJoiner list = new StringJoiner(", ");
    int count = 1 + random.nextInt(5);
    for (int i = 0; i < count; i++) {
      list.add(value(depth) + (chance(3) ? " AS x" + i : ""));
    }
    return list.toString();
  }

  private String from(int depth) {
    StringBuilder from = new StringBuilder(table(depth, 0));
    int joins = random.nextInt(3);
    for (int i = 1; i <= joins; i++) {
      switch (random.nextInt(4)) {
        case 0 -> from.append(" JOIN ").append(table(depth, i)).append(" ON ").append(condition(1));
        case 1 -> from.append(" LEFT OUTER JOIN ").append(table(depth, i)).append(" USING (id)");
        case 2 -> from.append(" CROSS JOIN ").append(table(depth, i));
        default -> from.append(", LATERAL ").append("(SELECT 1) AS l").append(i);
      }
    }
    return from.toString();
  }

  private String table(int depth, int number) {
    return switch (random.nextInt(depth > 1 ? 6 : 4)) {
      case 0 -> "customers";
      case 1 -> "public.customers AS c" + number;
      case 2 -> "accounts a" + number + "(p, q)";
      case 3 -> "generate_series(1, 5) AS g" + number;
      default -> "(" + select(depth - 1) + ") AS s" + number;
    };
  }

  private String condition(int depth) {
    return switch (random.nextInt(8)) {
      case 0 -> value(depth) + " IS NOT NULL";
      case 1 -> "NOT (" + condition(Math.max(1, depth - 1)) + ")";
      case 2 -> value(depth) + " BETWEEN 1 AND " + value(1);
      case 3 -> value(1) + " IN (1, $2, 'three')";
      case 4 -> depth > 1 ? "EXISTS (" + select(depth - 1) + ")" : "true";
      case 5 -> value(1) + " = ANY (ARRAY[1, 2])";
      case 6 ->
          condition(Math.max(1, depth - 1)) + (chance(2) ? " AND " : " OR ") + value(1) + " = $1";
      default -> value(depth) + ' ' + OPERATORS[random.nextInt(OPERATORS.length)] + ' ' + value(1);
    };
  }

  private String value(int depth) {
    return switch (random.nextInt(10)) {
      case 0 -> String.valueOf(random.nextInt());
      case 1 -> "'text'";
      case 2 -> "count(*) FILTER (WHERE id > 1)";
      case 3 -> "CAST(" + value(1) + " AS numeric(10,2))";
      case 4 ->
          "CASE WHEN " + (depth > 1 ? condition(1) : "true") + " THEN 1 ELSE " + value(1) + " END";
      case 5 -> depth > 1 ? "(" + select(1) + ")" : "$1";
      case 6 -> "coalesce(" + value(1) + ", lower(email))";
      case 7 -> "sum(id) OVER (PARTITION BY email ORDER BY id ROWS UNBOUNDED PRECEDING)";
      default -> COLUMNS[random.nextInt(COLUMNS.length)];
    };
  }

  private boolean chance(int outOf) {
    return random.nextInt(outOf) == 0;
  }
}
