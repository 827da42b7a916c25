package dev.crossfade.bench.load;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.SplittableRandom;

/** What clients write: tables that no migration maps, as pgbench does, and an audit trail. */
final class Writes {
  private static final int ACCOUNTS = 100_000;
  private static final int TELLERS = 10;

  private Writes() {}

  /** One of the writes, by chance. */
  static void some(Connection connection, SplittableRandom random) throws SQLException {
    int account = 1 + random.nextInt(ACCOUNTS);
    int teller = 1 + random.nextInt(TELLERS);
    int delta = random.nextInt(-5000, 5000);
    switch (random.nextInt(4)) {
      case 0 ->
          update(
              connection,
              "UPDATE pgbench_accounts SET abalance = abalance + ? WHERE aid = ?",
              delta,
              account);
      case 1 -> history(connection, teller, account, delta);
      case 2 -> audit(connection, account);
      default -> transfer(connection, teller, account, delta);
    }
  }

  /**
   * The transaction of pgbench, without the one row of branches that all clients would queue for.
   */
  private static void transfer(Connection connection, int teller, int account, int delta)
      throws SQLException {
    connection.setAutoCommit(false);
    update(
        connection,
        "UPDATE pgbench_accounts SET abalance = abalance + ? WHERE aid = ?",
        delta,
        account);
    update(
        connection,
        "UPDATE pgbench_tellers SET tbalance = tbalance + ? WHERE tid = ?",
        delta,
        teller);
    history(connection, teller, account, delta);
    connection.commit();
    connection.setAutoCommit(true);
  }

  private static void history(Connection connection, int teller, int account, int delta)
      throws SQLException {
    update(
        connection,
        "INSERT INTO pgbench_history (tid, bid, aid, delta, mtime) VALUES (?, 1, ?, ?,"
            + " CURRENT_TIMESTAMP)",
        teller,
        account,
        delta);
  }

  private static void audit(Connection connection, int account) throws SQLException {
    String sql = "INSERT INTO audit (actor, what) VALUES (?, ?)";
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < 3; i++) {
        statement.setString(1, "clerk " + account % 7);
        statement.setString(2, "looked at account " + (account + i));
        statement.addBatch();
      }
      statement.executeBatch();
    }
  }

  private static void update(Connection connection, String sql, int... values) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < values.length; i++) {
        statement.setInt(i + 1, values[i]);
      }
      if (statement.executeUpdate() != 1) {
        throw new SQLException("one row was to change: " + sql);
      }
    }
  }
}
