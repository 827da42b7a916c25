package dev.crossfade.server.job;

import dev.crossfade.inspect.database.Database;
import dev.crossfade.inspect.database.QueryException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How many times as long as before the statements of others take, where {@code pg_stat_statements}
 * counts them and the role that asks may see it ({@code pg_monitor}). Each statement is compared
 * with itself, so that it does not matter which ones are run.
 */
final class StatementTimes {
  private static final int LEAST_CALLS = 20;

  /** After so many looks, what is slow still has become usual. */
  private static final int USUAL_LOOKS = 120;

  private static final String FIND =
      """
      SELECT quote_ident(nspname) FROM pg_extension JOIN pg_namespace AS n ON n.oid = extnamespace
      WHERE extname = 'pg_stat_statements'
      """;

  private static final String READ =
      """
      SELECT userid || '/' || queryid, sum(calls), sum(total_exec_time) FROM %s.pg_stat_statements(false)
      WHERE dbid = (SELECT oid FROM pg_database WHERE datname = current_database())
        AND userid <> (SELECT oid FROM pg_roles WHERE rolname = current_user) AND queryid IS NOT NULL
      GROUP BY 1 ORDER BY 2 DESC LIMIT 500
      """;

  /** What was usual when each was seen first. */
  private final Map<String, Total> usual = new HashMap<>();

  private Map<String, Total> before = Map.of();
  private int looks;
  private double last;

  /** Of a statement, since the server began to count. */
  private record Total(double calls, double millis) {}

  /**
   * Since it was asked last; 1 when that is not known. One look that is out of line is left out.
   *
   * @throws QueryException when the server can not be asked
   */
  double ratio(Database database) throws QueryException {
    List<List<@Nullable String>> schema = database.query(FIND);
    if (schema.isEmpty()) {
      return 1;
    }
    Map<String, Total> now = new HashMap<>();
    for (List<@Nullable String> row :
        database.query(READ.formatted(String.valueOf(schema.getFirst().getFirst())))) {
      now.put(
          String.valueOf(row.get(0)),
          new Total(
              Double.parseDouble(String.valueOf(row.get(1))),
              Double.parseDouble(String.valueOf(row.get(2)))));
    }
    if (++looks % USUAL_LOOKS == 0) {
      usual.clear();
    }
    double previous = last;
    last = since(now);
    before = now;
    now.forEach(
        (statement, total) -> {
          if (total.calls() >= LEAST_CALLS) {
            usual.putIfAbsent(statement, total);
          }
        });
    return last == 0 || previous == 0 ? 1 : Math.min(last, previous);
  }

  /** 0 when too little was run. */
  private double since(Map<String, Total> now) {
    double all = 0;
    double took = 0;
    double wouldTake = 0;
    for (Map.Entry<String, Total> statement : now.entrySet()) {
      Total old = before.get(statement.getKey());
      Total known = usual.get(statement.getKey());
      double calls = old == null ? 0 : statement.getValue().calls() - old.calls();
      if (old != null && known != null && calls > 0) {
        all += calls;
        took += statement.getValue().millis() - old.millis();
        wouldTake += calls * known.millis() / known.calls();
      }
    }
    return all < LEAST_CALLS || wouldTake <= 0 ? 0 : took / wouldTake;
  }
}
