package dev.crossfade.engine.access;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A token without its secret.
 *
 * @param revoked null unless it was
 */
public record Token(
    long id,
    Identity identity,
    Instant createdAt,
    String createdBy,
    Instant expiresAt,
    @Nullable Revocation revoked) {
  /** Somebody has ended it. */
  public record Revocation(Instant at, String by) {}

  /** Whether it counts. */
  public enum Standing {
    LIVE,
    EXPIRED,
    REVOKED
  }

  public Standing standing(Instant now) {
    if (revoked != null) {
      return Standing.REVOKED;
    }
    return now.isBefore(expiresAt) ? Standing.LIVE : Standing.EXPIRED;
  }
}
