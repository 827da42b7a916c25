package dev.crossfade.server.store;

import dev.crossfade.server.store.SidecarRow.Circuit;
import dev.crossfade.server.store.SidecarRow.Identity;
import dev.crossfade.server.store.SidecarRow.Notice;
import dev.crossfade.server.store.SidecarRow.Traffic;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;
import javax.sql.DataSource;

/**
 * Who follows the catalog, over all replicas. A stream that began later wins over one that ends
 * later.
 */
public final class SidecarStore {
  private static final int LIST_MAX = 10_000;
  private static final String PUT =
      "INSERT INTO crossfade_control.sidecar AS s (service, instance, build_version, connected_at,"
          + " connected, last_seen, acked_version, nacked_version, nack_reason, sessions, circuit,"
          + " routed_old, routed_new, fallbacks, notices) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,"
          + " ?, ?, ?, ?) ON CONFLICT (service, instance) DO UPDATE SET build_version ="
          + " excluded.build_version, connected_at = excluded.connected_at, connected ="
          + " excluded.connected, last_seen = excluded.last_seen, acked_version ="
          + " excluded.acked_version, nacked_version = excluded.nacked_version, nack_reason ="
          + " excluded.nack_reason, sessions = excluded.sessions, circuit = excluded.circuit,"
          + " routed_old = excluded.routed_old, routed_new = excluded.routed_new, fallbacks ="
          + " excluded.fallbacks, notices = excluded.notices WHERE s.connected_at <="
          + " excluded.connected_at";
  private static final String LIST =
      "SELECT service, instance, build_version, connected_at, last_seen, acked_version,"
          + " nacked_version, nack_reason, sessions, circuit, routed_old, routed_new, fallbacks,"
          + " notices, connected AND last_seen > now() - interval '15 seconds' AS connected FROM"
          + " crossfade_control.sidecar WHERE ? IN ('', service) ORDER BY service, instance LIMIT "
          + LIST_MAX;
  private static final String FORGET =
      "DELETE FROM crossfade_control.sidecar WHERE last_seen < now() - interval '1 day'";

  private final DataSource database;

  public SidecarStore(DataSource database) {
    this.database = database;
  }

  /** Writes what is known of these sidecars, in one transaction. */
  public void put(Collection<SidecarRow> rows) throws StoreException {
    try (Connection connection = database.getConnection();
        PreparedStatement put = connection.prepareStatement(PUT)) {
      connection.setAutoCommit(false);
      for (SidecarRow row : rows) {
        bind(put, row);
        put.addBatch();
      }
      put.executeBatch();
      connection.commit();
    } catch (SQLException e) {
      throw new StoreException("the sidecars could not be written", e);
    }
  }

  private static void bind(PreparedStatement put, SidecarRow row) throws SQLException {
    put.setString(1, row.identity().service());
    put.setString(2, row.identity().instance());
    put.setString(3, row.identity().buildVersion());
    put.setObject(4, Rows.timestamp(row.connectedAt()));
    put.setBoolean(5, row.connected());
    put.setObject(6, Rows.timestamp(row.lastSeen()));
    put.setLong(7, row.ackedVersion());
    put.setLong(8, row.nackedVersion());
    put.setString(9, row.nackReason());
    put.setInt(10, row.traffic().sessions());
    put.setString(11, row.traffic().circuit().name());
    put.setLong(12, row.traffic().routedOld());
    put.setLong(13, row.traffic().routedNew());
    put.setLong(14, row.traffic().fallbacks());
    put.setArray(15, put.getConnection().createArrayOf("text", texts(row.notices())));
  }

  /** Those of one service, or all when it is empty; ordered by service and instance. */
  public List<SidecarRow> list(String service) throws StoreException {
    try (Connection connection = database.getConnection();
        PreparedStatement select = connection.prepareStatement(LIST)) {
      select.setString(1, service);
      List<SidecarRow> rows = new ArrayList<>();
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          rows.add(read(row));
        }
      }
      return rows;
    } catch (SQLException e) {
      throw new StoreException("the sidecars could not be read", e);
    }
  }

  private static SidecarRow read(ResultSet row) throws SQLException {
    return new SidecarRow(
        new Identity(
            row.getString("service"), row.getString("instance"), row.getString("build_version")),
        Rows.instant(row, "connected_at"),
        row.getBoolean("connected"),
        Rows.instant(row, "last_seen"),
        row.getLong("acked_version"),
        row.getLong("nacked_version"),
        row.getString("nack_reason"),
        new Traffic(
            row.getInt("sessions"),
            Circuit.valueOf(row.getString("circuit")),
            row.getLong("routed_old"),
            row.getLong("routed_new"),
            row.getLong("fallbacks")),
        notices((String[]) row.getArray("notices").getArray()));
  }

  private static String[] texts(List<Notice> notices) {
    return notices.stream()
        .flatMap(notice -> Stream.of(notice.code(), notice.migration(), notice.message()))
        .toArray(String[]::new);
  }

  private static List<Notice> notices(String[] texts) {
    List<Notice> notices = new ArrayList<>();
    for (int i = 0; i + 2 < texts.length; i += 3) {
      notices.add(new Notice(texts[i], texts[i + 1], texts[i + 2]));
    }
    return notices;
  }

  /** Removes those that were not seen for a day. */
  public void forgetLongGone() throws StoreException {
    try (Connection connection = database.getConnection();
        PreparedStatement delete = connection.prepareStatement(FORGET)) {
      delete.executeUpdate();
    } catch (SQLException e) {
      throw new StoreException("the sidecars could not be forgotten", e);
    }
  }
}
