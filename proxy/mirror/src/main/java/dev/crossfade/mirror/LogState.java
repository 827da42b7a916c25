package dev.crossfade.mirror;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;

/**
 * A migration's mutation log at one moment; without its canary, for which nobody waits.
 *
 * @param pending how many changes the other side may lack; counted up to {@link #MOST_COUNTED}
 * @param oldest the id of the oldest of them; {@link Long#MAX_VALUE} when there is none
 * @param last an id that none logged before this moment exceeds
 * @param lag for how long the oldest has waited
 * @param deadLetters entities that were given up
 */
public record LogState(long pending, long oldest, long last, Duration lag, long deadLetters) {
  public static final int MOST_COUNTED = 10_000;

  private static final String QUERY =
      """
      WITH groups AS (SELECT number FROM crossfade.entity_group WHERE migration = ? AND name <> 'crossfade.canary'),
      oldest AS (
        SELECT m.id, m.at FROM groups CROSS JOIN LATERAL (
          SELECT id, at FROM crossfade.mutation WHERE entity_group = number ORDER BY id LIMIT 1) AS m
        ORDER BY m.id LIMIT 1)
      SELECT
        (SELECT count(*) FROM (SELECT FROM groups JOIN crossfade.mutation ON entity_group = number LIMIT ?) AS p),
        (SELECT id FROM oldest),
        (SELECT last_value FROM crossfade.mutation_id_seq),
        (SELECT extract(epoch FROM clock_timestamp() - at) * 1000 FROM oldest)::bigint,
        (SELECT count(*) FROM groups JOIN crossfade.dead_letter ON entity_group = number)
      """;

  /** Whether everything has been carried. */
  public boolean isEmpty() {
    return oldest == Long.MAX_VALUE;
  }

  /**
   * @param authority not in autocommit
   */
  static LogState read(Connection authority, String migration) throws SQLException {
    try {
      return of(authority, migration);
    } finally {
      authority.commit();
    }
  }

  /** In a transaction that goes on. */
  static LogState of(Connection authority, String migration) throws SQLException {
    try (PreparedStatement statement = authority.prepareStatement(QUERY)) {
      statement.setString(1, migration);
      statement.setInt(2, MOST_COUNTED);
      try (ResultSet result = statement.executeQuery()) {
        result.next();
        long oldest = result.getLong(2);
        boolean none = result.wasNull();
        return new LogState(
            result.getLong(1),
            none ? Long.MAX_VALUE : oldest,
            result.getLong(3),
            Duration.ofMillis(Math.max(0, result.getLong(4))),
            result.getLong(5));
      }
    }
  }
}
