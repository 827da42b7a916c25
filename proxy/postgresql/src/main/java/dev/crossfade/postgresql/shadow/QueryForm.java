package dev.crossfade.postgresql.shadow;

import dev.crossfade.core.compare.AnswerComparison.Choice;
import dev.crossfade.sql.parse.Tokens;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * What the words of a read say of which answers are right. What is not certain is not held against
 * anybody.
 *
 * @param order places of the columns of the answer that the outermost ORDER BY names, from its
 *     first on, up to one that the answer does not show
 * @param choice where the server may pick some of several rows
 * @param unsettled whether the order in which rows happen to be read may decide about values
 */
record QueryForm(List<Integer> order, Choice choice, boolean unsettled) {
  /** Their result depends on the order of their rows. */
  private static final Set<String> ORDERED =
      Set.of(
          "array_agg",
          "string_agg",
          "json_agg",
          "jsonb_agg",
          "json_object_agg",
          "jsonb_object_agg",
          "xmlagg",
          "row_number",
          "ntile",
          "lag",
          "lead",
          "first_value",
          "last_value",
          "nth_value",
          "any_value");

  QueryForm {
    order = List.copyOf(order);
  }

  /**
   * @param tokens of one statement
   * @param columns names of the answer's columns
   */
  static QueryForm of(Tokens tokens, List<String> columns) {
    return new Reading(tokens, columns).form();
  }

  /** One look at the tokens. */
  private static final class Reading {
    private final Tokens tokens;
    private final List<String> columns;
    private final int start;
    private final int end;
    private int orderAt = -1;
    private int orderEnd;
    private int tables = 1;
    private boolean several;
    private Choice choice = Choice.NONE;
    private boolean unsettled;

    Reading(Tokens tokens, List<String> columns) {
      this.tokens = tokens;
      this.columns = columns;
      this.start = tokens.statementStart(0);
      this.end = tokens.statementEnd(0);
      this.orderEnd = end;
    }

    QueryForm form() {
      int depth = 0;
      boolean from = false;
      for (int token = start; token < end; token++) {
        depth += step(token);
        if (isChoice(token)) {
          unsettled |= depth > 0 || tokens.isWord(token, "DISTINCT");
          boolean skips = choice == Choice.AT_BOTH_ENDS || tokens.isWord(token, "OFFSET");
          choice = skips ? Choice.AT_BOTH_ENDS : Choice.AT_END;
        }
        unsettled |= isOrdered(token);
        if (depth == 0) {
          from = clause(token, from);
        }
      }
      return new QueryForm(order(), choice, unsettled);
    }

    /** A token outside parentheses; returns whether the tables are being named. */
    private boolean clause(int token, boolean from) {
      if (tokens.isWord(token, "ORDER") && tokens.isWord(token + 1, "BY")) {
        orderAt = token + 2;
        orderEnd = end;
        return false;
      }
      boolean ends =
          tokens.isWord(token, "LIMIT")
              || tokens.isWord(token, "OFFSET")
              || tokens.isWord(token, "FETCH")
              || tokens.isWord(token, "FOR");
      if (ends && orderAt >= 0) {
        orderEnd = Math.min(orderEnd, token);
      }
      several |=
          tokens.isWord(token, "UNION")
              || tokens.isWord(token, "INTERSECT")
              || tokens.isWord(token, "EXCEPT");
      if (tokens.isWord(token, "WHERE") || tokens.isWord(token, "GROUP")) {
        return false;
      }
      if (tokens.isWord(token, "JOIN") || from && tokens.isPunctuation(token, ',')) {
        tables++;
      }
      return from || tokens.isWord(token, "FROM");
    }

    private boolean isChoice(int token) {
      return tokens.isWord(token, "LIMIT")
          || tokens.isWord(token, "OFFSET")
          || tokens.isWord(token, "FETCH")
          || tokens.isWord(token, "DISTINCT") && tokens.isWord(token + 1, "ON");
    }

    private boolean isOrdered(int token) {
      return tokens.kind(token) == Tokens.IDENTIFIER
          && token + 1 < end
          && tokens.isPunctuation(token + 1, '(')
          && ORDERED.contains(tokens.text(token).toLowerCase(Locale.ROOT));
    }

    private int step(int token) {
      return tokens.isPunctuation(token, '(') || tokens.isPunctuation(token, '[')
          ? 1
          : tokens.isPunctuation(token, ')') || tokens.isPunctuation(token, ']') ? -1 : 0;
    }

    private List<Integer> order() {
      List<Integer> places = new ArrayList<>();
      int at = orderAt;
      while (at >= 0 && at < orderEnd) {
        int itemEnd = itemEnd(at);
        int place = place(at, itemEnd);
        if (place < 0) {
          break;
        }
        places.add(place);
        at = itemEnd + 1;
      }
      return places;
    }

    private int itemEnd(int from) {
      int depth = 0;
      for (int token = from; token < orderEnd; token++) {
        depth += step(token);
        if (depth == 0 && tokens.isPunctuation(token, ',')) {
          return token;
        }
      }
      return orderEnd;
    }

    /** Which column of the answer an item of the ORDER BY is; -1 when that is not certain. */
    private int place(int from, int itemEnd) {
      int last = itemEnd;
      if (last - from >= 3 && tokens.isWord(last - 2, "NULLS")) {
        last -= 2;
      }
      if (tokens.isWord(last - 1, "ASC") || tokens.isWord(last - 1, "DESC")) {
        last--;
      }
      if (last - from == 1 && tokens.kind(from) == Tokens.NUMBER) {
        String number = tokens.text(from);
        int place = number.matches("[0-9]{1,4}") ? Integer.parseInt(number) - 1 : -1;
        return place < columns.size() ? place : -1;
      }
      boolean qualified = last - from == 3 && tokens.isPunctuation(from + 1, '.');
      if (last - from != 1 && !qualified || !isName(last - 1)) {
        return -1;
      }
      // With several tables a qualified name may be another one's column than the answer's.
      if (qualified && (tables > 1 || several)) {
        return -1;
      }
      String name = tokens.identifier(last - 1);
      if (qualified && isRenamed(name)) {
        return -1;
      }
      int place = columns.indexOf(name);
      return place >= 0 && place == columns.lastIndexOf(name) ? place : -1;
    }

    /** Whether something of the answer is called so that need not be the table's column. */
    private boolean isRenamed(String name) {
      for (int token = start; token < end; token++) {
        if (tokens.isWord(token, "AS")
            && token + 1 < end
            && isName(token + 1)
            && tokens.identifier(token + 1).equals(name)) {
          return true;
        }
      }
      return false;
    }

    private boolean isName(int token) {
      byte kind = tokens.kind(token);
      return kind == Tokens.IDENTIFIER || kind == Tokens.QUOTED_IDENTIFIER;
    }
  }
}
