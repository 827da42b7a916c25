package dev.crossfade.testkit.wire;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * The client's half of SCRAM-SHA-256 without channel binding (RFC 5802 and 7677), for passwords in
 * ASCII.
 */
final class Scram {
  static final String MECHANISM = "SCRAM-SHA-256";
  private static final String NO_CHANNEL_BINDING = "n,,";
  private static final int NONCE_BYTES = 18;
  private static final int KEY_BITS = 256;

  private final String password;
  private final String clientFirstBare;
  private byte[] expectedServerSignature = {};

  Scram(String password) {
    this.password = password;
    byte[] nonce = new byte[NONCE_BYTES];
    new SecureRandom().nextBytes(nonce);
    // PostgreSQL takes the user from the startup message and ignores the name here.
    clientFirstBare = "n=,r=" + Base64.getEncoder().encodeToString(nonce);
  }

  String clientFirst() {
    return NO_CHANNEL_BINDING + clientFirstBare;
  }

  /** Answers the server's first message. */
  String clientFinal(String serverFirst) throws GeneralSecurityException {
    String nonce = attribute(serverFirst, "r=");
    if (!nonce.startsWith(clientFirstBare.substring("n=,r=".length()))) {
      throw new IllegalStateException(
          "the server's nonce does not begin with ours: " + serverFirst);
    }
    byte[] salt = Base64.getDecoder().decode(attribute(serverFirst, "s="));
    int iterations = Integer.parseInt(attribute(serverFirst, "i="));
    byte[] salted =
        SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
            .generateSecret(new PBEKeySpec(password.toCharArray(), salt, iterations, KEY_BITS))
            .getEncoded();
    String withoutProof =
        "c="
            + Base64.getEncoder().encodeToString(NO_CHANNEL_BINDING.getBytes(UTF_8))
            + ",r="
            + nonce;
    String exchanged = clientFirstBare + "," + serverFirst + "," + withoutProof;
    byte[] clientKey = hmac(salted, "Client Key");
    byte[] storedKey = MessageDigest.getInstance("SHA-256").digest(clientKey);
    byte[] proof = hmac(storedKey, exchanged);
    for (int i = 0; i < proof.length; i++) {
      proof[i] ^= clientKey[i];
    }
    expectedServerSignature = hmac(hmac(salted, "Server Key"), exchanged);
    return withoutProof + ",p=" + Base64.getEncoder().encodeToString(proof);
  }

  /** Checks that the server knows the password too. */
  void verify(String serverFinal) {
    if (!Arrays.equals(
        expectedServerSignature, Base64.getDecoder().decode(attribute(serverFinal, "v=")))) {
      throw new IllegalStateException("the server's signature is wrong");
    }
  }

  private static String attribute(String message, String prefix) {
    return Arrays.stream(message.split(",", -1))
        .filter(part -> part.startsWith(prefix))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("no " + prefix + " in " + message))
        .substring(prefix.length());
  }

  private static byte[] hmac(byte[] key, String text) throws GeneralSecurityException {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(key, "HmacSHA256"));
    return mac.doFinal(text.getBytes(UTF_8));
  }
}
