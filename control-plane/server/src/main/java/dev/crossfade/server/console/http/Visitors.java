package dev.crossfade.server.console.http;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Who is behind a browser's cookie. Only those who have logged in are remembered; a cookie of
 * anybody else is just the number that his forms' tokens are made from.
 */
public final class Visitors {
  /** Who comes when so many are logged in has to wait. */
  public static final int SESSIONS_MAX = 1_000;

  static final Duration IDLE_MAX = Duration.ofHours(2);
  static final Duration LIFE_MAX = Duration.ofHours(12);
  private static final Pattern ID = Pattern.compile("[A-Za-z0-9_-]{43}");
  private static final int BYTES = 32;

  private final ReentrantLock lock = new ReentrantLock();
  private final Map<String, Session> sessions = new HashMap<>();
  private final SecureRandom random = new SecureRandom();
  private final SecretKeySpec key = new SecretKeySpec(bytes(), "HmacSHA256");
  private final InstantSource clock;

  private record Session(String token, Instant begun, Instant used) {
    boolean isOver(Instant now) {
      return now.isAfter(used.plus(IDLE_MAX)) || now.isAfter(begun.plus(LIFE_MAX));
    }

    Session usedAt(Instant now) {
      return new Session(token, begun, now);
    }
  }

  public Visitors(InstantSource clock) {
    this.clock = clock;
  }

  /**
   * @param cookie what the browser has sent; null or anything else than ours makes a new one
   * @param peer where it is
   */
  public Visitor of(@Nullable String cookie, Peer peer) {
    if (cookie == null || !ID.matcher(cookie).matches()) {
      return visitor(newId(), null, peer);
    }
    lock.lock();
    try {
      Session session = sessions.get(cookie);
      Instant now = clock.instant();
      if (session != null && session.isOver(now)) {
        sessions.remove(cookie);
        session = null;
      }
      if (session == null) {
        return visitor(cookie, null, peer);
      }
      sessions.put(cookie, session.usedAt(now));
      return visitor(cookie, session.token(), peer);
    } finally {
      lock.unlock();
    }
  }

  /** Remembers somebody under a new cookie; empty when there is no room. */
  public Optional<Visitor> login(String token, Peer peer) {
    lock.lock();
    try {
      Instant now = clock.instant();
      if (sessions.size() >= SESSIONS_MAX) {
        sessions.values().removeIf(session -> session.isOver(now));
      }
      if (sessions.size() >= SESSIONS_MAX) {
        return Optional.empty();
      }
      String id = newId();
      sessions.put(id, new Session(token, now, now));
      return Optional.of(visitor(id, token, peer));
    } finally {
      lock.unlock();
    }
  }

  /** Forgets him. */
  public void logout(Visitor visitor) {
    lock.lock();
    try {
      sessions.remove(visitor.id());
    } finally {
      lock.unlock();
    }
  }

  /** Whether a form is one that was made for this visitor. */
  public static boolean isOwnForm(Visitor visitor, @Nullable String csrf) {
    return csrf != null
        && MessageDigest.isEqual(
            csrf.getBytes(StandardCharsets.UTF_8), visitor.csrf().getBytes(StandardCharsets.UTF_8));
  }

  private Visitor visitor(String id, @Nullable String token, Peer peer) {
    try {
      Mac mac = Mac.getInstance(key.getAlgorithm());
      mac.init(key);
      return new Visitor(id, token, text(mac.doFinal(id.getBytes(StandardCharsets.UTF_8))), peer);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has HMAC-SHA-256", e);
    }
  }

  private String newId() {
    return text(bytes());
  }

  private byte[] bytes() {
    byte[] bytes = new byte[BYTES];
    random.nextBytes(bytes);
    return bytes;
  }

  private static String text(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
