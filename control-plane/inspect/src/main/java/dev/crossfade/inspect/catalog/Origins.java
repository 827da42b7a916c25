package dev.crossfade.inspect.catalog;

import dev.crossfade.core.schema.TableName;
import dev.crossfade.inspect.database.Database;
import dev.crossfade.inspect.database.Database.ResultColumn;
import dev.crossfade.inspect.database.QueryException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which columns of a lens's query are columns of a table of the other side as they stand.
 *
 * @param columns all that the query gives
 */
record Origins(Map<String, ResultColumn> columns) {
  Origins {
    columns = Map.copyOf(columns);
  }

  /** A column of a table. */
  record Place(TableName table, String column) {
    @Override
    public String toString() {
      return table + "." + column;
    }
  }

  /**
   * @throws QueryException when the server does not take the query
   */
  static Origins read(Database database, String query) throws QueryException {
    Map<String, ResultColumn> columns = new HashMap<>();
    for (ResultColumn column : database.describe(query)) {
      columns.put(column.name(), column);
    }
    return new Origins(columns);
  }

  /** Empty when the column is computed. */
  Optional<Place> of(String column) {
    ResultColumn result = columns.get(column);
    return result == null || result.table() == null
        ? Optional.empty()
        : Optional.of(new Place(result.table(), result.origin()));
  }

  /** Where all of some columns come from; empty when one is computed, or they are of two tables. */
  Optional<List<Place>> ofAll(List<String> names) {
    List<Place> places = names.stream().flatMap(name -> of(name).stream()).toList();
    boolean one = places.stream().map(Place::table).distinct().count() == 1;
    return one && places.size() == names.size() ? Optional.of(places) : Optional.empty();
  }
}
