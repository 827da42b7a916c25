package dev.crossfade.core.compare;

import java.math.BigDecimal;
import java.time.ZoneId;

/** When two values of a column count as equal though they are not the same text. */
public sealed interface ColumnRule {
  /** Always. */
  record Ignore() implements ColumnRule {}

  /** When they are numbers that differ by this at most. */
  record Tolerance(BigDecimal most) implements ColumnRule {}

  /** When they are arrays of the same elements, in any order. */
  record Unordered() implements ColumnRule {}

  /**
   * When they are the same moment.
   *
   * @param zone of values that have no offset of their own
   */
  record SameMoment(ZoneId zone) implements ColumnRule {}
}
