package dev.crossfade.mirror;

import dev.crossfade.sql.image.SyncPlan;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The authority's log of one group's changed entities. What is taken is gone when the transaction
 * commits, and there again when it does not.
 */
final class MutationLog {
  private static final String TAKE =
      """
      DELETE FROM crossfade.mutation WHERE ctid = ANY (ARRAY(
        SELECT ctid FROM crossfade.mutation
        WHERE entity_group = ? AND (due IS NULL OR due <= clock_timestamp())
        ORDER BY id LIMIT ? FOR UPDATE SKIP LOCKED))
      RETURNING id, key, attempts
      """;

  private static final String PUT_BACK =
      """
      INSERT INTO crossfade.mutation (entity_group, id, key, attempts, due) OVERRIDING SYSTEM VALUE
      VALUES (?, ?, ?, ?, clock_timestamp() + ? * interval '1 millisecond')
      """;

  private static final String BURY =
      """
      INSERT INTO crossfade.dead_letter AS d (entity_group, key, sqlstate, error, attempts)
      VALUES (?, ?, ?, left(?, 2000), ?)
      ON CONFLICT (entity_group, coalesce(key, '{}'))
      DO UPDATE SET sqlstate = excluded.sqlstate, error = excluded.error, attempts = excluded.attempts, at = excluded.at
      """;

  private static final String NUMBER =
      "SELECT number FROM crossfade.entity_group WHERE migration = ? AND name = ?";

  private final Connection connection;
  private final int group;

  /**
   * A logged change.
   *
   * @param key null when any entity of the group may have changed
   * @param attempts how often it has failed
   */
  record Mutation(long id, @Nullable List<String> key, int attempts) {}

  private MutationLog(Connection connection, int group) {
    this.connection = connection;
    this.group = group;
  }

  /**
   * @param connection to the authority, for {@link Endpoint.Use#WRITE}
   * @return null when the authority does not note changes of this group
   */
  static @Nullable MutationLog open(Connection connection, SyncPlan plan) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(NUMBER)) {
      statement.setString(1, plan.migration());
      statement.setString(2, plan.group());
      try (ResultSet result = statement.executeQuery()) {
        return result.next() ? new MutationLog(connection, result.getInt(1)) : null;
      }
    } finally {
      connection.commit();
    }
  }

  /** The oldest that nobody else has taken. */
  List<Mutation> take(int most) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(TAKE)) {
      statement.setInt(1, group);
      statement.setInt(2, most);
      List<Mutation> taken = new ArrayList<>();
      try (ResultSet result = statement.executeQuery()) {
        while (result.next()) {
          Array key = result.getArray(2);
          taken.add(
              new Mutation(
                  result.getLong(1),
                  key == null ? null : List.of((String[]) key.getArray()),
                  result.getInt(3)));
        }
      }
      return taken;
    }
  }

  /** Entities that somebody could not carry by himself. */
  void add(Collection<List<String>> keys) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            "INSERT INTO crossfade.mutation (entity_group, key) VALUES (?, ?)")) {
      for (List<String> key : keys) {
        statement.setInt(1, group);
        statement.setArray(2, connection.createArrayOf("text", key.toArray()));
        statement.addBatch();
      }
      statement.executeBatch();
    }
  }

  /** It has failed and will be tried again. */
  void putBack(Mutation mutation, Duration after) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(PUT_BACK)) {
      statement.setInt(1, group);
      statement.setLong(2, mutation.id());
      statement.setArray(3, key(mutation));
      statement.setInt(4, mutation.attempts() + 1);
      statement.setLong(5, after.toMillis());
      statement.executeUpdate();
    }
  }

  /** It has failed too often: somebody must look at it. */
  void bury(Mutation mutation, SQLException why) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(BURY)) {
      statement.setInt(1, group);
      statement.setArray(2, key(mutation));
      statement.setString(3, why.getSQLState());
      statement.setString(4, why.getMessage());
      statement.setInt(5, mutation.attempts() + 1);
      statement.executeUpdate();
    }
  }

  private @Nullable Array key(Mutation mutation) throws SQLException {
    List<String> key = mutation.key();
    return key == null ? null : connection.createArrayOf("text", key.toArray());
  }

  void commit() throws SQLException {
    connection.commit();
  }

  void rollback() throws SQLException {
    if (!connection.isClosed()) {
      connection.rollback();
    }
  }
}
