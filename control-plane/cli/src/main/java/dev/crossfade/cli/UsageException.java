package dev.crossfade.cli;

/** What was typed cannot be right; the message is one line that says what would be. */
final class UsageException extends Exception {
  private static final long serialVersionUID = 1;

  UsageException(String message) {
    super(message);
  }
}
