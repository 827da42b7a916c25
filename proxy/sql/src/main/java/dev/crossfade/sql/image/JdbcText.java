package dev.crossfade.sql.image;

import dev.crossfade.sql.parse.Lexer;
import dev.crossfade.sql.parse.Tokens;
import java.nio.charset.StandardCharsets;

/** SQL in which a {@code ?} is a parameter, and the operators that have one in their name. */
final class JdbcText {
  private JdbcText() {}

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
