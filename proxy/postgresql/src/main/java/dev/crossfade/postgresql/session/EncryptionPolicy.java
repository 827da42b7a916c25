package dev.crossfade.postgresql.session;

import dev.crossfade.net.tls.ListenerTls;
import org.jspecify.annotations.Nullable;

/**
 * How a listener's clients may be encrypted.
 *
 * @param tls null: not at all
 * @param required sessions that are not encrypted are refused; cancel requests never are
 */
public record EncryptionPolicy(@Nullable ListenerTls tls, boolean required) {
  /** The name that ALPN knows PostgreSQL's protocol by. */
  public static final String PROTOCOL = "postgresql";

  /** Requests for encryption are answered with a no. */
  public static final EncryptionPolicy NONE = new EncryptionPolicy(null, false);
}
