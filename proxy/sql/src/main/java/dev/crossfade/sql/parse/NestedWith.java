package dev.crossfade.sql.parse;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.antlr.v4.runtime.CommonToken;
import org.antlr.v4.runtime.Token;
import org.pgcodekeeper.core.parsers.antlr.pg.generated.SQLParser;

/**
 * Puts a WITH inside of a WITH into a second pair of parentheses. Behind the first pair the grammar
 * expects any statement, and reads all of the inner WITH, over and over, to see whether a SELECT or
 * an INSERT follows: seconds, and hundreds of megabytes. Behind a second parenthesis only a query
 * can follow.
 */
final class NestedWith {
  private NestedWith() {}

  static List<Token> inParentheses(List<? extends Token> tokens) {
    List<Token> result = new ArrayList<>(tokens.size() + 2);
    Deque<Boolean> doubled = new ArrayDeque<>();
    for (int i = 0; i < tokens.size(); i++) {
      Token token = tokens.get(i);
      result.add(token);
      switch (token.getType()) {
        case SQLParser.LEFT_PAREN -> {
          boolean nested = i > 0 && opensQuery(tokens.get(i - 1)) && isWith(tokens, i + 1);
          doubled.push(nested);
          if (nested) {
            result.add(new CommonToken(token));
          }
        }
        case SQLParser.RIGHT_PAREN -> {
          if (!doubled.isEmpty() && doubled.pop()) {
            result.add(new CommonToken(token));
          }
        }
        default -> {
          // Only parentheses are doubled.
        }
      }
    }
    return result;
  }

  private static boolean opensQuery(Token before) {
    return before.getType() == SQLParser.AS || before.getType() == SQLParser.MATERIALIZED;
  }

  private static boolean isWith(List<? extends Token> tokens, int index) {
    return index < tokens.size() && tokens.get(index).getType() == SQLParser.WITH;
  }
}
