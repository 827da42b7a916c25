package dev.crossfade.sql.write;

import dev.crossfade.sql.lens.Refusal;

/** A statement turned out not to be translatable while its translation was written. */
final class RefusedException extends Exception {
  private static final long serialVersionUID = 1L;
  private final Refusal reason;
  private final int token;

  /**
   * @param token where the reason stands
   */
  RefusedException(Refusal reason, int token, String detail) {
    super(detail, null, false, false);
    this.reason = reason;
    this.token = token;
  }

  Refusal reason() {
    return reason;
  }

  int token() {
    return token;
  }

  String detail() {
    return String.valueOf(getMessage());
  }
}
