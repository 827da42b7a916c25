package dev.crossfade.postgresql.wire;

/** Bytes that cannot be a frame: what was expected and what came. The connection they came on cannot go on. */
public final class ProtocolViolation extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final String reason;

  public ProtocolViolation(String message) {
    super(message, null, false, false);
    this.reason = message;
  }

  /** The message. */
  public String reason() {
    return reason;
  }
}
