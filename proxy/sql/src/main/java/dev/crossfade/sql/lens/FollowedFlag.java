package dev.crossfade.sql.lens;

import dev.crossfade.core.migration.Stage;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A flag of Unleash that decides a migration's share of reads.
 *
 * <pre>{@code
 * flag:
 *   unleash: split-customers-reads
 *   environment: production
 *   context: {region: eu}
 *   percentage: rollout
 *   kill: {flag: split-customers-kill, to: SHADOW}
 * }</pre>
 *
 * @param name in Unleash
 * @param environment that must be the one which the control plane follows; null for any
 * @param context what the constraints of strategies are evaluated with
 * @param percentage where the share stands
 * @param kill the flag that takes all reads back while it is on; null for none
 */
public record FollowedFlag(
    String name,
    @Nullable String environment,
    Map<String, String> context,
    Percentage percentage,
    @Nullable Kill kill) {
  /** Where the share stands. */
  public enum Percentage {
    /** In the gradual rollout of the flag's strategy. */
    ROLLOUT,
    /** In the payload of the variant. */
    VARIANT
  }

  /**
   * A kill switch.
   *
   * @param flag in Unleash
   * @param to the stage to roll back to; null to stay, with no reads on new
   */
  public record Kill(String flag, @Nullable Stage to) {}

  public FollowedFlag {
    context = Map.copyOf(context);
  }
}
