package dev.crossfade.server.console.http;

import java.security.cert.X509Certificate;
import org.jspecify.annotations.Nullable;

/**
 * A browser, by its cookie.
 *
 * @param id the cookie's value
 * @param token what its user logged in with; null for nobody
 * @param csrf what each of its forms must carry
 * @param peer where it is, and the certificate that it has shown
 */
public record Visitor(String id, @Nullable String token, String csrf, Peer peer) {
  public boolean isLoggedIn() {
    return token != null;
  }

  /** Whether it has shown who it is, by a token or a certificate. */
  public boolean isKnown() {
    return isLoggedIn() || peer.certificate() != null;
  }

  /** Tells those apart who may see different things. */
  public String caller() {
    X509Certificate certificate = peer.certificate();
    if (isLoggedIn() || certificate == null) {
      return isLoggedIn() ? id : "";
    }
    return certificate.getSerialNumber() + " of " + certificate.getIssuerX500Principal().getName();
  }

  /** Without any of its secrets. */
  @Override
  public String toString() {
    return isLoggedIn() ? "somebody" : "nobody";
  }
}
