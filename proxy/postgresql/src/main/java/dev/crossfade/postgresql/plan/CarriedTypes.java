package dev.crossfade.postgresql.plan;

import dev.crossfade.postgresql.type.Layout;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The user-made types of a plan's parameters and columns, which have other OIDs on the side that
 * answers.
 *
 * @param parameterTypes OIDs on the side that answers
 * @param columnTypes the same of the columns
 * @param seenParameters of the client's side, with the base of a domain in its place, and a
 *     timestamp for what may hold a moment
 * @param parameters where their binary values hold OIDs; null where nowhere
 * @param columns the same of the columns
 */
public record CarriedTypes(
    int[] parameterTypes,
    int[] columnTypes,
    int[] seenParameters,
    @Nullable Layout[] parameters,
    @Nullable Layout[] columns) {

  /** Whether binary values of some parameter are changed on their way. */
  public boolean changesParameters() {
    return Stream.of(parameters).anyMatch(Objects::nonNull);
  }

  /** Whether binary values of some column are changed on their way. */
  public boolean changesColumns() {
    return Stream.of(columns).anyMatch(Objects::nonNull);
  }

  int bytes() {
    return 64 + 12 * parameterTypes.length + 8 * columnTypes.length;
  }
}
