package dev.crossfade.postgresql.command;

import java.util.List;

/**
 * The rows of an answer.
 *
 * @param notice what the client is told besides; empty for nothing
 */
public record Answer(List<Row> rows, String notice) {
  public Answer {
    rows = List.copyOf(rows);
  }

  public static Answer of(List<Row> rows) {
    return new Answer(rows, "");
  }
}
