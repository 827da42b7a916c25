package dev.crossfade.engine.flag;

import dev.crossfade.core.migration.ReadShare;
import dev.crossfade.core.migration.Stage;
import dev.crossfade.core.migration.Stickiness;
import org.jspecify.annotations.Nullable;

/** What a flag asks of a migration now. */
public sealed interface FlagReading {
  /**
   * A share of reads.
   *
   * @param bucketGroup with which Unleash lets callers in
   * @param origin where it stands, for people
   */
  record Asked(ReadShare reads, Stickiness stickiness, String bucketGroup, String origin)
      implements FlagReading {}

  /**
   * No reads on new: the flag or its kill switch says so.
   *
   * @param to the stage to roll back to; null to stay
   */
  record Stopped(@Nullable Stage to, String origin) implements FlagReading {}

  /**
   * It cannot be said, so that the last share is kept.
   *
   * @param reason one sentence
   */
  record Unusable(String reason) implements FlagReading {}
}
