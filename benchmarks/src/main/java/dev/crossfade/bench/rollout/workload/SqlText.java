package dev.crossfade.bench.rollout.workload;

import dev.crossfade.sql.parse.Fingerprint;
import dev.crossfade.sql.parse.Lexer;
import dev.crossfade.sql.parse.StatementKind;
import dev.crossfade.sql.parse.Tokens;
import java.nio.charset.StandardCharsets;

/**
 * A statement and its tokens.
 *
 * @param bytes in UTF-8; offsets of the tokens count these
 */
record SqlText(String text, byte[] bytes, Tokens tokens) {
  static SqlText of(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return new SqlText(text, bytes, new Lexer().lex(bytes, bytes.length));
  }

  String fingerprint() {
    return Fingerprint.of(bytes, tokens).normalizedText();
  }

  String part(int from, int to) {
    return new String(bytes, from, to - from, StandardCharsets.UTF_8);
  }

  /** Whether it may change data or lock rows, as far as its words tell. */
  boolean mayWrite() {
    if (tokens.mayWrite()) {
      return true;
    }
    for (int token = 0; token + 1 < tokens.count(); token++) {
      if (tokens.isWord(token, "FOR")
          && (tokens.isWord(token + 1, "UPDATE")
              || tokens.isWord(token + 1, "SHARE")
              || tokens.isWord(token + 1, "NO")
              || tokens.isWord(token + 1, "KEY"))) {
        return true;
      }
    }
    return false;
  }

  /** Whether it only begins or ends a transaction, or a part of one. */
  boolean isControl() {
    StatementKind kind = tokens.kind();
    return switch (kind) {
      case BEGIN,
          BEGIN_READ_ONLY,
          BEGIN_READ_ONLY_SNAPSHOT,
          COMMIT,
          ROLLBACK,
          SAVEPOINT,
          SET_LOCAL,
          SET_SESSION,
          RESET ->
          true;
      default -> false;
    };
  }

  /** Whether it is a read by its first words. */
  boolean isRead() {
    return tokens.kind() == StatementKind.READ && !mayWrite();
  }
}
