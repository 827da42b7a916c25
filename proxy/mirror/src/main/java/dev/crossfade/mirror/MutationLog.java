package dev.crossfade.mirror;

import dev.crossfade.core.schema.TableName;
import dev.crossfade.sql.image.EntityGroup;
import dev.crossfade.sql.image.SyncPlan;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
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
        WHERE entity_group = ? AND key IS NOT NULL AND (due IS NULL OR due <= clock_timestamp())
        ORDER BY id LIMIT ? FOR UPDATE SKIP LOCKED))
      RETURNING id, key, attempts, %s;
      SELECT EXISTS (SELECT FROM crossfade.mutation WHERE entity_group = g.n AND key IS NULL),
        EXISTS (SELECT FROM crossfade.dead_letter WHERE entity_group = g.n)
      FROM (SELECT ? AS n) AS g
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
  private final int columns;
  private final BypassLog bypass;

  /**
   * A logged change.
   *
   * @param attempts how often it has failed
   * @param bypass who wrote it past every sidecar; null when nobody did
   */
  record Mutation(long id, List<String> key, int attempts, @Nullable String bypass) {}

  /**
   * @param mutations of single entities
   * @param markers whether there are also rows that stand for any entity
   * @param deadLetters whether any entity has been given up
   */
  record Taken(List<Mutation> mutations, boolean markers, boolean deadLetters) {}

  private MutationLog(Connection connection, int group, int columns, BypassLog bypass) {
    this.connection = connection;
    this.group = group;
    this.columns = columns;
    this.bypass = bypass;
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
        if (!result.next()) {
          return null;
        }
        int group = result.getInt(1);
        return new MutationLog(
            connection,
            group,
            plan.keys().types().size(),
            new BypassLog(connection, group, tables(plan)));
      }
    } finally {
      connection.commit();
    }
  }

  private static String tables(SyncPlan plan) {
    return Stream.concat(plan.captured().keySet().stream(), plan.consulted().stream())
        .sorted(EntityGroup.BY_NAME)
        .map(TableName::toString)
        .distinct()
        .collect(Collectors.joining(", "));
  }

  /** The oldest that nobody else has taken. */
  Taken take(int most) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(TAKE.formatted(bypass.column()))) {
      statement.setInt(1, group);
      statement.setInt(2, most);
      statement.setInt(3, group);
      statement.execute();
      List<Mutation> taken = new ArrayList<>();
      try (ResultSet result = statement.getResultSet()) {
        while (result.next()) {
          List<String> key = List.of((String[]) result.getArray(2).getArray());
          taken.add(new Mutation(result.getLong(1), key, result.getInt(3), result.getString(4)));
        }
      }
      statement.getMoreResults();
      try (ResultSet rest = statement.getResultSet()) {
        rest.next();
        return new Taken(taken, rest.getBoolean(1), rest.getBoolean(2));
      }
    }
  }

  /** Entities that are to be carried, whether or not they have changed. */
  void add(Entities entities) throws SQLException {
    update(
        "INSERT INTO crossfade.mutation (entity_group, key) SELECT CAST(? AS int), key FROM k",
        entities);
  }

  /** Entities that have been carried, and need nobody's attention any more. */
  void forgive(Entities entities) throws SQLException {
    update(
        "DELETE FROM crossfade.dead_letter AS d USING k"
            + " WHERE d.entity_group = ? AND coalesce(d.key, '{}') = k.key",
        entities);
  }

  /**
   * @param sql over the entities' keys, {@code k}; its parameter is the group
   */
  private void update(String sql, Entities entities) throws SQLException {
    if (entities.size() == 0) {
      return;
    }
    String names =
        IntStream.range(0, columns).mapToObj(i -> "k" + i).collect(Collectors.joining(", "));
    String arrays = String.join(", ", Collections.nCopies(columns, "CAST(? AS text[])"));
    String keys = "SELECT ARRAY[" + names + "] FROM unnest(" + arrays + ") AS u (" + names + ')';
    try (PreparedStatement statement =
        connection.prepareStatement("WITH k (key) AS (" + keys + ") " + sql)) {
      for (int i = 0; i < columns; i++) {
        statement.setArray(i + 1, connection.createArrayOf("text", entities.column(i)));
      }
      statement.setInt(columns + 1, group);
      statement.executeUpdate();
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

  private Array key(Mutation mutation) throws SQLException {
    return connection.createArrayOf("text", mutation.key().toArray());
  }

  /** Who writes the group's tables past every sidecar. */
  BypassLog bypass() {
    return bypass;
  }

  Connection connection() {
    return connection;
  }

  /** Its number on this authority. */
  int group() {
    return group;
  }

  void commit() throws SQLException {
    connection.commit();
  }
}
