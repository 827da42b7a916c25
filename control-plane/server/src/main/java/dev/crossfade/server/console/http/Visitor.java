package dev.crossfade.server.console.http;

import org.jspecify.annotations.Nullable;

/**
 * A browser, by its cookie.
 *
 * @param id the cookie's value
 * @param token what its user logged in with; null for nobody
 * @param csrf what each of its forms must carry
 */
public record Visitor(String id, @Nullable String token, String csrf) {
  public boolean isLoggedIn() {
    return token != null;
  }

  /** Without any of its secrets. */
  @Override
  public String toString() {
    return isLoggedIn() ? "somebody" : "nobody";
  }
}
