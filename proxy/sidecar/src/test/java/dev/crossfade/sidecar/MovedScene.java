package dev.crossfade.sidecar;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.testkit.postgres.EmbeddedServer;
import dev.crossfade.testkit.process.Await;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** Two sides whose authority is moved, and a sidecar that nobody tells. */
final class MovedScene implements AutoCloseable {
  private static final String SET = "UPDATE customers SET balance_cents = ? WHERE id = ?";
  private static final String GET = "SELECT balance_cents FROM customers WHERE id = ?";

  final MirroredPair pair = new MirroredPair();
  private final Sidecar sidecar;

  MovedScene() throws Exception {
    this("");
  }

  /**
   * @param more of the sidecar's configuration
   */
  MovedScene(String more) throws Exception {
    sidecar = pair.sides.sidecar("RAMP", "0%", "random", MirroredPair.MIRROR + "\n" + more);
  }

  @Override
  public void close() throws Exception {
    sidecar.close();
    pair.close();
  }

  Connection connect(String more) throws SQLException {
    return connect(Pair.USER, Pair.PASSWORD, more);
  }

  Connection connect(String user, String password, String more) throws SQLException {
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:"
            + sidecar.address().getPort()
            + "/shop?socketTimeout=15&"
            + more,
        user,
        password);
  }

  static int set(Connection connection, long id, long value) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(SET)) {
      statement.setLong(1, value);
      statement.setLong(2, id);
      return statement.executeUpdate();
    }
  }

  static long get(Connection connection, long id) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(GET)) {
      statement.setLong(1, id);
      try (ResultSet result = statement.executeQuery()) {
        assertThat(result.next()).isTrue();
        return result.getLong(1);
      }
    }
  }

  private static String one(EmbeddedServer server, String database, String sql)
      throws SQLException {
    try (Connection connection = server.connect(database);
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      return result.next() ? String.valueOf(result.getString(1)) : "nothing";
    }
  }

  String onOld(String sql) throws SQLException {
    return one(pair.sides.old, "shop", sql);
  }

  String onNew(String sql) throws SQLException {
    return one(pair.sides.target, "shop2", sql);
  }

  void awaitOnOld(String sql, String value) {
    Await.until("it is mirrored back", () -> onOld(sql).equals(value));
  }
}
