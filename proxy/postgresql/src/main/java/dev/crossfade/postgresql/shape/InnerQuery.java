package dev.crossfade.postgresql.shape;

import dev.crossfade.sql.parse.StatementKind;
import dev.crossfade.sql.parse.Tokens;
import org.jspecify.annotations.Nullable;

/**
 * The query inside a statement, the only part of it that names tables.
 *
 * <pre>
 * EXPLAIN [(options) | ANALYZE VERBOSE] query
 * PREPARE name [(types)] AS query
 * DECLARE name [options] CURSOR [options] FOR query
 * COPY (query) TO ..
 * COPY table [(columns)] TO ..      -> stands for COPY (SELECT columns FROM table) TO ..
 * </pre>
 *
 * @param first token
 * @param end behind its last token
 * @param ofTable it is a table's name, perhaps with columns, rather than a query
 */
record InnerQuery(int first, int end, boolean ofTable) {
  /** Null when the statement has none, or is none of these. */
  static @Nullable InnerQuery find(Tokens tokens, int first, int end, StatementKind kind) {
    return switch (kind) {
      case READ -> new InnerQuery(first, end, false);
      case EXPLAIN -> from(explained(tokens, first + 1, end), end);
      case PREPARE -> from(behind(tokens, first + 2, end, "AS"), end);
      case COPY_TO -> copied(tokens, first + 1, end);
      case OTHER ->
          tokens.isWord(first, "DECLARE")
              ? from(behind(tokens, behind(tokens, first + 1, end, "CURSOR"), end, "FOR"), end)
              : null;
      default -> null;
    };
  }

  private static @Nullable InnerQuery from(int first, int end) {
    return first < end ? new InnerQuery(first, end, false) : null;
  }

  private static int explained(Tokens tokens, int from, int end) {
    if (from < end && tokens.isPunctuation(from, '(')) {
      return closing(tokens, from, end) + 1;
    }
    int token = from;
    while (token < end
        && (tokens.isWord(token, "ANALYZE")
            || tokens.isWord(token, "ANALYSE")
            || tokens.isWord(token, "VERBOSE"))) {
      token++;
    }
    return token;
  }

  /** Behind a word outside all parentheses; the end when it is not there. */
  private static int behind(Tokens tokens, int from, int end, String word) {
    int depth = 0;
    for (int token = from; token < end; token++) {
      depth += tokens.isPunctuation(token, '(') ? 1 : tokens.isPunctuation(token, ')') ? -1 : 0;
      if (depth == 0 && tokens.isWord(token, word)) {
        return token + 1;
      }
    }
    return end;
  }

  private static @Nullable InnerQuery copied(Tokens tokens, int from, int end) {
    if (from < end && tokens.isPunctuation(from, '(')) {
      int close = closing(tokens, from, end);
      return close < end ? from(from + 1, close) : null;
    }
    int to = behind(tokens, from, end, "TO") - 1;
    return from < to && to < end - 1 ? new InnerQuery(from, to, true) : null;
  }

  /** The token that closes the parenthesis; the end when there is none. */
  private static int closing(Tokens tokens, int open, int end) {
    int depth = 0;
    for (int token = open; token < end; token++) {
      depth += tokens.isPunctuation(token, '(') ? 1 : tokens.isPunctuation(token, ')') ? -1 : 0;
      if (depth == 0) {
        return token;
      }
    }
    return end;
  }
}
