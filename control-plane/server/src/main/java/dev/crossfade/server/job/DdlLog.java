package dev.crossfade.server.job;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;

/**
 * Which statements were run on a database, kept there: so that each is noted in the transaction
 * that it was run in. One apply of a migration at a time has it open.
 */
final class DdlLog {
  private static final String LOCK =
      "SELECT pg_try_advisory_lock(hashtextextended('crossfade/apply/' || ?, 0))";
  private static final String CREATE =
      """
      CREATE SCHEMA IF NOT EXISTS crossfade;
      CREATE TABLE IF NOT EXISTS crossfade.applied (
        migration text NOT NULL,
        hash text NOT NULL,
        done boolean NOT NULL,
        at timestamptz NOT NULL DEFAULT clock_timestamp(),
        PRIMARY KEY (migration, hash))
      """;
  private static final String NOTE =
      """
      INSERT INTO crossfade.applied (migration, hash, done) VALUES (?, ?, ?)
      ON CONFLICT (migration, hash) DO UPDATE SET done = excluded.done, at = clock_timestamp()
      """;

  private final Connection connection;
  private final String migration;
  private final Map<String, Boolean> noted = new HashMap<>();

  private DdlLog(Connection connection, String migration) {
    this.connection = connection;
    this.migration = migration;
  }

  /**
   * @param connection in autocommit; whoever closes it lets others apply
   */
  static DdlLog open(Connection connection, String migration) throws SQLException {
    try (PreparedStatement lock = connection.prepareStatement(LOCK)) {
      lock.setString(1, migration);
      try (ResultSet result = lock.executeQuery()) {
        result.next();
        if (!result.getBoolean(1)) {
          throw new SQLException(
              "another apply of " + migration + " is at work there", JobTarget.NOT_NOW);
        }
      }
    }
    DdlLog log = new DdlLog(connection, migration);
    log.create();
    log.read();
    return log;
  }

  private void create() throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet table = statement.executeQuery("SELECT to_regclass('crossfade.applied')")) {
      table.next();
      if (table.getString(1) == null) {
        statement.execute(CREATE);
      }
    }
  }

  private void read() throws SQLException {
    try (PreparedStatement select =
        connection.prepareStatement(
            "SELECT hash, done FROM crossfade.applied WHERE migration = ?")) {
      select.setString(1, migration);
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          noted.put(row.getString(1), row.getBoolean(2));
        }
      }
    }
  }

  /** As if none of it had been run. */
  void clear() throws SQLException {
    try (PreparedStatement delete =
        connection.prepareStatement("DELETE FROM crossfade.applied WHERE migration = ?")) {
      delete.setString(1, migration);
      delete.executeUpdate();
    }
    noted.clear();
  }

  boolean isDone(DdlFile.Statement statement) {
    return noted.getOrDefault(statement.hash(), false);
  }

  /** Whether it was run outside a transaction, and nobody knows how far it came. */
  boolean isBegun(DdlFile.Statement statement) {
    return noted.containsKey(statement.hash()) && !isDone(statement);
  }

  /** Counts with the transaction that it is part of. */
  void note(DdlFile.Statement statement, boolean done) throws SQLException {
    try (PreparedStatement insert = connection.prepareStatement(NOTE)) {
      insert.setString(1, migration);
      insert.setString(2, statement.hash());
      insert.setBoolean(3, done);
      insert.executeUpdate();
    }
    noted.put(statement.hash(), done);
  }
}
