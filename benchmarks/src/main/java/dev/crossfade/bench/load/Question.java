package dev.crossfade.bench.load;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;

/**
 * A query with its values, and its place in the list of questions.
 *
 * @param parameters each a Long or a String
 */
public record Question(int number, ReadQuery query, List<Object> parameters) {
  public Question {
    parameters = List.copyOf(parameters);
  }

  void bind(PreparedStatement statement) throws SQLException {
    for (int i = 0; i < parameters.size(); i++) {
      switch (parameters.get(i)) {
        case Long number -> statement.setLong(i + 1, number);
        case String text -> statement.setString(i + 1, text);
        default -> throw new IllegalStateException("a parameter is neither a Long nor a String");
      }
    }
  }
}
