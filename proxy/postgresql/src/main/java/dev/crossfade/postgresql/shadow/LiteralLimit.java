package dev.crossfade.postgresql.shadow;

import dev.crossfade.sql.parse.Lexer;
import dev.crossfade.sql.parse.Tokens;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * The number behind a statement's outermost LIMIT. With one row more than the client has asked for
 * it shows where its answer ends: a row that was the last, and that others might have stood in for,
 * is not the last any more.
 *
 * @param token of the number; -1 where there is none
 * @param rows 0 where there is none
 */
record LiteralLimit(int token, long rows) {
  private static final LiteralLimit NONE = new LiteralLimit(-1, 0);
  private static final long MOST = 1_000_000;

  static LiteralLimit of(byte[] sql) {
    return of(new Lexer().lex(sql, sql.length));
  }

  private static LiteralLimit of(Tokens tokens) {
    LiteralLimit found = NONE;
    int depth = 0;
    for (int token = tokens.statementStart(0); token + 1 < tokens.statementEnd(0); token++) {
      boolean opens = tokens.isPunctuation(token, '(') || tokens.isPunctuation(token, '[');
      boolean closes = tokens.isPunctuation(token, ')') || tokens.isPunctuation(token, ']');
      depth += opens ? 1 : closes ? -1 : 0;
      if (depth == 0 && tokens.isWord(token, "LIMIT")) {
        String number = tokens.text(token + 1);
        // What follows may make an expression of it.
        boolean alone =
            token + 2 == tokens.statementEnd(0) || tokens.kind(token + 2) == Tokens.IDENTIFIER;
        boolean readable = number.matches("[0-9]{1,7}") && alone;
        found = readable ? new LiteralLimit(token + 1, Long.parseLong(number)) : NONE;
      }
    }
    return found;
  }

  /** Whether an answer of so many rows was not cut off by it. */
  boolean isAbove(long answered) {
    return token >= 0 && answered < rows;
  }

  /** The same read for one row more; itself where it has no such limit. */
  static ReadSample widened(ReadSample sample) {
    byte[] sql = sample.sql();
    Tokens tokens = new Lexer().lex(sql, sql.length);
    LiteralLimit limit = of(tokens);
    if (limit.token() < 0 || limit.rows() >= MOST) {
      return sample;
    }
    ByteArrayOutputStream text = new ByteArrayOutputStream(sql.length + 1);
    text.write(sql, 0, tokens.start(limit.token()));
    text.writeBytes(Long.toString(limit.rows() + 1).getBytes(StandardCharsets.US_ASCII));
    text.write(sql, tokens.end(limit.token()), sql.length - tokens.end(limit.token()));
    return sample.withText(text.toByteArray());
  }
}
