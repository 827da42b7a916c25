package dev.crossfade.postgresql.session;

import dev.crossfade.sql.parse.Lexer;
import dev.crossfade.sql.parse.Tokens;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * What the client's transaction has been told about itself so far: what opened it, its savepoints
 * and its settings. Repeated on new when the transaction gets there.
 */
final class TransactionLog {
  /** More than this is not repeated: the transaction cannot go to new any more. */
  private static final int MAX_BYTES = 64 << 10;

  /** What its statements see. */
  enum Kind {
    EACH_ITS_OWN_SNAPSHOT,
    ONE_SNAPSHOT,
    /** It has settings of its own that may decide what is read. */
    OTHER
  }

  private static final byte[] BEGIN = "BEGIN".getBytes(StandardCharsets.US_ASCII);

  private final ByteArrayOutputStream script = new ByteArrayOutputStream();
  private boolean full;
  private boolean touched;
  private boolean wrote;
  private @Nullable Kind kind;

  /** A statement that says something about the transaction and reads or writes nothing. */
  void says(byte[] sql) {
    if (script.size() + sql.length > MAX_BYTES) {
      full = true;
      return;
    }
    if (script.size() > 0) {
      script.write(';');
    }
    script.writeBytes(sql);
    kind = null;
  }

  /**
   * Anything else was executed on old.
   *
   * @param mayWrite and may have changed something
   */
  void touch(boolean mayWrite) {
    touched = true;
    wrote |= mayWrite;
  }

  /** Whether something may have been changed on old. */
  boolean hasWritten() {
    return wrote;
  }

  /** Whether old has executed something that cannot be repeated. */
  boolean isTouched() {
    return touched;
  }

  boolean isEmpty() {
    return script.size() == 0;
  }

  boolean isFull() {
    return full;
  }

  /** What makes new's transaction like old's, which has touched nothing there. */
  byte[] script() {
    return script.size() == 0 ? BEGIN : script.toByteArray();
  }

  /** As its words say, where these leave no doubt. */
  Kind kind() {
    Kind known = kind;
    if (known == null) {
      known = read();
      kind = known;
    }
    return known;
  }

  private Kind read() {
    byte[] sql = script.toByteArray();
    Tokens tokens = new Lexer().lex(sql, sql.length);
    Kind found = Kind.EACH_ITS_OWN_SNAPSHOT;
    for (int statement = 0; statement < tokens.statementCount(); statement++) {
      int first = tokens.statementStart(statement);
      boolean sets = tokens.isWord(first, "SET");
      boolean ofItself = sets && tokens.isWord(first + 1, "TRANSACTION");
      if (sets && !ofItself || tokens.isWord(first, "RESET")) {
        return Kind.OTHER;
      }
      for (int token = first; token < tokens.statementEnd(statement); token++) {
        if (tokens.isWord(token, "REPEATABLE")
            || tokens.isWord(token, "SERIALIZABLE")
            || tokens.isWord(token, "SNAPSHOT")) {
          found = Kind.ONE_SNAPSHOT;
        }
      }
    }
    return found;
  }

  void ended() {
    script.reset();
    kind = null;
    full = false;
    touched = false;
    wrote = false;
  }
}
