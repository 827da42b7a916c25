package dev.crossfade.postgresql.auth;

/** A server did not let the sidecar in: its own words, or what was unexpected. */
public final class LoginFailure extends Exception {
  private static final long serialVersionUID = 1;

  private final String sqlState;

  public LoginFailure(String message) {
    this(message, "");
  }

  /**
   * @param sqlState as the server sent it; empty when it sent none
   */
  public LoginFailure(String message, String sqlState) {
    super(message, null, false, false);
    this.sqlState = sqlState;
  }

  /** As the server sent it; empty when it sent none. */
  public String sqlState() {
    return sqlState;
  }

  /**
   * Whether what was wrong is what this one session asked for in its start-up packet, such as a
   * role that does not exist: others may well be let in.
   */
  public boolean isAboutSession() {
    return sqlState.startsWith("22") || sqlState.startsWith("42");
  }
}
