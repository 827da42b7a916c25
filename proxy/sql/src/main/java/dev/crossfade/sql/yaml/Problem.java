package dev.crossfade.sql.yaml;

/**
 * One thing that is wrong with a file, said so that its author can put it right without reading code.
 *
 * @param source the file's name as the user gave it
 * @param line counted from 1; 0 when the problem has no place in the file
 * @param column counted from 1; 0 when the problem has no place in the file
 * @param path such as {@code spec.old.customers.down}; empty for the whole document
 * @param message what is wrong; what would be right
 */
public record Problem(String source, int line, int column, String path, String message) {
  /** {@code file.yaml:12:5 spec.old.customers.down: what is wrong; what would be right}. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(source);
    if (line > 0) {
      text.append(':').append(line).append(':').append(column);
    }
    if (path.isEmpty()) {
      text.append(':');
    } else {
      text.append(' ').append(path).append(':');
    }
    return text.append(' ').append(message).toString();
  }
}
