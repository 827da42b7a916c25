package dev.crossfade.server.store;

import dev.crossfade.engine.readiness.Standing;
import dev.crossfade.engine.readiness.Standing.Kind;
import dev.crossfade.engine.readiness.Standing.Translation;
import dev.crossfade.server.store.QueryRow.Besides;
import dev.crossfade.server.store.QueryRow.Counts;
import dev.crossfade.server.store.QueryRow.Page;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.sql.DataSource;

/**
 * The statements that the sidecars see, over all replicas. Bounded: of a migration at most {@link
 * #PER_MIGRATION} are kept, those seen last, for at most 30 days.
 */
public final class QueryStore {
  /** Statements kept of a migration, over all services. */
  public static final int PER_MIGRATION = 2_000;

  private static final String NEXT_PAGE =
      "INSERT INTO crossfade_control.query_sender AS s (service, instance, incarnation, page,"
          + " seen_at) VALUES (?, ?, ?, ?, now()) ON CONFLICT (service, instance) DO UPDATE SET"
          + " incarnation = excluded.incarnation, page = excluded.page, seen_at ="
          + " excluded.seen_at WHERE s.incarnation <> excluded.incarnation OR s.page <"
          + " excluded.page";
  private static final String PUT =
      "INSERT INTO crossfade_control.query AS q (migration, service, fingerprint, text, kind,"
          + " translation, code, position, detail, scans, executions, on_old, on_new, first_seen,"
          + " last_seen) SELECT name, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, least(?, now()), least(?,"
          + " now()) FROM crossfade_control.migration WHERE name = ? ON CONFLICT (migration,"
          + " service, fingerprint) DO UPDATE SET kind = excluded.kind, translation ="
          + " excluded.translation, code = excluded.code, position = excluded.position, detail ="
          + " excluded.detail, scans = excluded.scans, executions = q.executions +"
          + " excluded.executions, on_old = crossfade_control.added(q.on_old, excluded.on_old),"
          + " on_new = crossfade_control.added(q.on_new, excluded.on_new), last_seen ="
          + " greatest(q.last_seen, excluded.last_seen)";
  private static final String PUT_BESIDES =
      "INSERT INTO crossfade_control.query_service AS s (service, unmapped, unlisted) VALUES (?, ?,"
          + " ?) ON CONFLICT (service) DO UPDATE SET unmapped = s.unmapped + excluded.unmapped,"
          + " unlisted = s.unlisted + excluded.unlisted";
  private static final String EVICT =
      "WITH gone AS (DELETE FROM crossfade_control.query WHERE ctid = ANY (ARRAY(SELECT ctid FROM"
          + " crossfade_control.query WHERE migration = ? ORDER BY last_seen DESC OFFSET "
          + PER_MIGRATION
          + ")) RETURNING 1) INSERT INTO crossfade_control.query_eviction AS e (migration, evicted)"
          + " SELECT ?, count(*) FROM gone HAVING count(*) > 0 ON CONFLICT (migration) DO UPDATE"
          + " SET evicted = e.evicted + excluded.evicted";
  private static final String LIST =
      "SELECT service, text, kind, translation, code, position, detail, scans, executions, on_old,"
          + " on_new, first_seen, last_seen FROM crossfade_control.query WHERE migration = ? AND ?"
          + " IN ('', service) ORDER BY executions DESC, service, fingerprint LIMIT "
          + PER_MIGRATION;
  private static final String LIST_BESIDES =
      "SELECT service, unmapped, unlisted FROM crossfade_control.query_service WHERE service IN"
          + " (SELECT service FROM crossfade_control.query WHERE migration = ? AND ? IN ('',"
          + " service)) ORDER BY service";
  private static final String EVICTED =
      "SELECT coalesce(sum(evicted), 0) FROM crossfade_control.query_eviction WHERE migration = ?";
  private static final String[] FORGET = {
    "DELETE FROM crossfade_control.query WHERE last_seen < now() - interval '30 days'",
    "DELETE FROM crossfade_control.query_sender WHERE seen_at < now() - interval '7 days'"
  };

  private final DataSource database;

  /**
   * What is known of a migration's statements.
   *
   * @param rows by executions, the most first
   */
  public record Listing(List<QueryRow> rows, List<Besides> besides, long evicted) {}

  public QueryStore(DataSource database) {
    this.database = database;
  }

  /** Adds a page, unless it or a later one of the same process was added before. */
  public void add(Page page) throws StoreException {
    try (Connection connection = database.getConnection()) {
      connection.setAutoCommit(false);
      try {
        if (isNext(connection, page)) {
          putBesides(connection, page.besides());
          for (String migration : put(connection, page)) {
            evict(connection, migration);
          }
        }
        connection.commit();
      } catch (SQLException e) {
        connection.rollback();
        throw e;
      }
    } catch (SQLException e) {
      throw new StoreException("the statements that a sidecar saw could not be written", e);
    }
  }

  private static boolean isNext(Connection connection, Page page) throws SQLException {
    try (PreparedStatement next = connection.prepareStatement(NEXT_PAGE)) {
      next.setString(1, page.sender().service());
      next.setString(2, page.sender().instance());
      next.setString(3, page.sender().incarnation());
      next.setLong(4, page.number());
      return next.executeUpdate() > 0;
    }
  }

  private static void putBesides(Connection connection, Besides besides) throws SQLException {
    try (PreparedStatement put = connection.prepareStatement(PUT_BESIDES)) {
      put.setString(1, besides.service());
      put.setLong(2, besides.unmapped());
      put.setLong(3, besides.unlisted());
      put.executeUpdate();
    }
  }

  /**
   * All in one order, so that two pages of one service wait for each other rather than lock up.
   *
   * @return the migrations concerned, in order
   */
  private static Iterable<String> put(Connection connection, Page page) throws SQLException {
    Map<String, Map<String, QueryRow>> byMigration = new TreeMap<>();
    for (QueryRow.Seen seen : page.seen()) {
      String key = HexFormat.of().formatHex(sha256(seen.row().text()));
      for (String migration : seen.migrations()) {
        byMigration.computeIfAbsent(migration, name -> new TreeMap<>()).put(key, seen.row());
      }
    }
    try (PreparedStatement put = connection.prepareStatement(PUT)) {
      for (Map.Entry<String, Map<String, QueryRow>> rows : byMigration.entrySet()) {
        for (QueryRow row : rows.getValue().values()) {
          bind(connection, put, row, rows.getKey());
          put.addBatch();
        }
      }
      put.executeBatch();
    }
    return byMigration.keySet();
  }

  private static void bind(
      Connection connection, PreparedStatement put, QueryRow row, String migration)
      throws SQLException {
    put.setString(1, row.service());
    put.setBytes(2, sha256(row.text()));
    put.setString(3, row.text());
    put.setString(4, row.standing().kind().name());
    put.setString(5, row.standing().translation().name());
    put.setString(6, row.standing().code());
    put.setInt(7, row.position());
    put.setString(8, row.detail());
    put.setBytes(9, row.scans());
    put.setLong(10, row.counts().executions());
    put.setArray(11, counts(connection, row.counts().onOld()));
    put.setArray(12, counts(connection, row.counts().onNew()));
    put.setObject(13, Rows.timestamp(row.counts().firstSeen()));
    put.setObject(14, Rows.timestamp(row.counts().lastSeen()));
    put.setString(15, migration);
  }

  private static Array counts(Connection connection, long[] counts) throws SQLException {
    return connection.createArrayOf("bigint", Arrays.stream(counts).boxed().toArray());
  }

  private static byte[] sha256(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }

  private static void evict(Connection connection, String migration) throws SQLException {
    try (PreparedStatement evict = connection.prepareStatement(EVICT)) {
      evict.setString(1, migration);
      evict.setString(2, migration);
      evict.executeUpdate();
    }
  }

  /**
   * @param service empty for all
   */
  public Listing list(String migration, String service) throws StoreException {
    try (Connection connection = database.getConnection();
        PreparedStatement evicted = connection.prepareStatement(EVICTED)) {
      evicted.setString(1, migration);
      try (ResultSet sum = evicted.executeQuery()) {
        sum.next();
        return new Listing(
            rows(connection, migration, service),
            besides(connection, migration, service),
            sum.getLong(1));
      }
    } catch (SQLException e) {
      throw new StoreException("the statements that were seen could not be read", e);
    }
  }

  private static List<QueryRow> rows(Connection connection, String migration, String service)
      throws SQLException {
    try (PreparedStatement select = connection.prepareStatement(LIST)) {
      select.setString(1, migration);
      select.setString(2, service);
      List<QueryRow> rows = new ArrayList<>();
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          rows.add(read(row));
        }
      }
      return rows;
    }
  }

  private static QueryRow read(ResultSet row) throws SQLException {
    return new QueryRow(
        row.getString("service"),
        row.getString("text"),
        new Standing(
            Kind.valueOf(row.getString("kind")),
            Translation.valueOf(row.getString("translation")),
            row.getString("code")),
        row.getInt("position"),
        row.getString("detail"),
        row.getBytes("scans"),
        new Counts(
            row.getLong("executions"),
            counts(row, "on_old"),
            counts(row, "on_new"),
            Rows.instant(row, "first_seen"),
            Rows.instant(row, "last_seen")));
  }

  private static long[] counts(ResultSet row, String column) throws SQLException {
    return Arrays.stream((Long[]) row.getArray(column).getArray())
        .mapToLong(Long::longValue)
        .toArray();
  }

  private static List<Besides> besides(Connection connection, String migration, String service)
      throws SQLException {
    try (PreparedStatement select = connection.prepareStatement(LIST_BESIDES)) {
      select.setString(1, migration);
      select.setString(2, service);
      List<Besides> all = new ArrayList<>();
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          all.add(new Besides(row.getString(1), row.getLong(2), row.getLong(3)));
        }
      }
      return all;
    }
  }

  /** Removes what was not seen for 30 days. */
  public void forgetLongUnseen() throws StoreException {
    try (Connection connection = database.getConnection()) {
      for (String forget : FORGET) {
        try (PreparedStatement delete = connection.prepareStatement(forget)) {
          delete.executeUpdate();
        }
      }
    } catch (SQLException e) {
      throw new StoreException("statements could not be forgotten", e);
    }
  }
}
