package dev.crossfade.sql.image;

import dev.crossfade.sql.parse.Lexer;
import dev.crossfade.sql.parse.Tokens;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.List;

/** SQL in which a {@code ?} is a parameter, and the operators that have one in their name. */
public final class JdbcText {
  private JdbcText() {}

  /**
   * Puts names in the place of the parameters, and operators back as they were.
   *
   * @param names one for each parameter, in their order
   */
  public static String bind(String sql, List<String> names) {
    byte[] text = sql.getBytes(StandardCharsets.UTF_8);
    Tokens tokens = new Lexer().lex(text, text.length);
    StringBuilder bound = new StringBuilder();
    Iterator<String> next = names.iterator();
    int from = 0;
    for (int token = 0; token < tokens.count(); token++) {
      if (tokens.kind(token) == Tokens.OPERATOR) {
        String operator = tokens.text(token);
        bound.append(new String(text, from, tokens.start(token) - from, StandardCharsets.UTF_8));
        bound.append(operator.equals("?") ? next.next() : operator.replace("??", "?"));
        from = tokens.end(token);
      }
    }
    if (next.hasNext()) {
      throw new IllegalArgumentException(names.size() + " names for fewer parameters");
    }
    return bound
        .append(new String(text, from, text.length - from, StandardCharsets.UTF_8))
        .toString();
  }

  /** Doubles the question marks of operators, such as that of jsonb. */
  static String escape(String sql) {
    if (sql.indexOf('?') < 0) {
      return sql;
    }
    byte[] text = sql.getBytes(StandardCharsets.UTF_8);
    Tokens tokens = new Lexer().lex(text, text.length);
    StringBuilder escaped = new StringBuilder();
    int from = 0;
    for (int token = 0; token < tokens.count(); token++) {
      if (tokens.kind(token) == Tokens.OPERATOR) {
        escaped.append(new String(text, from, tokens.start(token) - from, StandardCharsets.UTF_8));
        escaped.append(tokens.text(token).replace("?", "??"));
        from = tokens.end(token);
      }
    }
    return escaped
        .append(new String(text, from, text.length - from, StandardCharsets.UTF_8))
        .toString();
  }
}
