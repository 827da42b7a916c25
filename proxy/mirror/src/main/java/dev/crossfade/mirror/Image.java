package dev.crossfade.mirror;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
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

  @Nullable String[] column(int column) {
    return columns.get(column).toArray(new @Nullable String[0]);
  }
}
