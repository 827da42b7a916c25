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
    int open = -1;
    int depth = 0;
    for (int i = 0; i < tokens.size(); i++) {
      Token token = tokens.get(i);
      result.add(token);
      switch (token.getType()) {
        case SQLParser.LEFT_PAREN -> {
          depth++;
          if (i > 0 && tokens.get(i - 1).getType() == SQLParser.USING) {
            open = depth;
          }
        }
        case SQLParser.RIGHT_PAREN -> {
          boolean alias =
              depth == open && i + 2 < tokens.size() && tokens.get(i + 1).getType() == SQLParser.AS;
          open = depth == open ? -1 : open;
          depth--;
          i += alias ? 2 : 0;
        }
        default -> {
          // Only what stands behind USING (…) is looked at.
        }
      }
    }
    return result;
  }
}
