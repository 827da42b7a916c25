package dev.crossfade.sql.write;

import java.util.List;
import java.util.Optional;

/**
 * How a statement that writes is carried out where the data is. Immutable.
 *
 * <p>All in one transaction, each statement with a snapshot of its own (READ COMMITTED): the first
 * one locks the rows and notes their keys, the second one reads what they are by then.
 *
 * @param lock its rows are of no interest; empty when nothing that is there is changed
 * @param write gives the rows that RETURNING asks for, or one row with one bigint: how many rows of
 *     the client's table it was about
 * @param answer what the client is told
 */
public record WriteTranslation(Optional<Template> lock, Template write, Answer answer) {
  /**
   * The client's answer.
   *
   * @param tag of its CommandComplete, the number of rows comes behind a blank; such as {@code
   *     INSERT 0}
   * @param rows whether it gets the rows of the last statement; then their number is that of the
   *     tag
   */
  public record Answer(String tag, boolean rows) {}

  /** In the order in which they run. */
  public List<Template> statements() {
    return lock.map(first -> List.of(first, write)).orElseGet(() -> List.of(write));
  }

  /** What it takes in memory, about. */
  public int bytes() {
    return statements().stream().mapToInt(Template::bytes).sum();
  }
}
