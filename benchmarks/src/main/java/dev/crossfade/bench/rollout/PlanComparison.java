package dev.crossfade.bench.rollout;

import dev.crossfade.bench.rollout.workload.Call;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Asks both databases how they would run a statement: old as it is, new as the sidecar translates
 * it. Nothing is executed.
 */
final class PlanComparison {
  /** A smaller table is quicker read whole. */
  private static final long LARGE_BYTES = 1 << 20;

  private static final long PLANNING_MAX_NANOS = TimeUnit.SECONDS.toNanos(15);
  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
  private static final String PENDING = "PLAN_PENDING";

  private final Connection old;
  private final Connection target;
  private final Connection sidecar;

  /**
   * @param sidecar one that answers {@code EXPLAIN CROSSFADE}, with all reads on new
   */
  PlanComparison(Connection old, Connection target, Connection sidecar) {
    this.old = old;
    this.target = target;
    this.sidecar = sidecar;
  }

  /**
   * Of one statement.
   *
   * @param before null when old could not explain it
   * @param after null when new could not, or is not asked
   * @param refusal why new does not answer it; empty when it does
   * @param worse what is worse on new, one part of a sentence; empty when nothing is
   */
  record Compared(
      @Nullable PlanOutline before, @Nullable PlanOutline after, String refusal, String worse) {}

  Compared compare(Call call) throws SQLException {
    String text = call.inlined();
    PlanOutline before = explain(old, text);
    Map<String, String> route = route(text);
    String translated = route.get("translated");
    if (!"new".equals(route.get("side")) || translated == null) {
      String code = route.getOrDefault("refused", route.getOrDefault("reason", "unknown"));
      return new Compared(before, null, code, "");
    }
    PlanOutline after = explain(target, translated);
    return new Compared(before, after, "", worse(before, after));
  }

  /** What the sidecar would do, once its plan is made. */
  private Map<String, String> route(String text) throws SQLException {
    long end = System.nanoTime() + PLANNING_MAX_NANOS;
    Map<String, String> route = routeNow(text);
    while (PENDING.equals(route.get("reason")) && System.nanoTime() < end) {
      LockSupport.parkNanos(LOOK_NANOS);
      route = routeNow(text);
    }
    return route;
  }

  private Map<String, String> routeNow(String text) throws SQLException {
    Map<String, String> route = new HashMap<>();
    try (Statement statement = sidecar.createStatement()) {
      statement.setEscapeProcessing(false);
      try (ResultSet row = statement.executeQuery("EXPLAIN CROSSFADE " + text)) {
        while (row.next()) {
          route.put(row.getString(1), row.getString(2));
        }
      }
    }
    return route;
  }

  private static @Nullable PlanOutline explain(Connection connection, String sql)
      throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.setEscapeProcessing(false);
      StringBuilder json = new StringBuilder();
      try (ResultSet row = statement.executeQuery("EXPLAIN (FORMAT JSON, VERBOSE) " + sql)) {
        while (row.next()) {
          json.append(row.getString(1)).append('\n');
        }
      }
      return PlanOutline.parse(json.toString());
    } catch (SQLException e) {
      if (connection.isClosed()) {
        throw e;
      }
      // A statement that cannot be explained fails in the replay, too, and is told there.
      return null;
    }
  }

  private String worse(@Nullable PlanOutline before, @Nullable PlanOutline after)
      throws SQLException {
    if (before == null || after == null || !large(old, before).isEmpty()) {
      return "";
    }
    List<String> read = large(target, after);
    if (read.isEmpty()) {
      return "";
    }
    return "new reads all of "
        + String.join(" and ", read)
        + ", where old "
        + (before.indexes().isEmpty()
            ? "reads no large table whole"
            : "uses " + String.join(", ", before.indexes().stream().distinct().toList()));
  }

  private static List<String> large(Connection connection, PlanOutline plan) throws SQLException {
    List<String> large = new ArrayList<>();
    for (PlanOutline.Table table : plan.scans().stream().distinct().toList()) {
      try (PreparedStatement size =
          connection.prepareStatement(
              "SELECT pg_table_size(format('%I.%I', ?::text, ?::text)::regclass)")) {
        size.setString(1, table.schema());
        size.setString(2, table.name());
        try (ResultSet row = size.executeQuery()) {
          row.next();
          long bytes = row.getLong(1);
          if (bytes > LARGE_BYTES) {
            large.add(String.format(Locale.ROOT, "%s (%.1f MiB)", table, bytes / 1048576.0));
          }
        }
      }
    }
    return large;
  }
}
