package dev.crossfade.sql.write;

import dev.crossfade.core.schema.TableName;
import dev.crossfade.sql.lens.Sql;
import dev.crossfade.sql.lens.Translation;
import dev.crossfade.sql.lens.Translation.Splice;
import dev.crossfade.sql.parse.Lexer;
import dev.crossfade.sql.parse.SqlParser;
import dev.crossfade.sql.parse.StatementOutline.Output;
import dev.crossfade.sql.parse.StatementOutline.Table;
import dev.crossfade.sql.parse.Tokens;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A lens query whose tables can be replaced by other queries. */
final class Substitution {
  /** Words with which a query may give no row for a row that it reads. */
  private static final Set<String> DROPPING =
      Set.of(
          "WHERE",
          "GROUP",
          "HAVING",
          "LIMIT",
          "OFFSET",
          "FETCH",
          "UNION",
          "INTERSECT",
          "EXCEPT",
          "DISTINCT",
          "JOIN",
          "WITH",
          "COUNT",
          "SUM",
          "MIN",
          "MAX",
          "AVG",
          "UNNEST");

  private static final Pattern MANY =
      Pattern.compile(
          ".*(_agg|_series|_elements|_elements_text|_each|_each_text|_keys|_table|_matches|_recordset|_subscripts|_query).*");

  /** Calls that give one of their arguments as it is, or in another type. */
  private static final Set<String> KEEPING = Set.of("COALESCE", "CAST");

  private final byte[] text;
  private final List<Table> tables;
  private final List<Output> output;

  /**
   * @param query as the lens compiler made it: valid, every table qualified by its schema
   * @throws IllegalArgumentException when it is not such a query
   */
  Substitution(SqlParser parser, String query) {
    this.text = query.getBytes(StandardCharsets.UTF_8);
    if (!(parser.parse(text, lex()) instanceof SqlParser.Result.Parsed parsed)) {
      throw new IllegalArgumentException("not a query of a lens: " + query);
    }
    this.tables = parsed.outline().tables();
    this.output = parsed.outline().output();
  }

  /** Whether a column of it holds what one of a table does; false when in doubt. */
  boolean givesAsItIs(String column) {
    Tokens tokens = lex();
    for (int element = 0; element < output.size(); element++) {
      if (output.get(element).star()) {
        return true;
      }
      if (column.equals(output.get(element).name())) {
        return isAsItIs(tokens, output.get(element).token());
      }
    }
    return false;
  }

  /** The column of its table that one of its columns is, and nothing else; null when in doubt. */
  @Nullable String columnBehind(String column) {
    Tokens tokens = lex();
    for (int element = 0; element < output.size(); element++) {
      if (output.get(element).star()) {
        return null;
      }
      if (column.equals(output.get(element).name())) {
        int first = output.get(element).token();
        int last = tokens.text(first + 1).equals(".") ? first + 2 : first;
        int behind = tokens.isWord(last + 1, "AS") ? last + 3 : last + 1;
        boolean ends =
            behind < tokens.count()
                && (tokens.isPunctuation(behind, ',') || tokens.isWord(behind, "FROM"));
        return ends && isName(tokens, first) && isName(tokens, last)
            ? tokens.identifier(last)
            : null;
      }
    }
    return null;
  }

  /** Whether one of its columns is made of one of a table, among others perhaps. */
  boolean mentions(String column, String of) {
    Tokens tokens = lex();
    for (int element = 0; element < output.size(); element++) {
      if (column.equals(output.get(element).name())) {
        int end = element + 1 < output.size() ? output.get(element + 1).token() : tokens.count();
        for (int token = output.get(element).token(); token < end; token++) {
          if (tokens.isWord(token, "FROM")) {
            return false;
          }
          if (isName(tokens, token) && tokens.identifier(token).equals(of)) {
            return true;
          }
        }
      }
    }
    return false;
  }

  private static boolean isName(Tokens tokens, int token) {
    return tokens.kind(token) == Tokens.IDENTIFIER
        || tokens.kind(token) == Tokens.QUOTED_IDENTIFIER;
  }

  private static boolean isAsItIs(Tokens tokens, int first) {
    int depth = 0;
    for (int token = first; token < tokens.count(); token++) {
      boolean opens = tokens.isPunctuation(token, '(');
      if (depth == 0 && (tokens.isPunctuation(token, ',') || tokens.isWord(token, "FROM"))) {
        return true;
      }
      boolean call =
          token > first && KEEPING.contains(tokens.text(token - 1).toUpperCase(Locale.ROOT));
      boolean name =
          tokens.kind(token) == Tokens.IDENTIFIER && !tokens.isWord(token, "CASE")
              || tokens.kind(token) == Tokens.QUOTED_IDENTIFIER
              || tokens.text(token).equals(".")
              || tokens.isPunctuation(token, ',')
              || tokens.isPunctuation(token, ')');
      if (!name && !(opens && call)) {
        return false;
      }
      depth += opens ? 1 : tokens.isPunctuation(token, ')') ? -1 : 0;
    }
    return true;
  }

  /** Whether every row of its one table gives exactly one; false when in doubt. */
  boolean keepsEveryRow() {
    if (tables.size() != 1) {
      return false;
    }
    Tokens tokens = lex();
    for (int token = 0; token < tokens.count(); token++) {
      String word = tokens.text(token);
      boolean name = tokens.kind(token) == Tokens.IDENTIFIER;
      boolean drops =
          name
              && (DROPPING.contains(word.toUpperCase(Locale.ROOT))
                  || MANY.matcher(word.toLowerCase(Locale.ROOT)).matches());
      if (drops) {
        return false;
      }
    }
    return true;
  }

  private Tokens lex() {
    return new Lexer().lex(text, text.length);
  }

  /**
   * The query with every table replaced.
   *
   * @param replacement a query in parentheses
   */
  String with(Function<TableName, String> replacement) {
    List<Splice> splices = new ArrayList<>();
    for (Table table : tables) {
      String query =
          replacement.apply(new TableName(table.parts().getFirst(), table.parts().getLast()));
      String start = table.command() ? "SELECT * FROM " : "";
      String alias = table.alias() == null ? " AS " + Sql.quote(table.qualifier()) : "";
      byte[] spliced = (start + query + alias).getBytes(StandardCharsets.UTF_8);
      splices.add(new Splice(table.first(), table.end(), spliced));
    }
    Tokens tokens = lex();
    return new String(
        new Translation(tokens.count(), splices).apply(text, tokens), StandardCharsets.UTF_8);
  }
}
