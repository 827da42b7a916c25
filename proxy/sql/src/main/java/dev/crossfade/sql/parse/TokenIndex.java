package dev.crossfade.sql.parse;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.antlr.v4.runtime.ParserRuleContext;
import org.antlr.v4.runtime.Token;

/** Leads from places in the syntax tree to the lexer's tokens. */
final class TokenIndex {
  private final Tokens tokens;
  private final int[] starts;

  TokenIndex(Tokens tokens) {
    this.tokens = tokens;
    this.starts = new int[tokens.count()];
    for (int token = 0; token < starts.length; token++) {
      starts[token] = tokens.start(token);
    }
  }

  /**
   * The offset of the first visible token of the grammar that does not start at a token of ours; -1
   * when all do. One operator of ours may be several of the grammar's.
   */
  int firstStray(List<? extends Token> visible) {
    for (Token token : visible) {
      int found = Arrays.binarySearch(starts, token.getStartIndex());
      int holder = found >= 0 ? found : -found - 2;
      boolean insideOperator = holder >= 0 && tokens.kind(holder) == Tokens.OPERATOR;
      boolean fits = holder >= 0 && token.getStopIndex() < tokens.end(holder);
      if (!fits || found < 0 && !insideOperator) {
        return token.getStartIndex();
      }
    }
    return -1;
  }

  boolean isWord(int token, String keyword) {
    return tokens.isWord(token, keyword);
  }

  int first(ParserRuleContext context) {
    return at(context.getStart());
  }

  /** The index behind the context's last token. */
  int end(ParserRuleContext context) {
    return at(context.getStop()) + 1;
  }

  int at(Token token) {
    int found = Arrays.binarySearch(starts, token.getStartIndex());
    return found >= 0 ? found : -found - 2;
  }

  /** The identifier at a token, as the catalog spells it. */
  String name(int token) {
    if (tokens.kind(token) == Tokens.QUOTED_IDENTIFIER) {
      return tokens.identifier(token);
    }
    // Only ASCII is folded, as the server does in UTF-8.
    byte[] bytes = tokens.text(token).getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < bytes.length; i++) {
      if (bytes[i] >= 'A' && bytes[i] <= 'Z') {
        bytes[i] = (byte) (bytes[i] + 32);
      }
    }
    return new String(bytes, StandardCharsets.UTF_8);
  }

  String name(ParserRuleContext identifier) {
    return name(first(identifier));
  }
}
