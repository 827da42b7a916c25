package dev.crossfade.server.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import javax.sql.DataSource;

/**
 * Samples of mismatches, over all replicas. Of a migration at most {@link #PER_MIGRATION} are kept,
 * those seen last.
 */
public final class MismatchStore {
  /** Samples kept of a migration. */
  public static final int PER_MIGRATION = 200;

  private static final String PUT =
      "INSERT INTO crossfade_control.mismatch AS m (migration, query, verdict, columns, sample,"
          + " count, first_seen, last_seen) SELECT name, ?, ?, ?, ?, ?, ?, ? FROM"
          + " crossfade_control.migration WHERE name = ? ON CONFLICT (migration, query, verdict,"
          + " columns) DO UPDATE SET sample = CASE WHEN m.last_seen <= excluded.last_seen THEN"
          + " excluded.sample ELSE m.sample END, count = m.count + excluded.count, first_seen ="
          + " least(m.first_seen, excluded.first_seen), last_seen = greatest(m.last_seen,"
          + " excluded.last_seen)";
  private static final String EVICT =
      "DELETE FROM crossfade_control.mismatch WHERE migration = ? AND ctid = ANY (ARRAY(SELECT ctid"
          + " FROM crossfade_control.mismatch WHERE migration = ? ORDER BY last_seen DESC OFFSET "
          + PER_MIGRATION
          + "))";
  private static final String LIST =
      "SELECT migration, query, verdict, columns, sample, count, first_seen, last_seen FROM"
          + " crossfade_control.mismatch WHERE migration = ? AND ? IN ('', query) ORDER BY"
          + " last_seen DESC, query, verdict, columns LIMIT ?";
  private static final String FORGET =
      "DELETE FROM crossfade_control.mismatch WHERE migration = ? AND ? IN ('', query)";

  private final DataSource database;

  public MismatchStore(DataSource database) {
    this.database = database;
  }

  /** Adds to what is there, in one transaction. */
  public void add(Collection<MismatchRow> rows) throws StoreException {
    if (rows.isEmpty()) {
      return;
    }
    try (Connection connection = database.getConnection()) {
      connection.setAutoCommit(false);
      try {
        for (String migration : put(connection, rows)) {
          evict(connection, migration);
        }
        connection.commit();
      } catch (SQLException e) {
        connection.rollback();
        throw e;
      }
    } catch (SQLException e) {
      throw new StoreException("mismatches could not be written", e);
    }
  }

  /** In one order, so that two replicas wait for each other rather than lock up. */
  private static Set<String> put(Connection connection, Collection<MismatchRow> rows)
      throws SQLException {
    List<MismatchRow> ordered = new ArrayList<>(rows);
    ordered.sort(Comparator.comparing(row -> row.key().toString()));
    Set<String> migrations = new TreeSet<>();
    try (PreparedStatement put = connection.prepareStatement(PUT)) {
      for (MismatchRow row : ordered) {
        put.setString(1, row.key().query());
        put.setString(2, row.key().verdict());
        put.setString(3, row.key().columns());
        put.setBytes(4, row.sample());
        put.setLong(5, row.count());
        put.setObject(6, Rows.timestamp(row.firstSeen()));
        put.setObject(7, Rows.timestamp(row.lastSeen()));
        put.setString(8, row.key().migration());
        put.addBatch();
        migrations.add(row.key().migration());
      }
      put.executeBatch();
    }
    return migrations;
  }

  private static void evict(Connection connection, String migration) throws SQLException {
    try (PreparedStatement evict = connection.prepareStatement(EVICT)) {
      evict.setString(1, migration);
      evict.setString(2, migration);
      evict.executeUpdate();
    }
  }

  /**
   * Those seen last first.
   *
   * @param query empty for all
   */
  public List<MismatchRow> list(String migration, String query, int limit) throws StoreException {
    try (Connection connection = database.getConnection();
        PreparedStatement select = connection.prepareStatement(LIST)) {
      select.setString(1, migration);
      select.setString(2, query);
      select.setInt(3, limit);
      List<MismatchRow> rows = new ArrayList<>();
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          rows.add(
              new MismatchRow(
                  new MismatchRow.Key(
                      row.getString("migration"),
                      row.getString("query"),
                      row.getString("verdict"),
                      row.getString("columns")),
                  row.getBytes("sample"),
                  row.getLong("count"),
                  Rows.instant(row, "first_seen"),
                  Rows.instant(row, "last_seen")));
        }
      }
      return rows;
    } catch (SQLException e) {
      throw new StoreException("mismatches could not be read", e);
    }
  }

  /**
   * @param query empty for all
   * @return how many were removed
   */
  public int forget(String migration, String query) throws StoreException {
    try (Connection connection = database.getConnection();
        PreparedStatement delete = connection.prepareStatement(FORGET)) {
      delete.setString(1, migration);
      delete.setString(2, query);
      return delete.executeUpdate();
    } catch (SQLException e) {
      throw new StoreException("mismatches could not be forgotten", e);
    }
  }
}
