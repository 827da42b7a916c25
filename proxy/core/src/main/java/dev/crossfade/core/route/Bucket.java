package dev.crossfade.core.route;

import java.nio.charset.StandardCharsets;

/**
 * The bucket of a stickiness key, 0 to 99,999.
 *
 * <p>Unleash's gradual rollout lets a key in at p percent when {@code murmur3("group:key") % 100 +
 * 1 <= p}. Here the remainder by 100 gives the thousands and the quotient the finer part, so at
 * every whole percentage both agree on every key, and between two whole percentages the share still
 * moves in steps of 0.001 %.
 */
public final class Bucket {
  private Bucket() {}

  /** The bucket of {@code key} within {@code group} (see {@code MigrationFlags}). */
  public static int of(String group, String key) {
    return fromHash(Murmur3.hash32((group + ':' + key).getBytes(StandardCharsets.UTF_8), 0));
  }

  /** The bucket of 32 random bits. */
  public static int fromHash(int hash) {
    long unsigned = Integer.toUnsignedLong(hash);
    return (int) (unsigned % 100 * 1000 + unsigned / 100 % 1000);
  }
}
