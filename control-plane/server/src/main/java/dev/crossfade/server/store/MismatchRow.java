package dev.crossfade.server.store;

import java.time.Instant;

/**
 * Confirmed differences of one kind.
 *
 * @param sample the newest of them, a Mismatch
 * @param count how many
 */
public record MismatchRow(Key key, byte[] sample, long count, Instant firstSeen, Instant lastSeen) {
  /**
   * What makes two of one kind.
   *
   * @param columns stands for their names
   */
  public record Key(String migration, String query, String verdict, String columns) {}

  /** Both, of one kind. */
  public MismatchRow plus(MismatchRow later) {
    return new MismatchRow(
        key,
        later.lastSeen.isBefore(lastSeen) ? sample : later.sample,
        count + later.count,
        firstSeen.isBefore(later.firstSeen) ? firstSeen : later.firstSeen,
        lastSeen.isAfter(later.lastSeen) ? lastSeen : later.lastSeen);
  }
}
