package dev.crossfade.postgresql.parity;

import dev.crossfade.postgresql.wire.ClientEncoding;
import org.jspecify.annotations.Nullable;

/**
 * One write that a client sent outside a transaction. It has the client's values in it, so it is
 * never shown or logged.
 *
 * @param batch the client's frames, up to Sync
 * @param sql of its one statement, in the client's encoding
 * @param prepared the statement that it binds and does not bring along; null where there is none
 * @param settings statements that make a session like the client's
 */
public record WriteSample(
    byte[] batch,
    byte[] sql,
    @Nullable Prepared prepared,
    String settings,
    ClientEncoding encoding) {

  /**
   * @param name one character for each byte
   * @param types OIDs that the client fixed
   */
  public record Prepared(String name, int[] types) {}

  int bytes() {
    return batch.length + sql.length;
  }

  @Override
  public String toString() {
    return "WriteSample[" + batch.length + " bytes]";
  }
}
