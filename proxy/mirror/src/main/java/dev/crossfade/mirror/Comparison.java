package dev.crossfade.mirror;

import dev.crossfade.core.migration.Side;
import dev.crossfade.mirror.WorkerConnections.Pair;
import dev.crossfade.sql.capture.CaptureSchema;
import dev.crossfade.sql.image.EntityCondition;
import dev.crossfade.sql.image.SyncPlan;
import dev.crossfade.sql.image.TableDigest;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;

/**
 * One worker's way to compare entities of a group: both servers hash them at the same time, and
 * only what differs is looked at one by one.
 */
final class Comparison {
  private static final int CONFIRMATIONS = 10;

  /** Where nobody relies on it that all has arrived, and it is soon looked at again. */
  private static final int QUICK_CONFIRMATIONS = 4;

  private static final long FIRST_PAUSE_MILLIS = 20;
  private static final int KEYS_IN_A_QUERY = 1_000;

  private static final String PENDING =
      "SELECT key FROM crossfade.mutation JOIN crossfade.entity_group ON entity_group = number"
          + " WHERE migration = ? AND name = ? LIMIT "
          + LogState.MOST_COUNTED;

  /** Stands for all entities. */
  private static final List<String> ANY = List.of();

  private final SyncPlan plan;
  private final Connection reader;
  private final Connection other;
  private final Shared shared;
  private final List<String> types;

  /**
   * What all workers have together.
   *
   * @param log to the side that has the authority; one at a time
   * @param others threads, on which the other side is asked
   * @param reversed see {@link Verify}
   */
  record Shared(Connection log, ExecutorService others, boolean reversed) {}

  /**
   * What was found.
   *
   * @param rows of the authority's image
   * @param drifted are not equal, and nothing is under way that would make them so
   * @param restless were never seen equal, and never seen at rest either
   */
  record Found(long rows, List<List<String>> drifted, List<List<String>> restless) {}

  Comparison(SyncPlan plan, Pair pair, Shared shared) {
    this.plan = plan;
    this.reader = pair.reader();
    this.other = pair.other();
    this.shared = shared;
    this.types = plan.keys().types();
  }

  Found of(EntityCondition entities) throws SQLException {
    Future<List<List<String>>> stored =
        shared.others().submit(() -> totals(other, table -> table.rows(entities)));
    List<List<String>> images = totals(reader, table -> table.image(entities));
    List<List<String>> rows = Crew.result(stored);
    Set<List<String>> suspects = new HashSet<>();
    long compared = 0;
    for (int i = 0; i < images.size(); i++) {
      compared += Long.parseLong(images.get(i).getFirst());
      if (!images.get(i).equals(rows.get(i))) {
        TableDigest table = plan.digests().get(i);
        suspects.addAll(
            differing(
                byEntity(reader, table.imageByEntity(entities)),
                byEntity(other, table.rowsByEntity(entities))));
      }
    }
    Found found = new Found(compared, new ArrayList<>(), new ArrayList<>());
    List<List<String>> all = List.copyOf(suspects);
    for (int i = 0; i < all.size(); i += KEYS_IN_A_QUERY) {
      confirm(all.subList(i, Math.min(all.size(), i + KEYS_IN_A_QUERY)), found);
    }
    return found;
  }

  /** A row for each table. */
  private List<List<String>> totals(Connection connection, Function<TableDigest, String> query)
      throws SQLException {
    List<List<String>> totals = new ArrayList<>();
    for (TableDigest table : plan.digests()) {
      totals.add(rows(connection, query.apply(table)).getFirst());
    }
    return totals;
  }

  private void confirm(List<List<String>> keys, Found into) throws SQLException {
    List<List<String>> open = keys;
    int confirmations = shared.reversed() ? QUICK_CONFIRMATIONS : CONFIRMATIONS;
    for (int attempt = 0; attempt < confirmations && !open.isEmpty(); attempt++) {
      if (attempt > 0) {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(FIRST_PAUSE_MILLIS << attempt));
      }
      open = unsettled(open, into);
    }
    into.restless().addAll(open);
  }

  /** Adds what has drifted; gives what can not be told yet. */
  private List<List<String>> unsettled(List<List<String>> keys, Found into) throws SQLException {
    boolean reversed = shared.reversed();
    EntityCondition entities = EntityCondition.of(keys, types);
    Fence fence = fence();
    Map<List<String>, List<String>> before = images(entities, !reversed);
    Set<List<String>> pending = pending();
    Map<List<String>, List<String>> found = images(entities, reversed);
    Map<List<String>, List<String>> after = images(entities, !reversed);
    if (!fence.equals(fence())) {
      throw moved();
    }
    List<List<String>> unsettled = new ArrayList<>();
    for (List<String> key : keys) {
      List<String> image = before.get(key);
      if (Objects.equals(image, found.get(key))) {
        continue;
      }
      boolean rests =
          Objects.equals(image, after.get(key)) && !pending.contains(key) && !pending.contains(ANY);
      if (rests) {
        into.drifted().add(key);
      } else {
        unsettled.add(key);
      }
    }
    return unsettled;
  }

  /** What the other side has is no drift when it is that side that is written. */
  private Fence fence() throws SQLException {
    Connection log = shared.log();
    Fence fence;
    synchronized (log) {
      fence = Fence.read(log, plan.migration());
      log.commit();
    }
    if (fence == null || fence.authority() != authority()) {
      throw moved();
    }
    return fence;
  }

  private SQLException moved() {
    return new SQLException(
        authority() + " does not have the authority of migration " + plan.migration(),
        CaptureSchema.FENCED);
  }

  private Side authority() {
    return shared.reversed() ? plan.authority().other() : plan.authority();
  }

  /**
   * @param image whether what the lens makes of its side is meant, or what the other one has
   */
  private Map<List<String>, List<String>> images(EntityCondition entities, boolean image)
      throws SQLException {
    Map<List<String>, List<String>> images = new HashMap<>();
    for (TableDigest table : plan.digests()) {
      (image
              ? byEntity(reader, table.imageByEntity(entities))
              : byEntity(other, table.rowsByEntity(entities)))
          .forEach(
              (key, sums) -> {
                List<String> all = images.computeIfAbsent(key, none -> new ArrayList<>());
                all.add(table.table().toString());
                all.addAll(sums);
              });
    }
    return images;
  }

  private Set<List<String>> pending() throws SQLException {
    Connection log = shared.log();
    synchronized (log) {
      Set<List<String>> pending = pending(log);
      log.commit();
      return pending;
    }
  }

  private Set<List<String>> pending(Connection log) throws SQLException {
    Set<List<String>> pending = new HashSet<>();
    int rows = 0;
    try (PreparedStatement statement = log.prepareStatement(PENDING)) {
      statement.setString(1, plan.migration());
      statement.setString(2, plan.group());
      try (ResultSet result = statement.executeQuery()) {
        while (result.next()) {
          rows++;
          Array key = result.getArray(1);
          pending.add(key == null ? ANY : List.of((String[]) key.getArray()));
        }
      }
    }
    if (rows == LogState.MOST_COUNTED) {
      pending.add(ANY);
    }
    return pending;
  }

  private Map<List<String>, List<String>> byEntity(Connection connection, String sql)
      throws SQLException {
    Map<List<String>, List<String>> sums = new HashMap<>();
    for (List<String> row : rows(connection, sql)) {
      sums.put(row.subList(0, types.size()), row.subList(types.size(), row.size()));
    }
    return sums;
  }

  private static Set<List<String>> differing(
      Map<List<String>, List<String>> left, Map<List<String>, List<String>> right) {
    Set<List<String>> differing = new HashSet<>(left.keySet());
    differing.addAll(right.keySet());
    differing.removeIf(key -> left.containsKey(key) && left.get(key).equals(right.get(key)));
    return differing;
  }

  private static List<List<String>> rows(Connection connection, String sql) throws SQLException {
    List<List<String>> rows = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      int columns = result.getMetaData().getColumnCount();
      while (result.next()) {
        List<String> row = new ArrayList<>(columns);
        for (int i = 1; i <= columns; i++) {
          row.add(String.valueOf(result.getString(i)));
        }
        rows.add(List.copyOf(row));
      }
    }
    return rows;
  }
}
