package dev.crossfade.mirror;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/**
 * What one mirror needs of two databases.
 *
 * @param log to the authority, for the mutation log
 * @param reader to the authority, for images
 * @param writer to the other side
 */
record MirrorConnections(Connection log, Connection reader, Connection writer)
    implements AutoCloseable {
  static MirrorConnections open(Endpoint authority, Endpoint receiving) throws SQLException {
    // First the side that may be away: the authority is not asked for nothing.
    Connection writer = receiving.open(Endpoint.Use.WRITE);
    Connection log = null;
    try {
      log = authority.open(Endpoint.Use.WRITE);
      return new MirrorConnections(log, authority.open(Endpoint.Use.READ), writer);
    } catch (SQLException e) {
      quietly(writer);
      if (log != null) {
        quietly(log);
      }
      throw e;
    }
  }

  /**
   * What is forgotten in the log may be there again after a crash of the authority, and is carried
   * once more: nobody has to wait for its disk.
   */
  void forgetLightly() throws SQLException {
    try (Statement statement = log.createStatement()) {
      statement.execute("SET synchronous_commit = off");
    }
    log.commit();
  }

  /**
   * Each round asks the same, and to plan it anew takes the servers longer than to do it, which
   * they would do for ever where a plan for the very values looks a little cheaper.
   */
  void planOnce() throws SQLException {
    for (Connection connection : List.of(log, reader, writer)) {
      try (Statement statement = connection.createStatement()) {
        statement.execute("SET plan_cache_mode = force_generic_plan");
      }
      if (!connection.getAutoCommit()) {
        connection.commit();
      }
    }
  }

  /** Whether one of them can't be used any more. */
  boolean isLost() throws SQLException {
    return log.isClosed() || reader.isClosed() || writer.isClosed();
  }

  @Override
  public void close() {
    quietly(log);
    quietly(reader);
    quietly(writer);
  }

  /** Whatever was open is rolled back by the server: that is what the log is for. */
  static void quietly(Connection connection) {
    try {
      connection.close();
    } catch (SQLException e) {
      return;
    }
  }
}
