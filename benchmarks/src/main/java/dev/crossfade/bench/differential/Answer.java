package dev.crossfade.bench.differential;

import dev.crossfade.testkit.wire.Frame;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What a server answered to a statement. */
sealed interface Answer {
  /** An error instead of a result, or amid one. */
  record Failed(String sqlState, String message) implements Answer {}

  /** More rows than are compared. */
  record TooLong() implements Answer {}

  /**
   * A result.
   *
   * @param rows as they came over the wire
   */
  record Rows(List<Column> columns, List<Frame> rows) implements Answer {
    public Rows {
      columns = List.copyOf(columns);
      rows = List.copyOf(rows);
    }

    /** Each row, and how often it comes. */
    Map<Frame, Integer> multiset() {
      Map<Frame, Integer> counts = new HashMap<>();
      rows.forEach(row -> counts.merge(row, 1, Integer::sum));
      return counts;
    }
  }

  /**
   * @param type its OID
   * @param modifier such as a length; -1 is none
   */
  record Column(String name, int type, int modifier) {}

  /** Of the frames up to ReadyForQuery. */
  static Answer of(List<Frame> frames) {
    List<Column> columns = List.of();
    List<Frame> rows = new ArrayList<>();
    for (Frame frame : frames) {
      switch (frame.type()) {
        case 'E' -> {
          return new Failed(frame.sqlState(), frame.fields().getOrDefault('M', ""));
        }
        case 's' -> {
          return new TooLong();
        }
        case 'T' -> columns = columns(frame.body());
        case 'D' -> rows.add(frame);
        default -> {}
      }
    }
    return new Rows(columns, rows);
  }

  private static List<Column> columns(byte[] body) {
    ByteBuffer buffer = ByteBuffer.wrap(body);
    List<Column> columns = new ArrayList<>();
    for (int i = buffer.getShort(); i > 0; i--) {
      int start = buffer.position();
      int end = start;
      while (body[end] != 0) {
        end++;
      }
      String name = new String(body, start, end - start, StandardCharsets.UTF_8);
      int type = buffer.getInt(end + 7);
      int modifier = buffer.getInt(end + 13);
      columns.add(new Column(name, type, modifier));
      buffer.position(end + 19);
    }
    return columns;
  }
}
