package dev.crossfade.inspect.finding;

/**
 * A row that shows what a finding says.
 *
 * @param key of the row or the entity, as {@code id=7}
 * @param detail the column and the kind of difference; values only where they were asked for
 */
public record Example(String key, String detail) {
  @Override
  public String toString() {
    return key + ": " + detail;
  }
}
