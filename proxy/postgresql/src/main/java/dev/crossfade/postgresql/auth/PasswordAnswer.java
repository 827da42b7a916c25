package dev.crossfade.postgresql.auth;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Bodies of the password message for the methods that are no SASL. */
final class PasswordAnswer {
  private PasswordAnswer() {}

  static byte[] cleartext(Credentials credentials) {
    return (credentials.password() + '\0').getBytes(StandardCharsets.UTF_8);
  }

  /** {@code "md5" + hex(md5(hex(md5(password + user)) + salt))} */
  static byte[] md5(Credentials credentials, byte[] salt) {
    MessageDigest digest = digest();
    digest.update(credentials.password().getBytes(StandardCharsets.UTF_8));
    digest.update(credentials.user().getBytes(StandardCharsets.UTF_8));
    String inner = HexFormat.of().formatHex(digest.digest());
    digest.update(inner.getBytes(StandardCharsets.US_ASCII));
    digest.update(salt);
    return ("md5" + HexFormat.of().formatHex(digest.digest()) + '\0').getBytes(StandardCharsets.US_ASCII);
  }

  private static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("MD5");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has MD5", e);
    }
  }
}
