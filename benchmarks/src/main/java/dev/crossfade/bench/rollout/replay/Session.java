package dev.crossfade.bench.rollout.replay;

import dev.crossfade.bench.rollout.workload.Call;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/** One client's connection, as a driver would use it. Of one thread. */
final class Session implements AutoCloseable {
  private static final int PREPARED_MAX = 256;
  private static final String BROKEN = "the connection is gone";

  private final Way way;
  private final boolean writes;
  private final Map<String, PreparedStatement> prepared = new LinkedHashMap<>();
  private @Nullable Connection connection;

  /**
   * @param writes whether the database is to let it write
   */
  Session(Way way, boolean writes) throws SQLException {
    this.way = way;
    this.writes = writes;
    connect();
  }

  private void connect() throws SQLException {
    if (way.isNowhere()) {
      return;
    }
    Properties properties = new Properties();
    properties.putAll(way.login());
    properties.setProperty("ApplicationName", "crossfade bench");
    properties.setProperty("connectTimeout", "10");
    properties.setProperty("socketTimeout", "60");
    properties.setProperty("tcpKeepAlive", "true");
    Connection opened = DriverManager.getConnection(way.jdbc(), properties);
    try (Statement statement = opened.createStatement()) {
      // A sidecar keeps sessions with such a setting on old: there it is left to the words of the
      // statements, which were looked at.
      if (!writes && way.isDirect()) {
        statement.execute("SET default_transaction_read_only = on");
      }
      statement.execute("SET statement_timeout = '30s'");
    } catch (SQLException e) {
      opened.close();
      throw e;
    }
    connection = opened;
  }

  /**
   * Runs a transaction.
   *
   * @param due when it was to begin, as of {@link System#nanoTime}
   */
  void run(List<Call> calls, long due, Turn turn) {
    int at = Call.CONTROL;
    try {
      for (Call call : calls) {
        at = call.statement();
        long sent = System.nanoTime();
        send(call);
        turn.statement(at, (System.nanoTime() - sent) / 1e3);
      }
      turn.transaction((System.nanoTime() - due) / 1_000);
    } catch (SQLException e) {
      turn.error(at, e.getSQLState() + " " + e.getMessage());
      recover(calls);
    }
  }

  private void send(Call call) throws SQLException {
    if (way.isNowhere()) {
      return;
    }
    Connection open = connection;
    if (open == null) {
      connect();
      open = connection;
      if (open == null) {
        throw new SQLException(BROKEN, "08003");
      }
    }
    if (call.parameters().isEmpty()) {
      try (Statement statement = open.createStatement()) {
        drain(statement, statement.execute(call.sql().replace("??", "?")));
      }
      return;
    }
    PreparedStatement statement = prepared(open, call.sql());
    for (int i = 0; i < call.parameters().size(); i++) {
      String value = call.parameters().get(i);
      if (value == null) {
        statement.setNull(i + 1, Types.OTHER);
      } else {
        statement.setObject(i + 1, value, Types.OTHER);
      }
    }
    drain(statement, statement.execute());
  }

  private PreparedStatement prepared(Connection open, String sql) throws SQLException {
    PreparedStatement known = prepared.get(sql);
    if (known != null) {
      return known;
    }
    if (prepared.size() >= PREPARED_MAX) {
      String eldest = prepared.keySet().iterator().next();
      PreparedStatement left = prepared.remove(eldest);
      if (left != null) {
        left.close();
      }
    }
    PreparedStatement made = open.prepareStatement(sql);
    prepared.put(sql, made);
    return made;
  }

  private static void drain(Statement statement, boolean hasRows) throws SQLException {
    if (!hasRows) {
      return;
    }
    try (ResultSet rows = statement.getResultSet()) {
      while (rows.next()) {
        // Whoever asks reads what comes.
      }
    }
  }

  /** Ends a failed transaction, or the connection where that fails, too. */
  private void recover(List<Call> calls) {
    Connection open = connection;
    if (open == null) {
      return;
    }
    try {
      if (open.isClosed()) {
        throw new SQLException(BROKEN, "08003");
      }
      if (calls.size() > 1) {
        try (Statement statement = open.createStatement()) {
          statement.execute("ROLLBACK");
        }
      }
    } catch (SQLException e) {
      drop(open);
    }
  }

  private void drop(Connection open) {
    prepared.clear();
    connection = null;
    try {
      open.close();
    } catch (SQLException e) {
      // It is gone already: that was what its transaction failed of, and counted there.
    }
  }

  @Override
  public void close() {
    Connection open = connection;
    if (open != null) {
      drop(open);
    }
  }
}
