package dev.crossfade.postgresql.command;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One row of an answer, a value for each column.
 *
 * @param values null where there is nothing to say
 */
public record Row(List<@Nullable String> values) {
  public static Row of(@Nullable String... values) {
    return new Row(Collections.unmodifiableList(Arrays.asList(values.clone())));
  }
}
