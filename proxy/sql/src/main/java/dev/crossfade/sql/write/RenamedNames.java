package dev.crossfade.sql.write;

import dev.crossfade.sql.lens.Sql;
import dev.crossfade.sql.lens.Translation.Splice;
import dev.crossfade.sql.parse.StatementOutline.Column;
import dev.crossfade.sql.parse.Tokens;
import dev.crossfade.sql.parse.WriteOutline.Span;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The names of one table's columns in a statement that knows no other table.
 *
 * @param qualifier what the table is called in it, as the catalog spells it
 * @param excludes whether EXCLUDED stands for rows, too
 */
record RenamedNames(Tokens tokens, Renaming renaming, String qualifier, boolean excludes) {
  private static final Set<String> QUERIES = Set.of("SELECT", "TABLE", "VALUES");

  /** Whether there is a query in it, where a name may mean something else. */
  boolean hasQueries() {
    int queries = 0;
    for (int token = 0; token < tokens.count(); token++) {
      boolean starts = false;
      for (String word : QUERIES) {
        starts |= tokens.isWord(token, word);
      }
      queries += starts ? 1 : 0;
    }
    boolean values = tokens.isWord(tokens.statementStart(0), "INSERT");
    return queries > (values || tokens.isWord(tokens.statementStart(0), "SELECT") ? 1 : 0);
  }

  /**
   * What stands in the place of the columns' names; null when one is not known.
   *
   * @param qualifies whether those that are not are to be, so that ORDER BY means no column of the
   *     result
   */
  @Nullable List<Splice> splices(List<Column> columns, boolean qualifies) {
    List<Splice> splices = new ArrayList<>();
    for (Column column : columns) {
      List<String> parts = column.parts();
      if (column.star()) {
        if (!parts.equals(List.of(qualifier)) || !column.expands()) {
          return null;
        }
        continue;
      }
      boolean qualified =
          parts.size() == 2
              && (parts.getFirst().equals(qualifier)
                  || excludes && parts.getFirst().equals("excluded"));
      String there = renaming.column(parts.getLast());
      if (there == null || parts.size() != 1 && !qualified) {
        return null;
      }
      int token = column.token() + 2 * (parts.size() - 1);
      if (!isName(token) || !tokens.identifier(token).equals(parts.getLast())) {
        return null;
      }
      String name = qualifies && parts.size() == 1 ? Sql.quote(qualifier) + "." + there : there;
      if (qualifies || renaming.renames(parts.getLast())) {
        splices.add(new Splice(token, token + 1, name.getBytes(StandardCharsets.UTF_8)));
      }
    }
    splices.sort(Comparator.comparingInt(Splice::first));
    return splices;
  }

  private boolean isName(int token) {
    return token < tokens.count()
        && (tokens.kind(token) == Tokens.IDENTIFIER
            || tokens.kind(token) == Tokens.QUOTED_IDENTIFIER);
  }

  /**
   * A select list whose columns are called as the client's statement calls them; null when that is
   * not certain.
   *
   * @param all the client's columns in their order
   * @param empty SQL that knows what stands in the place of the columns' names
   */
  @Nullable SqlText selected(Span list, List<String> all, SqlText empty) {
    SqlText sql = empty.piece();
    int depth = 0;
    int first = list.first();
    for (int token = list.first(); token <= list.end(); token++) {
      boolean ends = token == list.end() || depth == 0 && tokens.isPunctuation(token, ',');
      if (ends) {
        if (token == first || !element(new Span(first, token), all, sql)) {
          return null;
        }
        sql.add(token == list.end() ? "" : ", ");
        first = token + 1;
      } else {
        depth += opens(token) ? 1 : closes(token) ? -1 : 0;
      }
    }
    return sql;
  }

  private boolean opens(int token) {
    return tokens.isPunctuation(token, '(') || tokens.isPunctuation(token, '[');
  }

  private boolean closes(int token) {
    return tokens.isPunctuation(token, ')') || tokens.isPunctuation(token, ']');
  }

  /** Whether a select list is nothing but columns, none of them called otherwise. */
  boolean isPlain(Span list) {
    for (int token = list.first(); token < list.end(); token++) {
      boolean behindName = token > list.first() && isName(token - 1);
      boolean sign = tokens.isPunctuation(token, ',') || tokens.text(token).matches("[.*]");
      if (!sign && (!isName(token) || behindName)) {
        return false;
      }
    }
    return true;
  }

  /** False when it is not certain what its column is called. */
  private boolean element(Span element, List<String> all, SqlText sql) {
    int last = element.end() - 1;
    int size = element.end() - element.first();
    boolean plain = size == 1 || size == 3 && tokens.text(element.first() + 1).equals(".");
    if (plain && tokens.text(last).equals("*")) {
      sql.add(all.stream().map(this::called).collect(Collectors.joining(", ")));
      return true;
    }
    if (plain && isName(last) && renaming.column(tokens.identifier(last)) != null) {
      String name = tokens.identifier(last);
      sql.add(element).add(renaming.renames(name) ? " AS " + Sql.quote(name) : "");
      return true;
    }
    boolean named = size > 2 && tokens.isWord(last - 1, "AS") && isName(last) || !mentions(element);
    sql.add(element);
    return named || isCall(element);
  }

  private String called(String name) {
    String there = Sql.quote(qualifier) + "." + renaming.column(name);
    return renaming.renames(name) ? there + " AS " + Sql.quote(name) : there;
  }

  /** Whether a column in it may be one that is called otherwise. */
  private boolean mentions(Span element) {
    for (int token = element.first(); token < element.end(); token++) {
      if (isName(token)
          && renaming.column(tokens.identifier(token)) != null
          && renaming.renames(tokens.identifier(token))) {
        return true;
      }
    }
    return false;
  }

  /** One call of a function, whose column is called as the function. */
  private boolean isCall(Span element) {
    int depth = 0;
    for (int token = element.first() + 1; token < element.end(); token++) {
      depth += opens(token) ? 1 : closes(token) ? -1 : 0;
      if (depth == 0 && token < element.end() - 1) {
        return false;
      }
    }
    return element.end() - element.first() > 2
        && isName(element.first())
        && tokens.isPunctuation(element.first() + 1, '(')
        && !tokens.isWord(element.first(), "CAST");
  }
}
