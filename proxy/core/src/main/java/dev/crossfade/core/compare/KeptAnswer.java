package dev.crossfade.core.compare;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An answer whose rows were kept to be looked at one by one.
 *
 * @param columns their names
 * @param rows values as text, in the answer's order
 * @param complete whether these are all rows, and not only the first
 */
public record KeptAnswer(List<String> columns, List<Row> rows, boolean complete) {
  public KeptAnswer {
    columns = List.copyOf(columns);
  }

  /** The values of one row, or some of them. */
  public record Row(List<@Nullable String> values) {
    int size() {
      return values.size();
    }

    @Nullable String get(int place) {
      return values.get(place);
    }

    /** The values of some columns. */
    Row of(List<Integer> places) {
      List<@Nullable String> some = new ArrayList<>(places.size());
      for (int place : places) {
        some.add(values.get(place));
      }
      return new Row(some);
    }
  }
}
