package dev.crossfade.mirror;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The rows that a table is to have, column by column, as text. */
final class Image {
  private final List<List<@Nullable String>> columns = new ArrayList<>();
  private int rows;

  Image(int width) {
    for (int i = 0; i < width; i++) {
      columns.add(new ArrayList<>());
    }
  }

  void read(ResultSet result) throws SQLException {
    while (result.next()) {
      rows++;
      for (int i = 0; i < columns.size(); i++) {
        columns.get(i).add(result.getString(i + 1));
      }
    }
  }

  int width() {
    return columns.size();
  }

  int rows() {
    return rows;
  }

  /**
   * Whether each entity has a row, as far as texts tell.
   *
   * @param key the columns that have its key; empty: not known
   */
  boolean hasEach(Entities entities, List<Integer> key) {
    if (key.isEmpty() || rows < entities.size()) {
      return false;
    }
    Set<List<@Nullable String>> there = new HashSet<>();
    for (int row = 0; row < rows; row++) {
      List<@Nullable String> of = new ArrayList<>(key.size());
      for (int column : key) {
        of.add(columns.get(column).get(row));
      }
      there.add(of);
    }
    return there.containsAll(entities.keys());
  }

  @Nullable String[] column(int column) {
    return columns.get(column).toArray(new @Nullable String[0]);
  }
}
