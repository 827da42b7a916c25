package dev.crossfade.mirror;

import dev.crossfade.core.migration.Side;
import dev.crossfade.mirror.Backfill.Position;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where a migration's backfill stands, kept on the authority. One at a time has it open. */
final class BackfillLog {
  /** SQLSTATE of the mirror's own: somebody else does it. */
  static final String BUSY = "CF003";

  private static final String LOCK =
      "SELECT pg_try_advisory_lock(hashtextextended('crossfade/backfill/' || ?, 0))";

  private static final String FIND =
      "SELECT after, up_to, entities, failed FROM crossfade.backfill WHERE migration = ? AND"
          + " relation = ?";

  private static final String NOTE =
      """
      INSERT INTO crossfade.backfill AS b (migration, relation, after, up_to, entities, failed)
      VALUES (?, ?, ?, ?, ?, ?)
      ON CONFLICT (migration, relation) DO UPDATE
      SET after = excluded.after, entities = excluded.entities, failed = excluded.failed, at = clock_timestamp()
      """;

  private final Connection connection;
  private final String migration;

  private BackfillLog(Connection connection, String migration) {
    this.connection = connection;
    this.migration = migration;
  }

  /**
   * @param connection to the authority; whoever closes it lets others do it
   */
  static BackfillLog open(Connection connection, String migration) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(LOCK)) {
      statement.setString(1, migration);
      try (ResultSet result = statement.executeQuery()) {
        result.next();
        if (!result.getBoolean(1)) {
          throw new SQLException("another backfill of " + migration + " is running", BUSY);
        }
      }
    }
    connection.commit();
    return new BackfillLog(connection, migration);
  }

  /**
   * Notes where a backfill begins; nothing where the side has not the authority, for such a note
   * would keep it from coming back.
   *
   * @param authority the side of this log
   * @param again whether what an earlier one has noted is forgotten
   */
  void begin(Side authority, List<Position> positions, boolean again) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement("SELECT crossfade.begin_applying(?, ?)")) {
      statement.setString(1, migration);
      statement.setString(2, authority.name());
      statement.execute();
    }
    if (again) {
      try (PreparedStatement statement =
          connection.prepareStatement("DELETE FROM crossfade.backfill WHERE migration = ?")) {
        statement.setString(1, migration);
        statement.executeUpdate();
      }
    }
    for (Position position : positions) {
      write(position);
    }
    connection.commit();
  }

  /** Null when there was nothing in that table when it began. */
  @Nullable Position position(String table) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(FIND)) {
      statement.setString(1, migration);
      statement.setString(2, table);
      try (ResultSet result = statement.executeQuery()) {
        return result.next()
            ? new Position(
                table,
                key(result.getArray(1)),
                List.of((String[]) result.getArray(2).getArray()),
                result.getLong(3),
                result.getLong(4))
            : null;
      }
    } finally {
      connection.commit();
    }
  }

  private static @Nullable List<String> key(@Nullable Array key) throws SQLException {
    return key == null ? null : List.of((String[]) key.getArray());
  }

  void note(Position position) throws SQLException {
    write(position);
    connection.commit();
  }

  private void write(Position position) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(NOTE)) {
      List<String> after = position.after();
      statement.setString(1, migration);
      statement.setString(2, position.table());
      statement.setArray(
          3, after == null ? null : connection.createArrayOf("text", after.toArray()));
      statement.setArray(4, connection.createArrayOf("text", position.upTo().toArray()));
      statement.setLong(5, position.entities());
      statement.setLong(6, position.failed());
      statement.executeUpdate();
    }
  }

  /** How many changes wait to be carried. */
  long pending() throws SQLException {
    return LogState.read(connection, migration).pending();
  }
}
