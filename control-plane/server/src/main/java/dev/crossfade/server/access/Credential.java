package dev.crossfade.server.access;

import dev.crossfade.engine.access.CertificateNames;
import dev.crossfade.engine.access.TokenSecret;
import io.grpc.Attributes;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.inprocess.InProcessSocketAddress;
import java.io.ByteArrayInputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import javax.security.auth.x500.X500Principal;
import org.jspecify.annotations.Nullable;

/** What a call has shown of its caller. Nothing of it is secret. */
sealed interface Credential {
  /** A token; only its hash is kept. */
  record OfToken(String hash) implements Credential {}

  /** What can not be a token. */
  record Garbled() implements Credential {}

  /** A certificate, whose signature TLS has verified. */
  record OfCertificate(String subject, Set<CertificateNames.Name> names, Instant expiresAt)
      implements Credential {}

  /** Nothing. */
  record Nothing() implements Credential {}

  /**
   * Where a call comes from.
   *
   * @param address for messages, and to count failures by
   * @param here whether it is this machine
   */
  record Peer(String address, boolean here) {}

  /** What a call has shown. A token counts before a certificate: it was given for this call. */
  static Credential of(Attributes transport, Metadata headers) {
    String authorization = headers.get(Caller.AUTHORIZATION);
    if (authorization != null) {
      String scheme = Caller.BEARER;
      if (!authorization.regionMatches(true, 0, scheme, 0, scheme.length())) {
        return new Garbled();
      }
      Optional<TokenSecret> secret =
          TokenSecret.parse(authorization.substring(scheme.length()).trim());
      return secret.<Credential>map(s -> new OfToken(s.hash())).orElseGet(Garbled::new);
    }
    X509Certificate certificate = certificate(transport, headers);
    return certificate == null
        ? new Nothing()
        : new OfCertificate(
            certificate.getSubjectX500Principal().getName(X500Principal.RFC2253),
            names(certificate),
            certificate.getNotAfter().toInstant());
  }

  /** What a front of this process says of its callers counts; what others say does not. */
  private static @Nullable X509Certificate certificate(Attributes transport, Metadata headers) {
    if (transport.get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR) instanceof InProcessSocketAddress) {
      byte[] said = headers.get(Caller.CERTIFICATE);
      return said == null ? null : certificate(said);
    }
    return certificate(transport.get(Grpc.TRANSPORT_ATTR_SSL_SESSION));
  }

  private static X509Certificate certificate(byte[] encoded) {
    try {
      return (X509Certificate)
          CertificateFactory.getInstance("X.509")
              .generateCertificate(new ByteArrayInputStream(encoded));
    } catch (CertificateException e) {
      throw new IllegalArgumentException("the front has passed on what is no certificate", e);
    }
  }

  private static @Nullable X509Certificate certificate(@Nullable SSLSession session) {
    if (session == null) {
      return null;
    }
    try {
      Certificate[] shown = session.getPeerCertificates();
      return shown.length > 0 && shown[0] instanceof X509Certificate first ? first : null;
    } catch (SSLPeerUnverifiedException e) {
      // It has shown none.
      return null;
    }
  }

  private static Set<CertificateNames.Name> names(X509Certificate certificate) {
    Set<CertificateNames.Name> names = new HashSet<>();
    names.add(
        new CertificateNames.Name(
            CertificateNames.Field.SUBJECT,
            certificate.getSubjectX500Principal().getName(X500Principal.RFC2253)));
    try {
      var alternatives = certificate.getSubjectAlternativeNames();
      if (alternatives != null) {
        alternatives.forEach(name -> alternative(name).ifPresent(names::add));
      }
    } catch (CertificateParsingException e) {
      // Names that can not be read are names that nobody is found by.
      return Set.copyOf(names);
    }
    return Set.copyOf(names);
  }

  /** RFC 5280, 4.2.1.6: a kind and a value. */
  private static Optional<CertificateNames.Name> alternative(List<?> name) {
    if (!(name.get(0) instanceof Integer kind && name.get(1) instanceof String value)) {
      return Optional.empty();
    }
    return switch (kind) {
      case 1 -> Optional.of(new CertificateNames.Name(CertificateNames.Field.EMAIL, value));
      case 2 -> Optional.of(new CertificateNames.Name(CertificateNames.Field.DNS, value));
      case 6 -> Optional.of(new CertificateNames.Name(CertificateNames.Field.URI, value));
      default -> Optional.empty();
    };
  }

  /** Where a call comes from. Within this process, whoever passes it on says so. */
  static Peer peer(Attributes transport, Metadata headers) {
    SocketAddress remote = transport.get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR);
    if (remote instanceof InetSocketAddress socket) {
      InetAddress address = socket.getAddress();
      return address == null
          ? new Peer(socket.getHostString(), false)
          : new Peer(address.getHostAddress(), address.isLoopbackAddress());
    }
    String said = headers.get(Caller.PEER);
    if (said == null) {
      return new Peer("this process", false);
    }
    try {
      return new Peer(said, InetAddress.ofLiteral(said).isLoopbackAddress());
    } catch (IllegalArgumentException e) {
      return new Peer("this process", false);
    }
  }
}
