package dev.crossfade.postgresql.auth;

/** A server did not let the sidecar in: its own words, or what was unexpected. */
public final class LoginFailure extends Exception {
  private static final long serialVersionUID = 1;

  public LoginFailure(String message) {
    super(message, null, false, false);
  }
}
