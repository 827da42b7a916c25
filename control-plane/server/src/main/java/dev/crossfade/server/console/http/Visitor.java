package dev.crossfade.server.console.http;

import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/**
 * A browser, by its cookie.
 *
 * @param id the cookie's value
 * @param token what its user logged in with; null for nobody
 * @param csrf what each of its forms must carry
 * @param peer the address that it comes from
 */
public record Visitor(String id, @Nullable String token, String csrf, InetAddress peer) {
  public boolean isLoggedIn() {
    return token != null;
  }

  /** Without any of its secrets. */
  @Override
  public String toString() {
    return isLoggedIn() ? "somebody" : "nobody";
  }
}
