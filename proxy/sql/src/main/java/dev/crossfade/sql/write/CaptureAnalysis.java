package dev.crossfade.sql.write;

import java.util.List;

/** How a statement is sent so that what it changes is logged with it. */
public sealed interface CaptureAnalysis {
  /** It changes no watched table: it is sent as it came. */
  record Untouched() implements CaptureAnalysis {}

  /**
   * Its changes cannot be logged.
   *
   * @param code stable
   * @param token where the reason stands
   * @param detail what it is, why, and what would be right
   */
  record Refused(String code, int token, String detail) implements CaptureAnalysis {}

  record Logged(WriteTranslation translation) implements CaptureAnalysis {}

  /** It returns rows, whose columns are still to be named. */
  record Returning(Named named) implements CaptureAnalysis {}

  /** Waits for the names of columns. */
  interface Named {
    /**
     * @param columns as the client is to see them
     */
    WriteTranslation with(List<String> columns);
  }
}
