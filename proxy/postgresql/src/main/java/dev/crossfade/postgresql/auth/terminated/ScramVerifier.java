package dev.crossfade.postgresql.auth.terminated;

import java.util.Arrays;
import java.util.Base64;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What lets a server check a password by SCRAM-SHA-256 without knowing it (RFC 5803), in the form
 * in which PostgreSQL keeps it in {@code pg_authid.rolpassword}.
 *
 * <pre>
 * SCRAM-SHA-256$iterations:salt$StoredKey:ServerKey     the last three in base64
 * </pre>
 *
 * @param iterations of the key derivation, 1 or more
 * @param salt at least one byte
 * @param storedKey 32 bytes
 * @param serverKey 32 bytes; who knows it can pretend to be the server
 */
public record ScramVerifier(int iterations, byte[] salt, byte[] storedKey, byte[] serverKey) {
  static final int KEY_BYTES = 32;

  private static final Pattern FORM =
      Pattern.compile("SCRAM-SHA-256\\$([0-9]{1,9}):([^$:]+)\\$([^$:]+):([^$:]+)");

  /**
   * @throws IllegalArgumentException with one sentence for people, which shows none of the text
   */
  public static ScramVerifier parse(String text) {
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      throw new IllegalArgumentException(
          "is no SCRAM verifier; copy rolpassword from pg_authid as it is,"
              + " SCRAM-SHA-256$iterations:salt$StoredKey:ServerKey");
    }
    int iterations = Integer.parseInt(form.group(1));
    if (iterations < 1) {
      throw new IllegalArgumentException("has no iterations; PostgreSQL writes 4096 of them");
    }
    return new ScramVerifier(
        iterations,
        decode(form.group(2), "salt"),
        key(form.group(3), "StoredKey"),
        key(form.group(4), "ServerKey"));
  }

  private static byte[] key(String base64, String name) {
    byte[] key = decode(base64, name);
    if (key.length != KEY_BYTES) {
      throw new IllegalArgumentException(
          "has a " + name + " of " + key.length + " bytes; that of SCRAM-SHA-256 has 32");
    }
    return key;
  }

  private static byte[] decode(String base64, String name) {
    try {
      return Base64.getDecoder().decode(base64);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("has a " + name + " that is not base64", e);
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ScramVerifier verifier
        && verifier.iterations == iterations
        && Arrays.equals(verifier.salt, salt)
        && Arrays.equals(verifier.storedKey, storedKey)
        && Arrays.equals(verifier.serverKey, serverKey);
  }

  @Override
  public int hashCode() {
    return Objects.hash(iterations, Arrays.hashCode(salt), Arrays.hashCode(storedKey));
  }

  @Override
  public String toString() {
    return "ScramVerifier[iterations=" + iterations + ']';
  }
}
