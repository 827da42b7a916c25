package dev.crossfade.mirror;

import dev.crossfade.sql.image.KeyQuery;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Walks through all entities of a table in the order of their keys, some at a time. */
final class KeyWalk {
  private final Connection connection;
  private final String first;
  private final String next;
  private final int columns;
  private @Nullable List<String> last;
  private boolean ended;

  /**
   * @param connection in autocommit or not: each step is a statement of its own
   * @param keys gives the keys behind one, or from the first
   */
  KeyWalk(Connection connection, KeyQuery keys) {
    this.connection = connection;
    first = keys.first();
    next = keys.next();
    columns = keys.columns();
  }

  /** Empty at the end. */
  Entities next(int most) throws SQLException {
    List<List<String>> keys = new ArrayList<>();
    if (ended) {
      return new Entities(keys);
    }
    List<String> after = last;
    try (PreparedStatement statement = connection.prepareStatement(after == null ? first : next)) {
      int parameter = 1;
      if (after != null) {
        for (String value : after) {
          statement.setString(parameter++, value);
        }
      }
      statement.setInt(parameter, most);
      try (ResultSet result = statement.executeQuery()) {
        while (result.next()) {
          List<String> key = new ArrayList<>(columns);
          for (int i = 1; i <= columns; i++) {
            key.add(result.getString(i));
          }
          keys.add(key);
        }
      }
    }
    ended = keys.size() < most;
    last = keys.isEmpty() ? after : keys.getLast();
    return new Entities(keys);
  }
}
