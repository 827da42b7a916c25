package dev.crossfade.sql.yaml;

/**
 * Where something was written, kept for problems that show only later.
 *
 * @param source the file's name as the user gave it
 * @param line counted from 1
 * @param column counted from 1
 * @param path such as {@code spec.old.customers}
 */
public record Place(String source, int line, int column, String path) {
  /**
   * @param message what is wrong; what would be right
   */
  public Problem problem(String message) {
    return new Problem(source, line, column, path, message);
  }
}
