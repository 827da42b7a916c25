package dev.crossfade.mirror;

import dev.crossfade.sql.image.KeyQuery;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Walks through all entities of a table in the order of their keys, some at a time, up to the
 * greatest key that there was at the beginning.
 */
final class KeyWalk {
  private final Connection connection;
  private final KeyQuery keys;
  private final @Nullable List<String> bound;
  private @Nullable List<String> last;
  private boolean ended;

  private KeyWalk(
      Connection connection,
      KeyQuery keys,
      @Nullable List<String> after,
      @Nullable List<String> bound) {
    this.connection = connection;
    this.keys = keys;
    this.last = after;
    this.bound = bound;
    this.ended = bound == null;
  }

  static KeyWalk begin(Connection connection, KeyQuery keys) throws SQLException {
    List<List<String>> greatest = query(connection, keys.last(), List.of(), keys.columns());
    return new KeyWalk(connection, keys, null, greatest.isEmpty() ? null : greatest.getFirst());
  }

  /** Goes on where another one has stopped. */
  static KeyWalk resume(
      Connection connection, KeyQuery keys, @Nullable List<String> after, List<String> bound) {
    return new KeyWalk(connection, keys, after, bound);
  }

  /** The same, without those up to this key; null leaves none out. */
  KeyWalk from(@Nullable List<String> after) {
    return new KeyWalk(connection, keys, after, bound);
  }

  /** Null when there was no entity at the beginning. */
  @Nullable List<String> bound() {
    return bound;
  }

  /** The key that was given last. */
  @Nullable List<String> last() {
    return last;
  }

  /** Empty at the end. */
  Entities next(int most) throws SQLException {
    List<String> upTo = bound;
    if (ended || upTo == null) {
      return new Entities(List.of());
    }
    List<String> after = last;
    List<Object> parameters = new ArrayList<>(after == null ? List.of() : after);
    parameters.addAll(upTo);
    parameters.add(most);
    List<List<String>> found =
        query(connection, after == null ? keys.first() : keys.next(), parameters, keys.columns());
    ended = found.size() < most;
    last = found.isEmpty() ? after : found.getLast();
    return new Entities(found);
  }

  private static List<List<String>> query(
      Connection connection, String sql, List<Object> parameters, int columns) throws SQLException {
    List<List<String>> keys = new ArrayList<>();
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < parameters.size(); i++) {
        statement.setObject(i + 1, parameters.get(i));
      }
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
    return keys;
  }
}
