package dev.crossfade.postgresql.command;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One row of an answer, a value for each column.
 *
 * @param values null where there is nothing to say
 */
public record Row(List<@Nullable String> values) {
  public static Row of(@Nullable String... values) {
    List<@Nullable String> row = new ArrayList<>(values.length);
    for (@Nullable String value : values) {
      row.add(value);
    }
    return new Row(row);
  }
}
