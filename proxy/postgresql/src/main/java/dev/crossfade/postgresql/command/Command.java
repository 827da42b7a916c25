package dev.crossfade.postgresql.command;

import java.util.List;

/** What a client asks the sidecar itself. */
public sealed interface Command {
  /** {@code SHOW CROSSFADE.<topic>}. */
  record Show(Topic topic) implements Command {}

  /**
   * {@code EXPLAIN CROSSFADE <statement>}.
   *
   * @param from where the statement begins in the text, in bytes
   * @param to where it ends, its semicolon left out
   */
  record Explain(int from, int to) implements Command {
    public static final List<String> COLUMNS = List.of("name", "value");
  }

  /**
   * It begins like a command and is none.
   *
   * @param offset of what is wrong in the text, in bytes
   * @param hint what would be right
   */
  record Mistaken(String message, String hint, int offset) implements Command {}
}
