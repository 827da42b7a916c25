package dev.crossfade.sidecar;

import java.util.List;

/**
 * The sidecar cannot start: a line for each thing that is wrong, which says where it is and what
 * would be right.
 */
final class StartException extends Exception {
  private static final long serialVersionUID = 1;

  private final String reason;

  StartException(String reason) {
    super(reason);
    this.reason = reason;
  }

  /** One line for each problem, if there is any. */
  static void throwIfAny(List<String> problems) throws StartException {
    if (!problems.isEmpty()) {
      throw new StartException(String.join(System.lineSeparator(), problems));
    }
  }

  String reason() {
    return reason;
  }
}
