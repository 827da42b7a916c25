package dev.crossfade.postgresql.session;

import java.time.Duration;

/**
 * What one session may take.
 *
 * @param batchBytes a statement batch above this streams to the authority unread
 * @param heldReplyBytes of new's reply are held back so that old can still answer instead
 * @param pipelined batches in flight on old before the client is no longer read
 * @param statements prepared statements remembered; further ones are answered by the authority
 * @param newTimeout without a first reply from new, old answers
 * @param startupTimeout until a client has logged in
 * @param ackTimeout a client whose write is to be on both sides hears of it after this, late
 */
public record SessionLimits(
    int batchBytes,
    int heldReplyBytes,
    int pipelined,
    int statements,
    Duration newTimeout,
    Duration startupTimeout,
    Duration ackTimeout) {
  public static final SessionLimits DEFAULT =
      new SessionLimits(
          256 * 1024,
          32 * 1024,
          1024,
          4096,
          Duration.ofSeconds(2),
          Duration.ofSeconds(60),
          Duration.ofSeconds(1));

  public SessionLimits {
    if (batchBytes < 1024 || heldReplyBytes < 0 || pipelined < 1 || statements < 0) {
      throw new IllegalArgumentException("a session limit is out of its range");
    }
  }
}
