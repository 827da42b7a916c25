package dev.crossfade.inspect.law;

import dev.crossfade.core.schema.TableName;
import dev.crossfade.sql.parse.Lexer;
import dev.crossfade.sql.parse.SqlParser;
import dev.crossfade.sql.parse.StatementOutline.Table;
import dev.crossfade.sql.parse.Tokens;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Puts queries in the place of the tables that a compiled lens's query names. */
final class QueryText {
  private final SqlParser parser = new SqlParser();

  /** What stands for a table. */
  @FunctionalInterface
  interface Replacement {
    /**
     * A query in parentheses; null when the table stays.
     *
     * @param only whether ONLY stands before the table
     */
    @Nullable String of(TableName table, boolean only);
  }

  /**
   * @param query of a compiled lens: every table is qualified
   */
  String replace(String query, Replacement replacement) {
    byte[] text = query.getBytes(StandardCharsets.UTF_8);
    Tokens tokens = new Lexer().lex(text, text.length);
    if (!(parser.parse(text, tokens) instanceof SqlParser.Result.Parsed parsed)) {
      throw new IllegalArgumentException("the lens compiler has parsed this query before");
    }
    StringBuilder result = new StringBuilder();
    int from = 0;
    for (Table table : parsed.outline().tables()) {
      List<String> parts = table.parts();
      TableName name = new TableName(parts.getFirst(), parts.getLast());
      String instead = replacement.of(name, table.only());
      if (instead != null) {
        result.append(string(text, from, tokens.start(table.first())));
        result.append(table.command() ? "SELECT * FROM " : "").append(instead);
        if (table.alias() == null) {
          result.append(" AS ").append(Quoted.name(table.qualifier()));
        }
        from = tokens.end(table.end() - 1);
      }
    }
    return result.append(string(text, from, text.length)).toString();
  }

  /**
   * Puts an expression in the place of a word, such as {@code VALUE} in the constraint of a domain.
   */
  static String replaceWord(String sql, String word, String instead) {
    byte[] text = sql.getBytes(StandardCharsets.UTF_8);
    Tokens tokens = new Lexer().lex(text, text.length);
    StringBuilder result = new StringBuilder();
    int from = 0;
    for (int token = 0; token < tokens.count(); token++) {
      if (tokens.isWord(token, word)) {
        result.append(string(text, from, tokens.start(token))).append(instead);
        from = tokens.end(token);
      }
    }
    return result.append(string(text, from, text.length)).toString();
  }

  private static String string(byte[] text, int from, int to) {
    return new String(text, from, to - from, StandardCharsets.UTF_8);
  }
}
