package dev.crossfade.bench.rollout.workload;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One statement to be sent.
 *
 * @param statement its place in {@link Workload#statements()}; {@link #CONTROL} for what only
 *     begins or ends a transaction
 * @param sql with {@code ?} for parameters, as JDBC wants it
 * @param parameters as text, whose types the server infers; null is NULL
 */
public record Call(int statement, String sql, List<@Nullable String> parameters) {
  /** Is measured as part of its transaction only. */
  public static final int CONTROL = -1;

  public Call {
    parameters = Collections.unmodifiableList(new ArrayList<>(parameters));
  }

  /** With its parameters in their places, as constants: for EXPLAIN. */
  public String inlined() {
    StringBuilder text = new StringBuilder();
    int next = 0;
    for (int i = 0; i < sql.length(); i++) {
      char c = sql.charAt(i);
      if (c != '?') {
        text.append(c);
        if (c == '\'' || c == '"') {
          int close = close(i, c);
          text.append(sql, i + 1, close);
          i = close - 1;
        }
      } else if (i + 1 < sql.length() && sql.charAt(i + 1) == '?') {
        text.append('?');
        i++;
      } else {
        text.append(literal(parameters.get(next++)));
      }
    }
    return text.toString();
  }

  /** Behind the closing quote. */
  private int close(int open, char quote) {
    int close = sql.indexOf(quote, open + 1);
    return close < 0 ? sql.length() : close + 1;
  }

  /** A constant whose type the server infers, as it does that of a parameter. */
  static String literal(@Nullable String value) {
    return value == null ? "NULL" : '\'' + value.replace("'", "''") + '\'';
  }
}
