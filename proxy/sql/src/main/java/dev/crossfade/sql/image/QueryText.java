package dev.crossfade.sql.image;

import dev.crossfade.core.schema.TableName;
import dev.crossfade.sql.lens.Sql;
import dev.crossfade.sql.parse.Lexer;
import dev.crossfade.sql.parse.SqlParser;
import dev.crossfade.sql.parse.StatementOutline.Table;
import dev.crossfade.sql.parse.Tokens;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Puts queries in the place of the tables that a compiled lens's query names. */
public final class QueryText {
  /** Shared, for what it has learnt of the grammar makes it fast; that is bounded. */
  private static final SqlParser PARSER = SqlParser.shared();

  /** Several workers may ask one plan. */
  private final Map<String, List<Part>> parsed = new ConcurrentHashMap<>();

  /**
   * A piece of a query, and the table that follows it.
   *
   * @param table null behind the last
   */
  private record Part(String text, @Nullable Reference table) {}

  /**
   * @param written as it stands in the query, for when it stays
   * @param command whether it is the command {@code TABLE name}
   * @param qualifier the name of its columns when it has no alias; else null
   */
  private record Reference(
      TableName name, String written, boolean only, boolean command, @Nullable String qualifier) {}

  /** What stands for a table. */
  @FunctionalInterface
  public interface Replacement {
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
  public String replace(String query, Replacement replacement) {
    StringBuilder result = new StringBuilder();
    for (Part part : parsed.computeIfAbsent(query, QueryText::parse)) {
      result.append(part.text());
      Reference table = part.table();
      if (table == null) {
        continue;
      }
      String instead = replacement.of(table.name(), table.only());
      if (instead == null) {
        result.append(table.written());
        continue;
      }
      result.append(table.command() ? "SELECT * FROM " : "").append(instead);
      if (table.qualifier() != null) {
        result.append(" AS ").append(Sql.quote(table.qualifier()));
      }
    }
    return result.toString();
  }

  private static List<Part> parse(String query) {
    byte[] text = query.getBytes(StandardCharsets.UTF_8);
    Tokens tokens = new Lexer().lex(text, text.length);
    if (!(PARSER.parse(text, tokens) instanceof SqlParser.Result.Parsed parsed)) {
      throw new IllegalArgumentException("the lens compiler has parsed this query before");
    }
    List<Part> parts = new ArrayList<>();
    int from = 0;
    for (Table table : parsed.outline().tables()) {
      List<String> names = table.parts();
      int start = tokens.start(table.first());
      int end = tokens.end(table.end() - 1);
      Reference reference =
          new Reference(
              new TableName(names.getFirst(), names.getLast()),
              string(text, start, end),
              table.only(),
              table.command(),
              table.alias() == null ? table.qualifier() : null);
      parts.add(new Part(string(text, from, start), reference));
      from = end;
    }
    parts.add(new Part(string(text, from, text.length), null));
    return parts;
  }

  /**
   * Puts an expression in the place of a word, such as {@code VALUE} in the constraint of a domain.
   */
  public static String replaceWord(String sql, String word, String instead) {
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
