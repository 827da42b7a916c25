package dev.crossfade.sql.parse;

/** Tells the kind of a statement from its first words. */
final class StatementKinds {
  private StatementKinds() {}

  static StatementKind of(Tokens tokens, int first, int end) {
    if (tokens.kind(first) != Tokens.IDENTIFIER) {
      return tokens.isPunctuation(first, '(') ? StatementKind.READ : StatementKind.OTHER;
    }
    // The first letter leads to few comparisons: this runs for every statement.
    return switch (tokens.bytes()[tokens.start(first)] & ~0x20) {
      case 'S' -> s(tokens, first, end);
      case 'W' -> read(tokens, first, "WITH");
      case 'V' -> read(tokens, first, "VALUES");
      case 'I' -> word(tokens, first, "INSERT", StatementKind.WRITE);
      case 'U' -> word(tokens, first, "UPDATE", StatementKind.WRITE);
      case 'M' -> word(tokens, first, "MERGE", StatementKind.WRITE);
      case 'B' -> tokens.isWord(first, "BEGIN") ? begin(tokens, first, end) : StatementKind.OTHER;
      case 'T' -> tokens.isWord(first, "TABLE") ? StatementKind.READ : word(tokens, first, "TRUNCATE", StatementKind.WRITE);
      case 'D' -> d(tokens, first);
      case 'E' -> e(tokens, first);
      case 'C' -> c(tokens, first);
      case 'A' -> tokens.isWord(first, "ABORT") ? rollback(tokens, first, end) : word(tokens, first, "ALTER", StatementKind.DDL);
      case 'R' -> r(tokens, first, end);
      case 'P' -> tokens.isWord(first, "PREPARE") && !tokens.isWord(first + 1, "TRANSACTION")
          ? StatementKind.PREPARE
          : StatementKind.OTHER;
      case 'G' -> word(tokens, first, "GRANT", StatementKind.DDL);
      default -> StatementKind.OTHER;
    };
  }

  private static StatementKind read(Tokens tokens, int first, String keyword) {
    return word(tokens, first, keyword, StatementKind.READ);
  }

  private static StatementKind word(Tokens tokens, int token, String keyword, StatementKind kind) {
    return tokens.isWord(token, keyword) ? kind : StatementKind.OTHER;
  }

  private static StatementKind s(Tokens tokens, int first, int end) {
    if (tokens.isWord(first, "SELECT")) {
      return StatementKind.READ;
    }
    if (tokens.isWord(first, "SET")) {
      boolean local =
          tokens.isWord(first + 1, "LOCAL")
              || tokens.isWord(first + 1, "TRANSACTION")
              || tokens.isWord(first + 1, "CONSTRAINTS");
      return local ? StatementKind.SET_LOCAL : StatementKind.SET_SESSION;
    }
    if (tokens.isWord(first, "START")) {
      return tokens.isWord(first + 1, "TRANSACTION") ? begin(tokens, first, end) : StatementKind.OTHER;
    }
    return tokens.isWord(first, "SHOW") ? StatementKind.SHOW : word(tokens, first, "SAVEPOINT", StatementKind.SAVEPOINT);
  }

  private static StatementKind begin(Tokens tokens, int first, int end) {
    boolean readOnly = false;
    boolean snapshot = false;
    for (int token = first + 1; token < end; token++) {
      if (tokens.isWord(token, "READ")) {
        readOnly |= tokens.isWord(token + 1, "ONLY");
        if (tokens.isWord(token + 1, "WRITE")) {
          return StatementKind.BEGIN;
        }
      }
      snapshot |= tokens.isWord(token, "REPEATABLE") || tokens.isWord(token, "SERIALIZABLE");
    }
    if (!readOnly) {
      return StatementKind.BEGIN;
    }
    return snapshot ? StatementKind.BEGIN_READ_ONLY_SNAPSHOT : StatementKind.BEGIN_READ_ONLY;
  }

  private static StatementKind d(Tokens tokens, int first) {
    if (tokens.isWord(first, "DELETE")) {
      return StatementKind.WRITE;
    }
    if (tokens.isWord(first, "DROP")) {
      return StatementKind.DDL;
    }
    if (tokens.isWord(first, "DO")) {
      return StatementKind.CALL_OR_DO;
    }
    return tokens.isWord(first, "DISCARD") ? StatementKind.DISCARD : word(tokens, first, "DEALLOCATE", StatementKind.DEALLOCATE);
  }

  private static StatementKind e(Tokens tokens, int first) {
    if (tokens.isWord(first, "END")) {
      return StatementKind.COMMIT;
    }
    return tokens.isWord(first, "EXECUTE") ? StatementKind.EXECUTE : word(tokens, first, "EXPLAIN", StatementKind.EXPLAIN);
  }

  private static StatementKind c(Tokens tokens, int first) {
    if (tokens.isWord(first, "COMMIT")) {
      return tokens.isWord(first + 1, "PREPARED") ? StatementKind.OTHER : StatementKind.COMMIT;
    }
    if (tokens.isWord(first, "COPY")) {
      return StatementKind.COPY;
    }
    if (tokens.isWord(first, "CALL")) {
      return StatementKind.CALL_OR_DO;
    }
    return tokens.isWord(first, "CREATE") ? StatementKind.DDL : word(tokens, first, "COMMENT", StatementKind.DDL);
  }

  private static StatementKind r(Tokens tokens, int first, int end) {
    if (tokens.isWord(first, "ROLLBACK")) {
      return tokens.isWord(first + 1, "PREPARED") ? StatementKind.OTHER : rollback(tokens, first, end);
    }
    if (tokens.isWord(first, "RESET")) {
      return StatementKind.RESET;
    }
    return tokens.isWord(first, "RELEASE") ? StatementKind.SAVEPOINT : word(tokens, first, "REVOKE", StatementKind.DDL);
  }

  private static StatementKind rollback(Tokens tokens, int first, int end) {
    for (int token = first + 1; token < end; token++) {
      if (tokens.isWord(token, "TO")) {
        return StatementKind.SAVEPOINT;
      }
    }
    return StatementKind.ROLLBACK;
  }
}
