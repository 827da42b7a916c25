package dev.crossfade.testkit.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** A certificate authority that nobody should trust: it signs what it is asked to. */
public final class Authority {
  private static final String COMMON_NAME = "2.5.4.3";
  private static final String ECDSA_WITH_SHA256 = "1.2.840.10045.4.3.2";
  private static final String BASIC_CONSTRAINTS = "2.5.29.19";
  private static final String SUBJECT_ALTERNATIVE_NAME = "2.5.29.17";
  private static final int NAME_TAG = 0x82;
  private static final int ADDRESS_TAG = 0x87;
  private static final Duration VALID = Duration.ofDays(2);

  private final Identity root;

  private Authority(Identity root) {
    this.root = root;
  }

  /** An authority with a new key. */
  public static Authority create(String name) {
    try {
      KeyPair pair = newPair();
      byte[] constraints = extension(BASIC_CONSTRAINTS, Der.sequence(Der.yes()));
      return new Authority(
          new Identity(sign(name, pair, name, pair.getPrivate(), constraints), pair.getPrivate()));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The certificate that all others are signed with. */
  public X509Certificate certificate() {
    return root.certificate();
  }

  /** The same in PEM. */
  public String pem() {
    return root.certificatePem();
  }

  /**
   * A new key and a certificate for it.
   *
   * @param commonName who it is for
   * @param hosts the names and addresses it is valid for
   */
  public Identity issue(String commonName, String... hosts) {
    try {
      KeyPair pair = newPair();
      byte[][] names = new byte[hosts.length][];
      for (int i = 0; i < hosts.length; i++) {
        names[i] = name(hosts[i]);
      }
      byte[][] extensions =
          hosts.length == 0
              ? new byte[0][]
              : new byte[][] {extension(SUBJECT_ALTERNATIVE_NAME, Der.sequence(names))};
      String issuer = root.commonName();
      return new Identity(
          sign(commonName, pair, issuer, root.key(), extensions), pair.getPrivate());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * A client's context that trusts this authority alone.
   *
   * @param client what it shows of itself, if anything
   */
  public SSLContext clientContext(Optional<Identity> client) {
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      store.setCertificateEntry("root", root.certificate());
      TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
      trust.init(store);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(
          client.map(identity -> identity.keyManagers().getKeyManagers()).orElse(null),
          trust.getTrustManagers(),
          null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] name(String host) {
    if (!Character.isDigit(host.charAt(0))) {
      return Der.tagged(NAME_TAG, host.getBytes(StandardCharsets.US_ASCII));
    }
    try {
      return Der.tagged(ADDRESS_TAG, InetAddress.getByName(host).getAddress());
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private static byte[] extension(String oid, byte[] value) {
    return Der.sequence(Der.oid(oid), Der.octets(value));
  }

  private static KeyPair newPair() throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    return generator.generateKeyPair();
  }

  /** RFC 5280, 4.1. */
  private static X509Certificate sign(
      String subject, KeyPair pair, String issuer, PrivateKey signer, byte[]... extensions)
      throws GeneralSecurityException {
    Instant now = Instant.now();
    byte[] algorithm = Der.sequence(Der.oid(ECDSA_WITH_SHA256));
    byte[] body =
        Der.sequence(
            Der.tagged(0xa0, Der.integer(BigInteger.TWO)),
            Der.integer(new BigInteger(64, new SecureRandom())),
            algorithm,
            distinguished(issuer),
            Der.sequence(Der.time(now.minus(VALID)), Der.time(now.plus(VALID))),
            distinguished(subject),
            pair.getPublic().getEncoded(),
            extensions.length == 0 ? new byte[0] : Der.tagged(0xa3, Der.sequence(extensions)));
    Signature signature = Signature.getInstance("SHA256withECDSA");
    signature.initSign(signer);
    signature.update(body);
    byte[] whole = Der.sequence(body, algorithm, Der.bits(signature.sign()));
    return (X509Certificate)
        CertificateFactory.getInstance("X.509")
            .generateCertificate(new ByteArrayInputStream(whole));
  }

  private static byte[] distinguished(String commonName) {
    return Der.sequence(Der.set(Der.sequence(Der.oid(COMMON_NAME), Der.text(commonName))));
  }
}
