package dev.crossfade.engine.flag;

import dev.crossfade.core.migration.ReadShare;
import dev.crossfade.core.migration.Stickiness;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A flag as clients of Unleash are told it, in one environment.
 *
 * @param strategies any of which lets a caller in
 * @param variants of the flag as a whole; those of a strategy go first
 */
public record FlagDefinition(
    String name, boolean enabled, List<Strategy> strategies, List<Variant> variants) {
  public FlagDefinition {
    strategies = List.copyOf(strategies);
    variants = List.copyOf(variants);
  }

  /**
   * Whom a flag is on for.
   *
   * @param name of its kind, such as {@code flexibleRollout}
   */
  public record Strategy(
      String name, Map<String, String> parameters, Condition condition, List<Variant> variants) {
    public Strategy {
      parameters = Map.copyOf(parameters);
      variants = List.copyOf(variants);
    }
  }

  /**
   * The constraints and segments that a strategy is under.
   *
   * @param fields of the context that decide it
   * @param text as Unleash has written it; only who evaluates it reads it
   */
  public record Condition(Set<String> fields, String text) {
    /** Under none. */
    public static final Condition NONE = new Condition(Set.of(), "");

    public Condition {
      fields = Set.copyOf(fields);
    }
  }

  /**
   * What a flag says besides on and off.
   *
   * @param weight in thousandths of the callers
   * @param isForSome whether some callers get it whatever the weights are
   */
  public record Variant(String name, int weight, boolean isForSome, Payload payload) {}

  /** What a variant carries. */
  public sealed interface Payload {}

  /**
   * A share of reads.
   *
   * @param stickiness null to keep the strategy's
   */
  public record Share(ReadShare reads, @Nullable Stickiness stickiness) implements Payload {}

  /**
   * None.
   *
   * @param why half a sentence
   */
  public record NoShare(String why) implements Payload {}
}
