package dev.crossfade.postgresql.shape;

import dev.crossfade.sql.lens.Translation;
import dev.crossfade.sql.write.WriteTranslation.Answer;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** What the authority gets in the place of a part of a text. */
sealed interface Replacement {
  byte[] text();

  /**
   * A read.
   *
   * @param translation that made the text; null where it was not one alone
   */
  record Read(byte[] text, @Nullable Translation translation) implements Replacement {}

  /**
   * A statement that writes.
   *
   * @param lock the statement that goes ahead of it; null when none does
   * @param apart the lock is a message of its own
   */
  record Write(byte @Nullable [] lock, byte[] write, Answer answer, boolean apart)
      implements Replacement {
    @Override
    public byte[] text() {
      if (apart || lock == null) {
        return write;
      }
      ByteArrayOutputStream both = new ByteArrayOutputStream(lock.length + write.length + 2);
      both.writeBytes(lock);
      both.writeBytes("; ".getBytes(StandardCharsets.US_ASCII));
      both.writeBytes(write);
      return both.toByteArray();
    }
  }

  /** A statement that is not run. */
  record Refused(ShapeError why) implements Replacement {
    /**
     * Fails when it is analysed, and nowhere else: so the authority itself refuses what cannot be
     * translated, with all that an error does to a batch and to a transaction.
     */
    private static final byte[] FAILING =
        "SELECT \"crossfade: not translated\"".getBytes(StandardCharsets.US_ASCII);

    /** The SQLSTATE of that: a column that is not there. */
    static final String SQL_STATE = "42703";

    @Override
    public byte[] text() {
      return FAILING;
    }
  }
}
