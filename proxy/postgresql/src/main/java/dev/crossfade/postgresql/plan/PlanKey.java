package dev.crossfade.postgresql.plan;

import dev.crossfade.sql.parse.Fingerprint;
import java.util.Arrays;

/**
 * What one plan serves.
 *
 * @param parameterTypes OIDs that the client fixed in Parse; they take part in what old infers
 */
public record PlanKey(Fingerprint fingerprint, int[] parameterTypes) {
  @Override
  public boolean equals(Object other) {
    return other instanceof PlanKey key
        && key.fingerprint.equals(fingerprint)
        && Arrays.equals(key.parameterTypes, parameterTypes);
  }

  @Override
  public int hashCode() {
    return 31 * fingerprint.hashCode() + Arrays.hashCode(parameterTypes);
  }
}
