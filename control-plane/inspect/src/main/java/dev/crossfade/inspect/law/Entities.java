package dev.crossfade.inspect.law;

import java.util.List;

/** Which entities a query is about. */
@FunctionalInterface
interface Entities {
  /** All of them. */
  Entities ALL = entity -> "true";

  /**
   * A condition on a table's rows.
   *
   * @param entity the table's columns that are the key
   */
  String condition(List<String> entity);
}
