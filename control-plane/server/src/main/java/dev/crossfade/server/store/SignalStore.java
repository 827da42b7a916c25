package dev.crossfade.server.store;

import dev.crossfade.server.store.SignalRow.Fleet;
import dev.crossfade.server.store.SignalRow.Gauge;
import dev.crossfade.server.store.SignalRow.QueryRow;
import dev.crossfade.server.store.SignalRow.Reads;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import java.util.stream.Collectors;
import javax.sql.DataSource;

/**
 * What the processes of all replicas have counted. Each writes rows of its own, whole: writing one
 * again changes nothing. Rows of processes that are gone are added up, so that there are never
 * many.
 */
public final class SignalStore {
  /** A process writes more often than that, or takes another name. */
  private static final String GONE = "interval '1 hour'";

  private static final String PUT =
      "INSERT INTO crossfade_control.signal AS s (migration, replica, totals, reads, reads_on_new,"
          + " reporting, silent, pending, lag_millis, dead_letters, reported_at, written_at) SELECT"
          + " n.migration, ?, n.totals, n.reads, n.on_new, n.reporting, n.silent, n.pending, n.lag,"
          + " n.dead, to_timestamp(n.reported / 1000.0), now() FROM unnest(?::text[], ?::bytea[],"
          + " ?::bigint[], ?::bigint[], ?::int[], ?::int[], ?::bigint[], ?::bigint[], ?::bigint[],"
          + " ?::bigint[]) AS n (migration, totals, reads, on_new, reporting, silent, pending, lag,"
          + " dead, reported) JOIN crossfade_control.migration ON name = n.migration ON CONFLICT"
          + " (migration, replica) DO UPDATE SET totals = excluded.totals, reads = excluded.reads,"
          + " reads_on_new = excluded.reads_on_new, reporting = excluded.reporting, silent ="
          + " excluded.silent, pending = excluded.pending, lag_millis = excluded.lag_millis,"
          + " dead_letters = excluded.dead_letters, reported_at = excluded.reported_at, written_at"
          + " = excluded.written_at";
  private static final String COLUMNS =
      "migration, replica, reads, reads_on_new, reporting, silent, pending, lag_millis,"
          + " dead_letters, reported_at, written_at > now() - interval '5 seconds' AS fresh,";
  private static final String OTHERS =
      "SELECT "
          + COLUMNS
          + " CASE WHEN ? OR written_at > now() - interval '10 seconds' THEN totals END AS totals"
          + " FROM crossfade_control.signal WHERE replica <> ?";
  private static final String LOCK =
      "SELECT pg_advisory_xact_lock(hashtext('crossfade_control.signal'))";
  private static final String TAKE_GONE =
      "DELETE FROM crossfade_control.signal WHERE replica <> '' AND replica <> ? AND written_at <"
          + " now() - "
          + GONE
          + " RETURNING "
          + COLUMNS
          + " totals";
  private static final String ALL_GONE =
      "SELECT " + COLUMNS + " totals FROM crossfade_control.signal WHERE replica = ''";
  private static final String PUT_QUERIES =
      "INSERT INTO crossfade_control.signal_query (migration, replica, query, text, totals,"
          + " written_at) SELECT n.migration, ?, n.query, n.text, n.totals, now() FROM"
          + " unnest(?::text[], ?::text[], ?::text[], ?::bytea[]) AS n (migration, query, text,"
          + " totals) JOIN crossfade_control.migration ON name = n.migration ON CONFLICT"
          + " (migration, replica, query) DO UPDATE SET totals = excluded.totals, written_at ="
          + " excluded.written_at";
  private static final String OTHER_QUERIES =
      "SELECT migration, replica, query, text, totals FROM crossfade_control.signal_query WHERE"
          + " replica <> ? ORDER BY written_at DESC LIMIT 20000";
  private static final String TAKE_GONE_QUERIES =
      "DELETE FROM crossfade_control.signal_query WHERE replica <> '' AND replica <> ? AND"
          + " written_at < now() - "
          + GONE
          + " RETURNING migration, replica, query, text, totals";
  private static final String ALL_GONE_QUERIES =
      "SELECT migration, replica, query, text, totals FROM crossfade_control.signal_query WHERE"
          + " replica = ''";
  private static final String FORGET_QUERIES =
      "DELETE FROM crossfade_control.signal_query WHERE replica = '' AND written_at < now() -"
          + " interval '30 days'";

  private final DataSource database;

  public SignalStore(DataSource database) {
    this.database = database;
  }

  /** Writes what one process has counted, in one statement. */
  public void put(String replica, List<SignalRow> rows) throws StoreException {
    try (Connection connection = database.getConnection()) {
      put(connection, replica, rows);
    } catch (SQLException e) {
      throw new StoreException("the signals could not be written", e);
    }
  }

  private static void put(Connection connection, String replica, List<SignalRow> rows)
      throws SQLException {
    if (rows.isEmpty()) {
      return;
    }
    try (PreparedStatement put = connection.prepareStatement(PUT)) {
      put.setString(1, replica);
      array(put, 2, "text", rows, SignalRow::migration);
      bytes(put, 3, rows, SignalRow::totals);
      array(put, 4, "bigint", rows, row -> row.reads().routable());
      array(put, 5, "bigint", rows, row -> row.reads().onNew());
      array(put, 6, "int", rows, SignalRow::reporting);
      array(put, 7, "int", rows, SignalRow::silent);
      array(put, 8, "bigint", rows, SignalRow::pending);
      array(put, 9, "bigint", rows, SignalRow::lagMillis);
      array(put, 10, "bigint", rows, SignalRow::deadLetters);
      array(put, 11, "bigint", rows, row -> row.reportedAt().toEpochMilli());
      put.executeUpdate();
    }
  }

  private static <R> void array(
      PreparedStatement statement, int at, String type, List<R> rows, Function<R, Object> column)
      throws SQLException {
    statement.setArray(
        at, statement.getConnection().createArrayOf(type, rows.stream().map(column).toArray()));
  }

  private static <R> void bytes(
      PreparedStatement statement, int at, List<R> rows, Function<R, byte[]> column)
      throws SQLException {
    byte[][] all = rows.stream().map(column).toArray(byte[][]::new);
    statement.setArray(at, statement.getConnection().createArrayOf("bytea", all));
  }

  /**
   * What all others have written.
   *
   * @param whole with all totals, not only those written lately
   */
  public List<SignalRow> others(String replica, boolean whole) throws StoreException {
    try (Connection connection = database.getConnection();
        PreparedStatement select = connection.prepareStatement(OTHERS)) {
      select.setBoolean(1, whole);
      select.setString(2, replica);
      return rows(select);
    } catch (SQLException e) {
      throw new StoreException("the signals could not be read", e);
    }
  }

  private static List<SignalRow> rows(PreparedStatement statement) throws SQLException {
    List<SignalRow> rows = new ArrayList<>();
    try (ResultSet row = statement.executeQuery()) {
      while (row.next()) {
        byte[] totals = row.getBytes("totals");
        rows.add(
            new SignalRow(
                row.getString("migration"),
                row.getString("replica"),
                totals == null ? new byte[0] : totals,
                new Reads(row.getLong("reads"), row.getLong("reads_on_new")),
                new Fleet(row.getInt("reporting"), row.getInt("silent")),
                new Gauge(
                    row.getLong("pending"), row.getLong("lag_millis"), row.getLong("dead_letters")),
                Rows.instant(row, "reported_at"),
                row.getBoolean("fresh")));
      }
    }
    return rows;
  }

  /** Writes what one process has counted of statements. */
  public void putQueries(String replica, List<QueryRow> rows) throws StoreException {
    try (Connection connection = database.getConnection()) {
      putQueries(connection, replica, rows);
    } catch (SQLException e) {
      throw new StoreException("the statements' signals could not be written", e);
    }
  }

  private static void putQueries(Connection connection, String replica, List<QueryRow> rows)
      throws SQLException {
    if (rows.isEmpty()) {
      return;
    }
    try (PreparedStatement put = connection.prepareStatement(PUT_QUERIES)) {
      put.setString(1, replica);
      array(put, 2, "text", rows, QueryRow::migration);
      array(put, 3, "text", rows, QueryRow::query);
      array(put, 4, "text", rows, QueryRow::text);
      bytes(put, 5, rows, QueryRow::totals);
      put.executeUpdate();
    }
  }

  /** What all others have written of statements. */
  public List<QueryRow> otherQueries(String replica) throws StoreException {
    try (Connection connection = database.getConnection();
        PreparedStatement select = connection.prepareStatement(OTHER_QUERIES)) {
      select.setString(1, replica);
      return queryRows(select);
    } catch (SQLException e) {
      throw new StoreException("the statements' signals could not be read", e);
    }
  }

  private static List<QueryRow> queryRows(PreparedStatement statement) throws SQLException {
    List<QueryRow> rows = new ArrayList<>();
    try (ResultSet row = statement.executeQuery()) {
      while (row.next()) {
        rows.add(
            new QueryRow(
                row.getString(1),
                row.getString(2),
                row.getString(3),
                row.getString(4),
                row.getBytes(5)));
      }
    }
    return rows;
  }

  /**
   * Adds up what processes have written that are gone, in one transaction: at no time is anything
   * counted twice, or not at all.
   *
   * @param replica lives, whatever its rows say
   * @param sum of two rows of one migration
   * @param querySum of two rows of one statement
   */
  public void addUpGone(
      String replica, BinaryOperator<SignalRow> sum, BinaryOperator<QueryRow> querySum)
      throws StoreException {
    try (Connection connection = database.getConnection()) {
      connection.setAutoCommit(false);
      try {
        addUpGone(connection, replica, sum, querySum);
        connection.commit();
      } catch (SQLException e) {
        connection.rollback();
        throw e;
      }
    } catch (SQLException e) {
      throw new StoreException("the signals could not be added up", e);
    }
  }

  private static void addUpGone(
      Connection connection,
      String replica,
      BinaryOperator<SignalRow> sum,
      BinaryOperator<QueryRow> querySum)
      throws SQLException {
    try (PreparedStatement lock = connection.prepareStatement(LOCK);
        PreparedStatement take = connection.prepareStatement(TAKE_GONE);
        PreparedStatement gone = connection.prepareStatement(ALL_GONE);
        PreparedStatement takeQueries = connection.prepareStatement(TAKE_GONE_QUERIES);
        PreparedStatement goneQueries = connection.prepareStatement(ALL_GONE_QUERIES);
        PreparedStatement forget = connection.prepareStatement(FORGET_QUERIES)) {
      lock.execute();
      take.setString(1, replica);
      List<SignalRow> rows = rows(take);
      if (!rows.isEmpty()) {
        rows.addAll(rows(gone));
        put(connection, "", added(rows, SignalRow::migration, sum));
      }
      takeQueries.setString(1, replica);
      List<QueryRow> queries = queryRows(takeQueries);
      if (!queries.isEmpty()) {
        queries.addAll(queryRows(goneQueries));
        putQueries(
            connection, "", added(queries, row -> row.migration() + '\n' + row.query(), querySum));
      }
      forget.executeUpdate();
    }
  }

  private static <R> List<R> added(List<R> rows, Function<R, String> key, BinaryOperator<R> sum) {
    return List.copyOf(
        rows.stream().collect(Collectors.toMap(key, Function.identity(), sum)).values());
  }
}
