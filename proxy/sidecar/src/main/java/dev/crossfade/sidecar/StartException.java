package dev.crossfade.sidecar;

/** The sidecar cannot start: one sentence that says what is wrong, where, and what would be right. */
final class StartException extends Exception {
  private static final long serialVersionUID = 1;

  private final String reason;

  StartException(String reason) {
    super(reason);
    this.reason = reason;
  }

  String reason() {
    return reason;
  }
}
