package dev.crossfade.mirror;

import dev.crossfade.core.migration.Side;
import dev.crossfade.sql.capture.CaptureSchema;
import dev.crossfade.sql.image.EntityCondition;
import dev.crossfade.sql.image.SyncPlan;
import dev.crossfade.sql.image.TableDigest;
import java.sql.Connection;
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
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Compares the two sides without moving rows: both hash what a range of entities comes to, and only
 * where the hashes differ are entities looked at one by one.
 *
 * <p>While others write, new is always a little behind. So what differs is not drift yet: an entity
 * has drifted when its image on the authority did not change, nothing about it was in the log, and
 * the other side still had something else.
 */
public final class Verify {
  private static final int CONFIRMATIONS = 10;

  /** Where nobody relies on it that all has arrived, and it is soon looked at again. */
  private static final int QUICK_CONFIRMATIONS = 4;

  private static final long FIRST_PAUSE_MILLIS = 20;
  private static final int KEYS_IN_A_QUERY = 1_000;
  private static final String QUERY_CANCELED = "57014";

  private final List<SyncPlan> plans;
  private final Endpoint authority;
  private final Endpoint receiving;
  private final int chunk;
  private final boolean reversed;
  private final int confirmations;

  /**
   * Is told what was found.
   *
   * <p>Of a table of the receiving side, so many rows of the authority's image have been compared.
   */
  public interface Findings {
    /**
     * @param rows that were compared since the last call
     */
    void compared(String group, long rows);

    /** An entity is not equal, and nothing is under way that would make it so. */
    void drift(SyncPlan plan, List<String> key);

    /** An entity was never seen equal, and never seen at rest either. */
    void restless(SyncPlan plan, List<String> key);

    /**
     * Everything up to here has been compared, and was told.
     *
     * @return false to stop here
     */
    default boolean reached(SyncPlan plan, Position position) {
      return true;
    }
  }

  /**
   * How far it has come: enough to go on after any death.
   *
   * @param group of tables; those before it are done
   * @param list which of the group's lists of keys; those before it are done
   * @param after the greatest key that is done; null before the first
   */
  public record Position(String group, int list, @Nullable List<String> after) {
    public static final Position START = new Position("", 0, null);

    public Position {
      after = after == null ? null : List.copyOf(after);
    }
  }

  /**
   * @param chunk entities in a query, of each table
   */
  public Verify(List<SyncPlan> plans, Endpoint authority, Endpoint receiving, int chunk) {
    this(plans, authority, receiving, chunk, false);
  }

  /**
   * @param reversed whether it is the receiving side of the plans that has the authority: then its
   *     log tells what is under way, and it is the plans' image that may be behind
   */
  Verify(
      List<SyncPlan> plans, Endpoint authority, Endpoint receiving, int chunk, boolean reversed) {
    this.reversed = reversed;
    this.confirmations = reversed ? QUICK_CONFIRMATIONS : CONFIRMATIONS;
    this.plans = List.copyOf(plans);
    this.authority = authority;
    this.receiving = receiving;
    this.chunk = chunk;
  }

  /**
   * @throws SQLException when a server can not be used
   */
  public void run(Findings findings) throws SQLException {
    run(Position.START, findings);
  }

  /**
   * @param from where an earlier one has stopped
   * @return false when it was stopped
   * @throws SQLException when a server can not be used; with {@link CaptureSchema#FENCED} when the
   *     authority has been moved
   */
  public boolean run(Position from, Findings findings) throws SQLException {
    int first = Math.max(0, plans.stream().map(SyncPlan::group).toList().indexOf(from.group()));
    try (MirrorConnections connections = MirrorConnections.open(authority, receiving);
        Connection authorityKeys = authority.open(Endpoint.Use.READ);
        Connection receivingKeys = receiving.open(Endpoint.Use.READ);
        Connection log = (reversed ? receiving : authority).open(Endpoint.Use.WRITE);
        ExecutorService others = Executors.newVirtualThreadPerTaskExecutor()) {
      connections.writer().setReadOnly(true);
      connections.writer().setAutoCommit(true);
      Chunks.Keys keys = new Chunks.Keys(authorityKeys, receivingKeys, chunk);
      for (SyncPlan plan : plans.subList(first, plans.size())) {
        Pass pass = new Pass(plan, connections, log, others, findings);
        Position start =
            plan.group().equals(from.group()) ? from : new Position(plan.group(), 0, null);
        for (int list = start.list(); list < Chunks.lists(plan); list++) {
          List<String> after = list == start.list() ? start.after() : null;
          if (!pass.run(Chunks.of(plan, keys, list, after), list)) {
            return false;
          }
        }
      }
      return true;
    }
  }

  /** One group. Both servers work at the same time, and meanwhile the next chunk is looked for. */
  private final class Pass {
    private final SyncPlan plan;
    private final Connection log;
    private final Connection reader;
    private final Connection other;
    private final ExecutorService others;
    private final Findings findings;
    private final List<String> types;

    Pass(
        SyncPlan plan,
        MirrorConnections connections,
        Connection log,
        ExecutorService others,
        Findings findings) {
      this.plan = plan;
      this.log = log;
      this.reader = connections.reader();
      this.other = connections.writer();
      this.others = others;
      this.findings = findings;
      this.types = plan.keys().types();
    }

    boolean run(Chunks chunks, int list) throws SQLException {
      Chunks.@Nullable Chunk now = chunks.next();
      while (now != null) {
        Future<Chunks.@Nullable Chunk> next = others.submit(chunks::next);
        compare(now.entities());
        Chunks.@Nullable Chunk then = result(next);
        if (now.last() != null && !reached(list, now.last())) {
          return false;
        }
        now = then;
      }
      return reached(list + 1, null);
    }

    private boolean reached(int list, @Nullable List<String> after) {
      return findings.reached(plan, new Position(plan.group(), list, after));
    }

    private void compare(EntityCondition entities) throws SQLException {
      Future<List<List<String>>> stored =
          others.submit(() -> totals(other, table -> table.rows(entities)));
      List<List<String>> images = totals(reader, table -> table.image(entities));
      List<List<String>> rows = result(stored);
      Set<List<String>> suspects = new HashSet<>();
      for (int i = 0; i < images.size(); i++) {
        findings.compared(plan.group(), Long.parseLong(images.get(i).getFirst()));
        if (!images.get(i).equals(rows.get(i))) {
          TableDigest table = plan.digests().get(i);
          suspects.addAll(
              differing(
                  byEntity(reader, table.imageByEntity(entities)),
                  byEntity(other, table.rowsByEntity(entities))));
        }
      }
      List<List<String>> all = List.copyOf(suspects);
      for (int i = 0; i < all.size(); i += KEYS_IN_A_QUERY) {
        confirm(all.subList(i, Math.min(all.size(), i + KEYS_IN_A_QUERY)));
      }
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

    private void confirm(List<List<String>> keys) throws SQLException {
      List<List<String>> open = keys;
      for (int attempt = 0; attempt < confirmations && !open.isEmpty(); attempt++) {
        if (attempt > 0) {
          LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(FIRST_PAUSE_MILLIS << attempt));
        }
        open = unsettled(open);
      }
      open.forEach(key -> findings.restless(plan, key));
    }

    /** Reports what has drifted; gives what can not be told yet. */
    private List<List<String>> unsettled(List<List<String>> keys) throws SQLException {
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
            Objects.equals(image, after.get(key))
                && !pending.contains(key)
                && !pending.contains(ANY);
        if (rests) {
          findings.drift(plan, key);
        } else {
          unsettled.add(key);
        }
      }
      return unsettled;
    }

    /** What the other side has is no drift when it is that side that is written. */
    private Fence fence() throws SQLException {
      Fence fence = Fence.read(log, plan.migration());
      log.commit();
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
      return reversed ? plan.authority().other() : plan.authority();
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
      Set<List<String>> pending = new HashSet<>();
      int rows = 0;
      try (var statement =
          log.prepareStatement(
              "SELECT key FROM crossfade.mutation JOIN crossfade.entity_group ON entity_group ="
                  + " number WHERE migration = ? AND name = ? LIMIT "
                  + LogState.MOST_COUNTED)) {
        statement.setString(1, plan.migration());
        statement.setString(2, plan.group());
        try (ResultSet result = statement.executeQuery()) {
          while (result.next()) {
            rows++;
            var key = result.getArray(1);
            pending.add(key == null ? ANY : List.of((String[]) key.getArray()));
          }
        }
      }
      log.commit();
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
  }

  /** Stands for all entities. */
  private static final List<String> ANY = List.of();

  private static Set<List<String>> differing(
      Map<List<String>, List<String>> left, Map<List<String>, List<String>> right) {
    Set<List<String>> differing = new HashSet<>(left.keySet());
    differing.addAll(right.keySet());
    differing.removeIf(key -> left.containsKey(key) && left.get(key).equals(right.get(key)));
    return differing;
  }

  private static <T extends @Nullable Object> T result(Future<T> future) throws SQLException {
    try {
      return future.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SQLException("interrupted", QUERY_CANCELED, e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof SQLException cause) {
        throw cause;
      }
      throw new IllegalStateException(e.getCause());
    }
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
