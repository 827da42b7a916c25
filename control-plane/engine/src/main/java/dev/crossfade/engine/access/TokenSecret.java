package dev.crossfade.engine.access;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;

/**
 * What the owner of a token shows: {@code cf_} and 256 random bits. The prefix lets those who look
 * for secrets in places where none should be find it.
 */
public final class TokenSecret {
  private static final String PREFIX = "cf_";
  private static final int BYTES = 32;
  private static final Pattern FORM = Pattern.compile("cf_[A-Za-z0-9_-]{43}");

  private final String text;

  private TokenSecret(String text) {
    this.text = text;
  }

  /**
   * A new one.
   *
   * @param random whose numbers nobody can foresee
   */
  public static TokenSecret make(RandomGenerator random) {
    byte[] bytes = new byte[BYTES];
    random.nextBytes(bytes);
    return new TokenSecret(PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
  }

  /** Empty when it can not be one. */
  public static Optional<TokenSecret> parse(String text) {
    return FORM.matcher(text).matches() ? Optional.of(new TokenSecret(text)) : Optional.empty();
  }

  /** The secret itself, to be shown to its owner once. */
  public String reveal() {
    return text;
  }

  /**
   * What is kept of it, SHA-256 in lower-case hex. A slow hash would add nothing: 256 random bits
   * can not be guessed at any speed.
   */
  public String hash() {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.US_ASCII));
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /** Without the secret. */
  @Override
  public String toString() {
    return PREFIX + "***";
  }
}
