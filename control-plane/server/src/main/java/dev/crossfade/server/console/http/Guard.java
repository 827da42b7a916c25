package dev.crossfade.server.console.http;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.net.URI;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a request must be like, and what every answer tells the browser to be careful about. */
public final class Guard {
  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
          + " form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
  private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

  private final @Nullable String listenHost;
  private final boolean tls;

  private Guard(@Nullable String listenHost, boolean tls) {
    this.listenHost = listenHost;
    this.tls = tls;
  }

  /**
   * One for this machine alone. Others' pages must not reach it by giving this machine's address a
   * name of theirs, so it answers to its own names only.
   *
   * @param listenHost another name that it may be called by
   */
  public static Guard ofLoopback(String listenHost, boolean tls) {
    return new Guard(bracketed(listenHost).toLowerCase(Locale.ROOT), tls);
  }

  /** One that others reach, by whatever name. */
  public static Guard ofNetwork(boolean tls) {
    return new Guard(null, tls);
  }

  private static String bracketed(String host) {
    return host.indexOf(':') >= 0 && !host.startsWith("[") ? "[" + host + "]" : host;
  }

  /** Headers for every answer. */
  public void protect(HttpServerResponse response) {
    response
        .putHeader("Content-Security-Policy", POLICY)
        .putHeader("X-Frame-Options", "DENY")
        .putHeader("X-Content-Type-Options", "nosniff")
        .putHeader("Referrer-Policy", "same-origin")
        .putHeader("Cross-Origin-Opener-Policy", "same-origin")
        .putHeader("Cross-Origin-Resource-Policy", "same-origin")
        .putHeader("Cache-Control", "no-store");
    if (tls) {
      response.putHeader("Strict-Transport-Security", "max-age=31536000");
    }
  }

  /** Why this console is not the one that is called; empty when it is. */
  public Optional<String> misdirected(HttpServerRequest request) {
    String host = host(request);
    if (listenHost == null || LOOPBACK.contains(host) || host.equals(listenHost)) {
      return Optional.empty();
    }
    return Optional.of(
        "this console is served to this machine only: open it as localhost, or as " + listenHost);
  }

  /** Why a form does not come from a page of ours; empty when it does. */
  public static Optional<String> foreign(HttpServerRequest request) {
    String site = request.getHeader("Sec-Fetch-Site");
    String origin = request.getHeader("Origin");
    boolean own =
        site != null
            ? site.equals("same-origin") || site.equals("none")
            : origin == null || authority(origin).equals(request.getHeader("Host"));
    return own
        ? Optional.empty()
        : Optional.of("this form was not sent from a page of this console");
  }

  private static String host(HttpServerRequest request) {
    String header = request.getHeader("Host");
    return header == null ? "" : header.replaceFirst(":[0-9]{1,5}$", "").toLowerCase(Locale.ROOT);
  }

  private static String authority(String origin) {
    try {
      return String.valueOf(URI.create(origin).getRawAuthority());
    } catch (IllegalArgumentException e) {
      return "";
    }
  }
}
