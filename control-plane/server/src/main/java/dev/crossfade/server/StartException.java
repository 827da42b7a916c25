package dev.crossfade.server;

/**
 * The control plane cannot start; the message is one line for people that says what would be right.
 */
public final class StartException extends Exception {
  private static final long serialVersionUID = 1;

  StartException(String message) {
    super(message);
  }

  StartException(String message, Throwable cause) {
    super(message, cause);
  }
}
