package dev.crossfade.server.access;

import dev.crossfade.engine.access.Identity;
import dev.crossfade.engine.access.Need;
import dev.crossfade.engine.access.Role;
import dev.crossfade.engine.catalog.CatalogLimits;
import io.grpc.ClientInterceptor;
import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.stub.MetadataUtils;
import java.net.InetAddress;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Who makes a call.
 *
 * @param identity null where nobody has to say who it is
 * @param expiresAt when the token or the certificate stops to count; null where there is neither
 */
public record Caller(@Nullable Identity identity, Proof proof, @Nullable Instant expiresAt) {
  static final Context.Key<Caller> KEY = Context.key("crossfade-caller");

  static final Metadata.Key<String> AUTHORIZATION =
      Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

  /** Believed only within this process. */
  static final Metadata.Key<String> PEER =
      Metadata.Key.of("crossfade-peer", Metadata.ASCII_STRING_MARSHALLER);

  /** As {@link #PEER}: whose signature the front's own TLS has verified, in DER. */
  static final Metadata.Key<byte[]> CERTIFICATE =
      Metadata.Key.of("crossfade-certificate-bin", Metadata.BINARY_BYTE_MARSHALLER);

  static final String BEARER = "Bearer ";

  /** Everybody, on a control plane that does not ask. */
  static final Caller ANYBODY = new Caller(null, Proof.NONE, null);

  private static final String UNKNOWN = "unknown";

  /** How it has shown who it is. */
  public enum Proof {
    NONE,
    TOKEN,
    CERTIFICATE
  }

  /** Who makes the call that is served here; empty outside of calls. */
  public static Optional<Caller> current() {
    return Optional.ofNullable(KEY.get());
  }

  /**
   * For a front of this same process that calls on behalf of others, through the in-process
   * transport.
   *
   * @param peer where the other is
   * @param certificate that it has shown, verified; null for none
   * @param token what it has given; null for nothing
   */
  public static ClientInterceptor behind(
      InetAddress peer, @Nullable X509Certificate certificate, @Nullable String token) {
    Metadata headers = new Metadata();
    headers.put(PEER, peer.getHostAddress());
    if (certificate != null) {
      try {
        headers.put(CERTIFICATE, certificate.getEncoded());
      } catch (CertificateEncodingException e) {
        throw new IllegalStateException("it came encoded", e);
      }
    }
    if (token != null) {
      headers.put(AUTHORIZATION, BEARER + token);
    }
    return MetadataUtils.newAttachHeadersInterceptor(headers);
  }

  /** Who it is; empty where nobody has to say. */
  public Optional<Identity> who() {
    return Optional.ofNullable(identity);
  }

  /** Its name; empty where nobody has to say. */
  public String name() {
    return identity == null ? "" : identity.name();
  }

  /** What it may do. */
  public Role role() {
    return identity == null ? Role.ADMIN : identity.role();
  }

  /** Whether it may make calls that need this. */
  public boolean may(Need need) {
    // Who does not have to say who it is may be a sidecar as well.
    return identity == null || need.isMetBy(identity.role());
  }

  /**
   * Who is said to have changed something. Who has shown who it is can say for whom it does it, but
   * not be somebody else.
   *
   * @param given by the caller; blank for nobody
   */
  public String actor(String given) {
    if (identity == null) {
      return given.isBlank() ? UNKNOWN : given;
    }
    if (given.isBlank() || given.equals(identity.name())) {
      return identity.name();
    }
    String head = identity.name() + " (for ";
    int room = CatalogLimits.ACTOR_MAX_CHARS - head.length() - 1;
    return head + (given.length() <= room ? given : given.substring(0, room)) + ')';
  }

  /** Who is said to have changed something by the call that is served here. */
  public static String actorOf(String given) {
    return current().orElse(ANYBODY).actor(given);
  }
}
