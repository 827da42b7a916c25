package dev.crossfade.sql.parse;

import java.util.ArrayList;
import java.util.List;
import org.antlr.v4.runtime.Token;
import org.pgcodekeeper.core.parsers.antlr.pg.generated.SQLParser;

/**
 * Hides from the grammar what it does not know: the alias of {@code JOIN … USING (…) AS alias},
 * which PostgreSQL has since version 14. It names the merged columns and no relation, so nothing
 * that an outline tells depends on it.
 */
final class JoinAliases {
  private JoinAliases() {}

  static List<Token> without(List<? extends Token> tokens) {
    List<Token> result = new ArrayList<>(tokens.size());
    for (int i = 0; i < tokens.size(); i++) {
      result.add(tokens.get(i));
      int close = isAt(tokens, i, SQLParser.USING) ? endOfNames(tokens, i + 1) : -1;
      if (close >= 0 && isAt(tokens, close + 1, SQLParser.AS)) {
        result.addAll(tokens.subList(i + 1, close + 1));
        i = Math.min(close + 2, tokens.size() - 1);
      }
    }
    return result;
  }

  /**
   * Where a list of names in parentheses ends; -1 when there is none. Behind the USING of a DELETE
   * or MERGE stands a query or a join.
   */
  private static int endOfNames(List<? extends Token> tokens, int open) {
    if (!isAt(tokens, open, SQLParser.LEFT_PAREN)) {
      return -1;
    }
    int at = open + 2;
    while (isAt(tokens, at, SQLParser.COMMA)) {
      at += 2;
    }
    return isAt(tokens, at, SQLParser.RIGHT_PAREN) ? at : -1;
  }

  private static boolean isAt(List<? extends Token> tokens, int index, int type) {
    return index < tokens.size() && tokens.get(index).getType() == type;
  }
}
