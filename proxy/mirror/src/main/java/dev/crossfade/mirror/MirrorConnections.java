package dev.crossfade.mirror;

import java.sql.Connection;
import java.sql.SQLException;

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
    Connection log = authority.open(Endpoint.Use.WRITE);
    Connection reader = null;
    try {
      reader = authority.open(Endpoint.Use.READ);
      return new MirrorConnections(log, reader, receiving.open(Endpoint.Use.WRITE));
    } catch (SQLException e) {
      quietly(log);
      if (reader != null) {
        quietly(reader);
      }
      throw e;
    }
  }

  @Override
  public void close() {
    quietly(log);
    quietly(reader);
    quietly(writer);
  }

  /** Whatever was open is rolled back by the server: that is what the log is for. */
  private static void quietly(Connection connection) {
    try {
      connection.close();
    } catch (SQLException e) {
      return;
    }
  }
}
