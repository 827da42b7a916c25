package dev.crossfade.postgresql.shape;

import dev.crossfade.postgresql.wire.ClientEncoding;
import dev.crossfade.postgresql.wire.ErrorFields;
import dev.crossfade.postgresql.wire.Frames;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/**
 * Why a statement is not forwarded, as its client is told.
 *
 * @param offset in the client's whole text, in bytes; -1 when it concerns no place
 * @param ofServer the ErrorResponse, in UTF-8, of the side whose shape it is, about a part of the
 *     text that begins at the offset; then nothing else counts. Null when it has not refused it
 */
record ShapeError(
    String sqlState, String message, String detail, int offset, byte @Nullable [] ofServer) {
  /** A feature that is not there. */
  private static final String UNSUPPORTED = "0A000";

  private static final String NOT_TRANSLATED =
      "the statement cannot be translated to the shape of the side that is the authority";

  private static final String NOT_CAPTURED =
      "what the statement changes cannot be logged, so it was not run";

  /**
   * @param code stable, such as {@code LOCKING_READ}
   */
  static ShapeError untranslated(String code, String detail, int offset) {
    return new ShapeError(UNSUPPORTED, NOT_TRANSLATED, code + ": " + detail, offset, null);
  }

  /** It may be any moment: the lens is compiled when both databases can be asked. */
  static ShapeError notInForce(String migration, String table) {
    return new ShapeError(
        "57P03",
        "table " + table + " cannot be used before its migration is in force",
        "NOT_IN_FORCE: migration " + migration,
        -1,
        null);
  }

  /**
   * @param code stable, such as {@code MERGE}
   */
  static ShapeError uncaptured(String code, String detail, int offset) {
    return new ShapeError(UNSUPPORTED, NOT_CAPTURED, code + ": " + detail, offset, null);
  }

  static ShapeError tooSlow(String detail) {
    return new ShapeError(
        "58000", "the translation of the statement was not ready in time", detail, -1, null);
  }

  static ShapeError cancelled() {
    return new ShapeError(
        "57014",
        "canceling statement due to user request",
        "It waited for its translation.",
        -1,
        null);
  }

  static ShapeError ofServer(byte[] frame, int offset) {
    return new ShapeError(
        UNSUPPORTED,
        NOT_TRANSLATED,
        "SERVER_REFUSED: the side whose shape it has does not understand it",
        offset,
        frame);
  }

  /**
   * @param text the client's whole text
   */
  void write(ByteBuf out, byte[] text, ClientEncoding encoding) {
    if (ofServer == null) {
      int position = offset < 0 ? 0 : encoding.characters(text, offset) + 1;
      Frames.errorWithDetail(out, new ErrorFields("ERROR", sqlState, message), detail, position);
    } else {
      int before = encoding.characters(text, offset);
      Frames.fields(out, Unpooled.wrappedBuffer(ofServer), "", position -> position + before);
    }
  }

  /** The same where the client's text is not what it has just sent. */
  ShapeError placeless() {
    return new ShapeError(sqlState, message, detail, -1, null);
  }
}
