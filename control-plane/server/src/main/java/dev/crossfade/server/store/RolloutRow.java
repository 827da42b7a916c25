package dev.crossfade.server.store;

import dev.crossfade.engine.rollout.Baseline;
import dev.crossfade.engine.rollout.Rollout;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A rollout, as it was last written.
 *
 * @param fileHash of the file whose plan it follows
 */
public record RolloutRow(
    String migration, String fileHash, Rollout rollout, Counting counting, Story story) {
  /**
   * What its step is judged by.
   *
   * @param brokenSince since when guards have been broken, by name
   */
  public record Counting(Baseline baseline, Map<String, Instant> brokenSince) {
    public Counting {
      brokenSince = Map.copyOf(brokenSince);
    }
  }

  /**
   * For people.
   *
   * @param waits why it does not go on; empty when it does
   * @param endedAt null when it has not
   */
  public record Story(
      Instant startedAt, String startedBy, String waits, @Nullable Instant endedAt) {}

  /** With another state. */
  public RolloutRow with(Rollout next) {
    return new RolloutRow(migration, fileHash, next, counting, story);
  }

  /** With another beginning of its counting. */
  public RolloutRow with(Counting next) {
    return new RolloutRow(migration, fileHash, rollout, next, story);
  }
}
