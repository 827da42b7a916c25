package dev.crossfade.server.console;

import io.vertx.core.http.Cookie;
import io.vertx.core.http.CookieSameSite;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * The console's two cookies: who comes, and what the next page is to say. Browsers do not tell
 * ports apart, so the names do.
 */
final class Cookies {
  private static final int TOLD_SECONDS = 20;
  private static final int TOLD_MAX_CHARS = 1_500;

  private final String visitor;
  private final String told;
  private final boolean secure;

  /**
   * @param port where it is served
   * @param secure whether over TLS
   */
  Cookies(int port, boolean secure) {
    // With this prefix browsers take it from the very host and over TLS only.
    String prefix = secure ? "__Host-" : "";
    this.visitor = prefix + "crossfade-" + port;
    this.told = prefix + "crossfade-told-" + port;
    this.secure = secure;
  }

  @Nullable String visitor(HttpServerRequest request) {
    Cookie cookie = request.getCookie(visitor);
    return cookie == null ? null : cookie.getValue();
  }

  void setVisitor(HttpServerResponse response, String id) {
    response.addCookie(cookie(visitor, id));
  }

  /** What was to be told, which is forgotten by this; empty for nothing. */
  String takeTold(HttpServerRequest request, HttpServerResponse response) {
    Cookie cookie = request.getCookie(told);
    if (cookie == null) {
      return "";
    }
    response.addCookie(cookie(told, "").setMaxAge(0));
    try {
      return new String(Base64.getUrlDecoder().decode(cookie.getValue()), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return "";
    }
  }

  void setTold(HttpServerResponse response, String sentence) {
    String part =
        sentence.length() > TOLD_MAX_CHARS ? sentence.substring(0, TOLD_MAX_CHARS) : sentence;
    String value =
        Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString(part.getBytes(StandardCharsets.UTF_8));
    response.addCookie(cookie(told, value).setMaxAge(TOLD_SECONDS));
  }

  private Cookie cookie(String name, String value) {
    return Cookie.cookie(name, value)
        .setPath("/")
        .setHttpOnly(true)
        .setSecure(secure)
        .setSameSite(CookieSameSite.LAX);
  }
}
