package dev.crossfade.bench.rollout.workload;

import dev.crossfade.sql.parse.Tokens;
import java.util.ArrayList;
import java.util.List;

/**
 * A statement with {@code $1} as JDBC wants it.
 *
 * @param jdbc with {@code ?}
 * @param numbers which parameter each of them is, from 1
 */
record Placeholders(String jdbc, List<Integer> numbers) {
  private static final int NUMBER_MAX = 65_535;

  Placeholders {
    numbers = List.copyOf(numbers);
  }

  static Placeholders of(SqlText sql) {
    StringBuilder text = new StringBuilder();
    List<Integer> numbers = new ArrayList<>();
    int from = 0;
    Tokens tokens = sql.tokens();
    for (int token = 0; token < tokens.count(); token++) {
      int start = tokens.start(token);
      int end = tokens.end(token);
      text.append(sql.part(from, start));
      if (tokens.kind(token) == Tokens.PARAMETER) {
        numbers.add(number(tokens.text(token)));
        text.append('?');
      } else if (tokens.kind(token) == Tokens.OPERATOR) {
        text.append(sql.part(start, end).replace("?", "??"));
      } else {
        text.append(sql.part(start, end));
      }
      from = end;
    }
    text.append(sql.part(from, sql.bytes().length));
    return new Placeholders(text.toString(), numbers);
  }

  /** Of a number that the server would refuse there is no value. */
  private static int number(String token) {
    return token.length() > 6 ? NUMBER_MAX : Math.max(1, Integer.parseInt(token.substring(1)));
  }
}
