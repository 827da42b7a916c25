package dev.crossfade.postgresql.shadow;

import dev.crossfade.core.migration.Side;
import dev.crossfade.postgresql.wire.ClientEncoding;
import org.jspecify.annotations.Nullable;

/**
 * One read that a client is being answered. It has the client's values in it, so it is never shown
 * or logged.
 *
 * @param authority of what it reads
 * @param answering the side that the client has asked
 * @param sql of its one statement, in the client's encoding
 * @param translated the same for new, where it is known
 * @param bound what a Bind frame says behind its names: formats and values of the parameters, and
 *     formats of the columns; null for a simple Query
 * @param prepared whether the client has prepared it before
 * @param binary whether any column comes in binary
 * @param settings statements that make a session like the client's
 * @param sentNanos when it was sent, as of {@link System#nanoTime}
 */
public record ReadSample(
    ComparedQuery query,
    Side authority,
    Side answering,
    byte[] sql,
    byte @Nullable [] translated,
    byte @Nullable [] bound,
    boolean prepared,
    boolean binary,
    String settings,
    ClientEncoding encoding,
    long sentNanos) {
  int bytes() {
    return 256 + sql.length + (bound == null ? 0 : bound.length);
  }

  /** The same with another text, which has the same fingerprint. */
  ReadSample withText(byte[] text) {
    return new ReadSample(
        query, authority, answering, text, null, bound, false, binary, settings, encoding,
        sentNanos);
  }

  /** The side that the client has not asked. */
  Side other() {
    return answering.other();
  }

  @Override
  public String toString() {
    return "ReadSample[" + sql.length + " bytes]";
  }
}
