package dev.crossfade.server.embedded;

/**
 * The embedded server cannot be had; the message is one line for people that says what would help.
 */
public final class EmbeddedPostgresException extends Exception {
  private static final long serialVersionUID = 1;

  EmbeddedPostgresException(String message) {
    super(message);
  }

  EmbeddedPostgresException(String message, Throwable cause) {
    super(message, cause);
  }
}
