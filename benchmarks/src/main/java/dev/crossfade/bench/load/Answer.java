package dev.crossfade.bench.load;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGResultSetMetaData;
import org.postgresql.core.Field;

/**
 * Everything a client can see of a result, as bytes: one line per column (name, type, precision,
 * scale, text or binary), then of every row every value as it came over the wire. Two results are
 * the same exactly when these bytes are.
 */
final class Answer {
  private static final int SHOWN_CHARS = 400;
  private static final int NULL = -1;

  private final byte[] bytes;

  private Answer(byte[] bytes) {
    this.bytes = bytes;
  }

  /** Reads the result to its end. */
  static Answer of(ResultSet result) throws SQLException {
    ByteArrayOutputStream out = new ByteArrayOutputStream(512);
    ResultSetMetaData columns = result.getMetaData();
    PGResultSetMetaData formats = columns.unwrap(PGResultSetMetaData.class);
    int count = columns.getColumnCount();
    for (int i = 1; i <= count; i++) {
      boolean inText = formats.getFormat(i) == Field.TEXT_FORMAT;
      String type =
          columns.getColumnTypeName(i)
              + '('
              + columns.getPrecision(i)
              + ','
              + columns.getScale(i)
              + ')';
      String column = columns.getColumnLabel(i) + ' ' + type + (inText ? " text\n" : " binary\n");
      out.writeBytes(column.getBytes(StandardCharsets.UTF_8));
    }
    while (result.next()) {
      for (int i = 1; i <= count; i++) {
        // Whatever the type, the driver hands out the bytes of the DataRow here.
        write(out, result.getBytes(i));
      }
    }
    return new Answer(out.toByteArray());
  }

  private static void write(ByteArrayOutputStream out, byte @Nullable [] value) {
    int length = value == null ? NULL : value.length;
    out.write(length >>> 24);
    out.write(length >>> 16);
    out.write(length >>> 8);
    out.write(length);
    if (value != null) {
      out.writeBytes(value);
    }
  }

  int length() {
    return bytes.length;
  }

  boolean sameAs(Answer other) {
    return Arrays.equals(bytes, other.bytes);
  }

  /** For people: the two answers from shortly before the first difference. */
  static String difference(Answer expected, Answer found) {
    int at = Math.max(0, Arrays.mismatch(expected.bytes, found.bytes));
    int from = Math.max(0, at - 40);
    return "differs at byte %d of %d%n  expected …%s…%n  found    …%s…"
        .formatted(at, expected.bytes.length, expected.shown(from), found.shown(from));
  }

  private String shown(int from) {
    int start = Math.min(from, bytes.length);
    int length = Math.min(SHOWN_CHARS, bytes.length - start);
    StringBuilder text = new StringBuilder();
    for (char c : new String(bytes, start, length, StandardCharsets.UTF_8).toCharArray()) {
      text.append(Character.isISOControl(c) ? '·' : c);
    }
    return text.toString();
  }
}
