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
public record KeptAnswer(
    List<String> columns, List<List<@Nullable String>> rows, boolean complete) {
  public KeptAnswer {
    columns = List.copyOf(columns);
  }

  /** The values of some columns of one row. */
  List<@Nullable String> values(List<@Nullable String> row, List<Integer> places) {
    List<@Nullable String> some = new ArrayList<>(places.size());
    places.forEach(place -> some.add(row.get(place)));
    return some;
  }
}
