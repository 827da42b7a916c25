package dev.crossfade.sql.lens;

import dev.crossfade.sql.parse.Lexer;
import dev.crossfade.sql.parse.Tokens;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;

/**
 * Breaks a query on one line into the lines that people would have written. Only blanks change; a
 * query that has lines already keeps them.
 */
final class SqlLayout {
  private static final Set<String> CLAUSES =
      Set.of(
          "FROM",
          "WHERE",
          "GROUP",
          "HAVING",
          "WINDOW",
          "ORDER",
          "LIMIT",
          "OFFSET",
          "FETCH",
          "UNION",
          "INTERSECT",
          "EXCEPT",
          "SELECT");

  private static final Set<String> JOINS =
      Set.of("JOIN", "LEFT", "RIGHT", "FULL", "INNER", "CROSS", "NATURAL", "OUTER");

  private final Tokens tokens;
  private final byte[] text;

  private SqlLayout(byte[] text) {
    this.text = text;
    this.tokens = new Lexer().lex(text, text.length);
  }

  static String of(String sql) {
    return sql.indexOf('\n') >= 0
        ? sql
        : new SqlLayout(sql.getBytes(StandardCharsets.UTF_8)).lines();
  }

  private String lines() {
    StringBuilder lines = new StringBuilder();
    int depth = 0;
    int behind = 0;
    boolean list = false;
    for (int token = 0; token < tokens.count(); token++) {
      String gap = text(behind, tokens.start(token));
      boolean comma = token > 0 && list && depth == 0 && tokens.isPunctuation(token - 1, ',');
      boolean clause = depth == 0 && beginsClause(token);
      if (clause && token > 0) {
        gap = gap.stripTrailing() + '\n';
      } else if (comma) {
        gap = gap.stripTrailing() + "\n       ";
      }
      list = clause ? tokens.isWord(token, "SELECT") : list;
      lines.append(gap).append(tokens.text(token));
      behind = tokens.end(token);
      depth += opens(token) ? 1 : closes(token) ? -1 : 0;
    }
    return lines.append(text(behind, text.length)).toString();
  }

  private boolean beginsClause(int token) {
    String word = word(token);
    String before = token == 0 ? "" : word(token - 1);
    if (CLAUSES.contains(word)) {
      boolean phrase = word.equals("FROM") && before.equals("DISTINCT");
      return !phrase && !before.equals("WITHIN") && !before.equals("AS");
    }
    boolean function = token + 1 < tokens.count() && tokens.isPunctuation(token + 1, '(');
    boolean join = JOINS.contains(word) && !JOINS.contains(before) && !before.equals("AS");
    return join && (word.equals("JOIN") || !function);
  }

  private String word(int token) {
    return tokens.kind(token) == Tokens.IDENTIFIER
        ? tokens.text(token).toUpperCase(Locale.ROOT)
        : "";
  }

  private boolean opens(int token) {
    return tokens.isPunctuation(token, '(') || tokens.isPunctuation(token, '[');
  }

  private boolean closes(int token) {
    return tokens.isPunctuation(token, ')') || tokens.isPunctuation(token, ']');
  }

  private String text(int from, int to) {
    return new String(text, from, to - from, StandardCharsets.UTF_8);
  }
}
