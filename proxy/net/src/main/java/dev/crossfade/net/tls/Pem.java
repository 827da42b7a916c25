package dev.crossfade.net.tls;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What stands in PEM files (RFC 7468). */
final class Pem {
  private static final Pattern KEY =
      Pattern.compile("-----BEGIN PRIVATE KEY-----([^-]*)-----END PRIVATE KEY-----");
  private static final Pattern ANY_KEY = Pattern.compile("-----BEGIN ([A-Z ]*)PRIVATE KEY-----");

  /** The kinds of keys that certificates are made for, and how each is tried. */
  private enum Kind {
    RSA("SHA256withRSA"),
    EC("SHA256withECDSA"),
    ED25519("Ed25519"),
    ED448("Ed448");

    private final String signature;

    Kind(String signature) {
      this.signature = signature;
    }
  }

  private Pem() {}

  /**
   * @return one certificate or more, in the file's order
   */
  static X509Certificate[] certificates(Path file, byte[] content) throws TlsException {
    List<X509Certificate> found;
    try {
      found =
          CertificateFactory.getInstance("X.509")
              .generateCertificates(new ByteArrayInputStream(content))
              .stream()
              .map(X509Certificate.class::cast)
              .toList();
    } catch (CertificateException e) {
      throw new TlsException(file, "is no certificate in PEM format");
    }
    if (found.isEmpty()) {
      throw new TlsException(file, "has no certificate in it; PEM format is expected");
    }
    return found.toArray(X509Certificate[]::new);
  }

  /** The private key, which must be that of the certificate. */
  static PrivateKey key(Path file, byte[] content, X509Certificate certificate)
      throws TlsException {
    PKCS8EncodedKeySpec encoded = new PKCS8EncodedKeySpec(pkcs8(file, content));
    boolean readable = false;
    for (Kind kind : Kind.values()) {
      Optional<PrivateKey> key = parse(kind, encoded);
      readable |= key.isPresent();
      if (key.isPresent() && fits(kind, key.get(), certificate.getPublicKey())) {
        return key.get();
      }
    }
    throw new TlsException(
        file,
        readable
            ? "is not the key of the certificate; give the two that belong together"
            : "is no private key of a known kind (RSA, EC, Ed25519)");
  }

  private static byte[] pkcs8(Path file, byte[] content) throws TlsException {
    String text = new String(content, StandardCharsets.ISO_8859_1);
    Matcher key = KEY.matcher(text);
    if (key.find()) {
      try {
        return Base64.getMimeDecoder().decode(key.group(1));
      } catch (IllegalArgumentException e) {
        throw new TlsException(file, "is damaged: its base64 cannot be decoded");
      }
    }
    Matcher other = ANY_KEY.matcher(text);
    if (!other.find()) {
      throw new TlsException(file, "has no private key in it; PEM format is expected");
    }
    throw new TlsException(
        file,
        "has a key that is "
            + (other.group(1).startsWith("ENCRYPTED") ? "encrypted" : "not in PKCS #8")
            + "; convert it with openssl pkcs8 -topk8 -nocrypt");
  }

  private static Optional<PrivateKey> parse(Kind kind, PKCS8EncodedKeySpec encoded) {
    try {
      return Optional.of(KeyFactory.getInstance(kind.name()).generatePrivate(encoded));
    } catch (GeneralSecurityException e) {
      return Optional.empty();
    }
  }

  private static boolean fits(Kind kind, PrivateKey key, PublicKey publicKey) {
    byte[] sample = "crossfade".getBytes(StandardCharsets.US_ASCII);
    try {
      Signature signature = Signature.getInstance(kind.signature);
      signature.initSign(key);
      signature.update(sample);
      byte[] signed = signature.sign();
      signature.initVerify(publicKey);
      signature.update(sample);
      return signature.verify(signed);
    } catch (GeneralSecurityException e) {
      return false;
    }
  }
}
