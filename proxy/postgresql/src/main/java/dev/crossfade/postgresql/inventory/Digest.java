package dev.crossfade.postgresql.inventory;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** How statements are named where their text is too long. */
public final class Digest {
  private static final int BYTES = 8;

  private Digest() {}

  /**
   * @param normalizedText without literals
   * @return the first 16 hexadecimal digits of its SHA-256
   */
  public static String id(String normalizedText) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256")
              .digest(normalizedText.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash, 0, BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }
}
