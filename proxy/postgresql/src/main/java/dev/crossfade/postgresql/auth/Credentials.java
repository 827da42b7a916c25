package dev.crossfade.postgresql.auth;

/**
 * Who the sidecar is on a server.
 *
 * @param password empty where the server asks for none; never logged
 */
public record Credentials(String user, String password) {
  @Override
  public String toString() {
    return "Credentials[user=" + user + ']';
  }
}
