package dev.crossfade.postgresql.session;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * What the client's transaction has been told about itself so far: what opened it, its savepoints
 * and its settings. Repeated on new when the transaction gets there.
 */
final class TransactionLog {
  /** More than this is not repeated: the transaction cannot go to new any more. */
  private static final int MAX_BYTES = 64 << 10;

  private static final byte[] BEGIN = "BEGIN".getBytes(StandardCharsets.US_ASCII);

  private final ByteArrayOutputStream script = new ByteArrayOutputStream();
  private boolean full;
  private boolean touched;
  private boolean wrote;

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

  void ended() {
    script.reset();
    full = false;
    touched = false;
    wrote = false;
  }
}
