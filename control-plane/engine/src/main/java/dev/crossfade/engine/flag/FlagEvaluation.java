package dev.crossfade.engine.flag;

import dev.crossfade.core.migration.ReadShare;
import dev.crossfade.core.migration.Stickiness;
import dev.crossfade.engine.flag.FlagDefinition.Condition;
import dev.crossfade.engine.flag.FlagDefinition.NoShare;
import dev.crossfade.engine.flag.FlagDefinition.Share;
import dev.crossfade.engine.flag.FlagDefinition.Strategy;
import dev.crossfade.engine.flag.FlagDefinition.Variant;
import dev.crossfade.engine.flag.FlagReading.Asked;
import dev.crossfade.engine.flag.FlagReading.Stopped;
import dev.crossfade.engine.flag.FlagReading.Unusable;
import dev.crossfade.sql.lens.FollowedFlag;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The one place that decides what share of reads a flag asks for. What depends on the single caller
 * cannot be said of all of them; nothing is guessed then.
 */
public final class FlagEvaluation {
  private static final String GRADUAL = "flexibleRollout";
  private static final int WHOLE_WEIGHT = 1_000;
  private static final int GROUP_MAX_CHARS = 256;
  private static final String CURRENT_TIME = "currentTime";

  private final Map<String, FlagDefinition> flags;
  private final Map<String, String> context;
  private final ConditionCheck check;

  /** Evaluates constraints as Unleash's clients do. */
  @FunctionalInterface
  public interface ConditionCheck {
    /** Whether it holds. The context has all of its fields. */
    boolean holds(Condition condition, Map<String, String> context);
  }

  /**
   * @param flags by name, all of them
   * @param context what is known of every caller
   */
  public FlagEvaluation(
      Map<String, FlagDefinition> flags, Map<String, String> context, ConditionCheck check) {
    this.flags = Map.copyOf(flags);
    this.context = Map.copyOf(context);
    this.check = check;
  }

  /** The kill switch goes first, for it must work whatever is wrong with the flag. */
  public FlagReading read(FollowedFlag followed) {
    FollowedFlag.Kill kill = followed.kill();
    if (kill != null) {
      FlagDefinition flag = flags.get(kill.flag());
      if (flag == null) {
        return new Unusable("Unleash has no flag '" + kill.flag() + "', the kill switch");
      }
      if (isOnForAnybody(flag)) {
        return new Stopped(kill.to(), "kill switch '" + kill.flag() + "' is on");
      }
    }
    FlagDefinition flag = flags.get(followed.name());
    if (flag == null) {
      return new Unusable("Unleash has no flag '" + followed.name() + "'");
    }
    if (!flag.enabled()) {
      return new Stopped(null, "flag '" + flag.name() + "' is off");
    }
    return asked(flag, followed.percentage());
  }

  /**
   * A kill switch for some is one for all: what is to be stopped is not known to be theirs only.
   */
  private boolean isOnForAnybody(FlagDefinition flag) {
    return flag.enabled()
        && (flag.strategies().isEmpty()
            || flag.strategies().stream()
                .anyMatch(
                    strategy ->
                        !unknown(strategy).isEmpty()
                            || check.holds(strategy.condition(), context)));
  }

  private FlagReading asked(FlagDefinition flag, FollowedFlag.Percentage percentage) {
    List<Strategy> applicable = new ArrayList<>();
    for (Strategy strategy : flag.strategies()) {
      Set<String> unknown = unknown(strategy);
      if (!unknown.isEmpty()) {
        return new Unusable(
            "a strategy of flag '"
                + flag.name()
                + "' is constrained by "
                + String.join(", ", unknown)
                + ", which spec.flag.context does not give");
      }
      if (check.holds(strategy.condition(), context)) {
        applicable.add(strategy);
      }
    }
    if (applicable.size() > 1) {
      return new Unusable(
          applicable.size()
              + " strategies of flag '"
              + flag.name()
              + "' apply at once, which is no one percentage");
    }
    if (applicable.isEmpty() && !flag.strategies().isEmpty()) {
      return new Stopped(null, "no strategy of flag '" + flag.name() + "' applies");
    }
    // Without any strategy, Unleash's clients take a flag to be on for everybody.
    Strategy strategy =
        applicable.isEmpty()
            ? new Strategy("default", Map.of(), Condition.NONE, List.of())
            : applicable.getFirst();
    FlagReading rollout = rollout(flag, strategy);
    return switch (percentage) {
      case ROLLOUT -> rollout;
      case VARIANT -> rollout instanceof Asked asked ? variant(flag, strategy, asked) : rollout;
    };
  }

  private Set<String> unknown(Strategy strategy) {
    Set<String> unknown = new TreeSet<>(strategy.condition().fields());
    unknown.removeAll(context.keySet());
    unknown.remove(CURRENT_TIME);
    return unknown;
  }

  private static FlagReading rollout(FlagDefinition flag, Strategy strategy) {
    String of = "strategy " + strategy.name() + " of flag '" + flag.name() + "'";
    if (strategy.name().equals("default")) {
      return new Asked(ReadShare.ALL, Stickiness.SESSION, flag.name(), of + ": 100%");
    }
    if (!strategy.name().equals(GRADUAL)) {
      return new Unusable(of + " decides by the single caller; a gradual rollout does not");
    }
    String group = strategy.parameters().getOrDefault("groupId", flag.name());
    if (group.isBlank() || group.length() > GROUP_MAX_CHARS) {
      return new Unusable(of + " has no usable groupId: 1 to " + GROUP_MAX_CHARS + " characters");
    }
    String sticky = strategy.parameters().getOrDefault("stickiness", "default");
    Stickiness stickiness =
        switch (sticky) {
          case "default", "sessionId" -> Stickiness.SESSION;
          case "userId" -> Stickiness.USER;
          case "random" -> Stickiness.RANDOM;
          case "entity" -> Stickiness.ENTITY;
          default -> null;
        };
    if (stickiness == null) {
      return new Unusable(
          of
              + " is sticky by '"
              + sticky
              + "', which sidecars do not know; default, sessionId, userId, random and entity are");
    }
    String rollout = strategy.parameters().getOrDefault("rollout", "");
    if (!rollout.matches("[0-9]{1,3}") || Integer.parseInt(rollout) > 100) {
      return new Unusable(of + " has the rollout '" + rollout + "'; a whole number to 100 is one");
    }
    ReadShare share = ReadShare.parse(rollout);
    return new Asked(share, stickiness, group, of + ": " + share);
  }

  /** Only a variant that everybody gets says something of everybody. */
  private static FlagReading variant(FlagDefinition flag, Strategy strategy, Asked rollout) {
    List<Variant> variants = strategy.variants().isEmpty() ? flag.variants() : strategy.variants();
    if (!rollout.reads().equals(ReadShare.ALL)) {
      return new Unusable(
          "flag '"
              + flag.name()
              + "' is on for "
              + rollout.reads()
              + " of callers only; where a variant gives the percentage, its rollout is 100%");
    }
    List<Variant> given =
        variants.stream().filter(variant -> variant.weight() > 0 || variant.isForSome()).toList();
    if (given.isEmpty()) {
      return new Unusable("flag '" + flag.name() + "' has no variant that would give a percentage");
    }
    Variant variant = given.getFirst();
    if (given.size() > 1 || variant.isForSome() || variant.weight() < WHOLE_WEIGHT) {
      return new Unusable(
          "flag '"
              + flag.name()
              + "' gives different callers different variants; one of them has to have all of the"
              + " weight");
    }
    String of = "variant '" + variant.name() + "' of flag '" + flag.name() + "'";
    return switch (variant.payload()) {
      case NoShare none -> new Unusable(of + " " + none.why());
      case Share share ->
          new Asked(
              share.reads(),
              share.stickiness() == null ? rollout.stickiness() : share.stickiness(),
              rollout.bucketGroup(),
              of + ": " + share.reads());
    };
  }
}
