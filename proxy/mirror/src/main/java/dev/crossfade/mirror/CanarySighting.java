package dev.crossfade.mirror;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A migration's canary as one side has it.
 *
 * @param token tells it from others
 * @param at when it was sent
 */
public record CanarySighting(long token, Instant at) {
  private static final String KNOWN =
      "SELECT COALESCE(has_table_privilege(to_regclass('crossfade.canary'), 'SELECT'), false)";

  private static final String READ =
      "SELECT token, (extract(epoch FROM at) * 1000)::bigint FROM crossfade.canary WHERE migration"
          + " = ?";

  /** Null when none was ever there, or a former version was installed. */
  static @Nullable CanarySighting read(Connection side, String migration) throws SQLException {
    try (Statement known = side.createStatement();
        ResultSet result = known.executeQuery(KNOWN)) {
      if (!result.next() || !result.getBoolean(1)) {
        return null;
      }
    }
    try (PreparedStatement statement = side.prepareStatement(READ)) {
      statement.setString(1, migration);
      try (ResultSet result = statement.executeQuery()) {
        return result.next()
            ? new CanarySighting(result.getLong(1), Instant.ofEpochMilli(result.getLong(2)))
            : null;
      }
    }
  }
}
