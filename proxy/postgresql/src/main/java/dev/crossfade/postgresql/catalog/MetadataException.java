package dev.crossfade.postgresql.catalog;

import dev.crossfade.postgresql.wire.ErrorFields;
import io.netty.buffer.Unpooled;

/** A server did not answer a question of the sidecar's own. */
public final class MetadataException extends Exception {
  private static final long serialVersionUID = 1;

  private final boolean refused;
  private final String reason;

  private final byte[] frame;

  private MetadataException(String reason, boolean refused, byte[] frame) {
    super(reason, null, false, false);
    this.reason = reason;
    this.refused = refused;
    this.frame = frame;
  }

  /** The server answered with what is none. */
  static MetadataException refused(String error) {
    return new MetadataException(error, true, new byte[0]);
  }

  /** The server answered with an error. */
  static MetadataException refused(String error, byte[] frame) {
    return new MetadataException(error, true, frame);
  }

  /** The server could not be asked. */
  static MetadataException unreachable(String why) {
    return new MetadataException(why, false, new byte[0]);
  }

  /** True when the server understood the question and said no: asking again gives the same. */
  public boolean isRefused() {
    return refused;
  }

  /** The server's ErrorResponse; empty when it could not be asked. */
  byte[] frame() {
    return frame;
  }

  /** Of the server's error; empty when it could not be asked. */
  String sqlState() {
    return ErrorFields.read(Unpooled.wrappedBuffer(frame), 0, frame.length).sqlState();
  }

  /** The server's words, or why it could not be asked. */
  public String reason() {
    return reason;
  }
}
