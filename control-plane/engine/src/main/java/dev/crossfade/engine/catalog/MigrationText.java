package dev.crossfade.engine.catalog;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A migration file as it came.
 *
 * @param yaml its text
 * @param source where it came from, as the caller named it; for people
 */
public record MigrationText(String yaml, String source) {
  /** SHA-256 of the text in lower-case hex: tells it from every other file. */
  public String hash() {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(yaml.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
