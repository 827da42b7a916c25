package dev.crossfade.server.job;

import dev.crossfade.inspect.database.Database;
import dev.crossfade.inspect.database.QueryException;
import dev.crossfade.server.job.JobTarget.Estimates;
import dev.crossfade.sql.image.EntityCondition;
import dev.crossfade.sql.image.KeyQuery;
import dev.crossfade.sql.image.SyncPlan;
import dev.crossfade.sql.image.TableDigest;
import dev.crossfade.sql.lens.Sql;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** How much there is to do, as the databases' planners guess it: nothing is counted. */
final class Estimate {
  private static final Pattern ROWS = Pattern.compile(" rows=([0-9]+)");

  private Estimate() {}

  static Estimates of(List<SyncPlan> plans, Database authority, Database receiving)
      throws QueryException {
    long entities = 0;
    long rows = 0;
    for (SyncPlan plan : plans) {
      for (KeyQuery keys : plan.entities().authority()) {
        List<String> key = plan.captured().getOrDefault(keys.table(), List.of());
        if (!key.isEmpty()) {
          String columns = key.stream().map(Sql::quote).collect(Collectors.joining(", "));
          entities +=
              guess(authority, "SELECT DISTINCT " + columns + " FROM " + Sql.quote(keys.table()));
        }
      }
      for (TableDigest table : plan.digests()) {
        rows += passes(plan) * guess(receiving, "SELECT FROM " + Sql.quote(table.table()));
      }
    }
    return new Estimates(entities, rows);
  }

  /** Where ranges can not be told, each side's list of keys is gone through. */
  private static int passes(SyncPlan plan) {
    return EntityCondition.isOrderedAlike(plan.keys().types()) ? 1 : 2;
  }

  private static long guess(Database database, String query) throws QueryException {
    String plan = String.valueOf(database.query("EXPLAIN " + query).getFirst().getFirst());
    Matcher rows = ROWS.matcher(plan);
    return rows.find() ? Long.parseLong(rows.group(1)) : 0;
  }
}
