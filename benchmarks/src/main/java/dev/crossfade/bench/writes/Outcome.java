package dev.crossfade.bench.writes;

import dev.crossfade.testkit.wire.Frame;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a client is told about a statement. */
sealed interface Outcome {
  /** An error. */
  record Failed(String sqlState, String message) implements Outcome {
    /** Whether the server asks for the whole transaction once more. */
    boolean asksForRetry() {
      return sqlState.equals("40P01") || sqlState.equals("40001");
    }
  }

  /**
   * @param tag with the number of rows
   * @param columns names and types; empty when no rows were asked for
   * @param rows as a multiset, each value as text
   */
  record Done(String tag, List<String> columns, Map<List<@Nullable String>, Integer> rows)
      implements Outcome {
    public Done {
      columns = List.copyOf(columns);
      rows = Map.copyOf(rows);
    }

    /** The number in the tag; 0 when it has none. */
    long count() {
      String number = tag.substring(tag.lastIndexOf(' ') + 1);
      return number.equals("TABLE") ? 0 : Long.parseLong(number);
    }
  }

  /** Whether a client can not tell one from the other. */
  default boolean isLike(Outcome other) {
    return this instanceof Failed failed && other instanceof Failed(String state, String ignored)
        ? failed.sqlState().equals(state)
        : equals(other);
  }

  /** Of the frames up to ReadyForQuery. */
  static Outcome of(List<Frame> frames) {
    List<String> columns = List.of();
    Map<List<@Nullable String>, Integer> rows = new HashMap<>();
    String tag = "";
    for (Frame frame : frames) {
      switch (frame.type()) {
        case 'E' -> {
          return new Failed(frame.sqlState(), frame.fields().getOrDefault('M', ""));
        }
        case 'T' -> columns = columns(frame.body());
        case 'D' -> rows.merge(row(frame), 1, Integer::sum);
        case 'd' ->
            rows.merge(List.of(new String(frame.body(), StandardCharsets.UTF_8)), 1, Integer::sum);
        case 'C' -> tag = frame.tag();
        default -> {}
      }
    }
    return new Done(tag, columns, rows);
  }

  private static List<@Nullable String> row(Frame frame) {
    List<@Nullable String> row = new ArrayList<>();
    for (byte[] value : frame.values()) {
      row.add(value == null ? null : new String(value, StandardCharsets.UTF_8));
    }
    return row;
  }

  private static List<String> columns(byte[] body) {
    ByteBuffer buffer = ByteBuffer.wrap(body);
    List<String> columns = new ArrayList<>();
    for (int i = buffer.getShort(); i > 0; i--) {
      int start = buffer.position();
      int end = start;
      while (body[end] != 0) {
        end++;
      }
      String name = new String(body, start, end - start, StandardCharsets.UTF_8);
      columns.add(name + " " + buffer.getInt(end + 7));
      buffer.position(end + 19);
    }
    return columns;
  }
}
