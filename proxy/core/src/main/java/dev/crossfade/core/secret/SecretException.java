package dev.crossfade.core.secret;

/** A secret that can not be had; the message says why, for people, and nothing of the secret. */
public final class SecretException extends Exception {
  private static final long serialVersionUID = 1;

  public SecretException(String message) {
    super(message, null, false, false);
  }
}
