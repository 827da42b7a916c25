package dev.crossfade.engine.rollout;

import dev.crossfade.core.migration.ReadShare;
import dev.crossfade.core.migration.Stage;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a migration is taken from stage to stage, as its file says.
 *
 * @param rollback where it goes back to when a guard fails; null for the share of the step before
 * @param steps at least one; none is behind the one before it
 * @param webhooks who is asked or told
 */
public record Plan(@Nullable Stage rollback, List<Step> steps, List<Webhook> webhooks) {
  /** Of a file that has none. */
  public static final Plan NONE = new Plan(null, List.of(), List.of());

  public static final int STEPS_MAX = 50;
  public static final int WEBHOOKS_MAX = 10;

  public Plan {
    steps = List.copyOf(steps);
    webhooks = List.copyOf(webhooks);
  }

  /**
   * A place of a migration that lasts for a while.
   *
   * @param reads in RAMP the share; else none
   * @param terms what has to happen before it begins and before it ends
   * @param guards what must hold while it lasts; only those that are for its stage
   */
  public record Step(String name, Stage stage, ReadShare reads, Terms terms, List<Guard> guards) {
    public Step {
      guards = List.copyOf(guards);
    }

    /** Whether a migration that stands there is behind this step. */
    boolean isBeyond(Standing standing) {
      int stages = stage.compareTo(standing.stage());
      return stages > 0
          || stages == 0 && stage == Stage.RAMP && reads.compareTo(standing.reads()) > 0;
    }

    /** Whether a migration that stands there is where this step has it. */
    boolean isAt(Standing standing) {
      return stage == standing.stage() && (stage != Stage.RAMP || reads.equals(standing.reads()));
    }
  }

  /**
   * What has to happen before a step begins and before it ends.
   *
   * @param hold how long it lasts at least
   * @param isConfirmed whether a person must agree before it begins
   * @param job what is run once it has begun; null for nothing
   */
  public record Terms(Duration hold, boolean isConfirmed, @Nullable Job job) {}

  /** What a step may let run. */
  public enum Job {
    BACKFILL,
    VERIFY,
    REPAIR,
    CONTINUOUS_VERIFY,
    LENS_CHECK;

    /** Whether it is only started, for it has no end. */
    public boolean isEndless() {
      return this == CONTINUOUS_VERIFY;
    }
  }

  /**
   * Somebody who is asked or told over HTTP.
   *
   * @param url http or https, or {@code env:NAME}
   * @param token {@code env:NAME} of a bearer token; empty for none
   */
  public record Webhook(String name, Kind kind, String url, String token, Duration timeout) {
    /** What it is for. */
    public enum Kind {
      /** It must agree before each step but the first. */
      CONFIRM,
      /** It is told what happens. */
      NOTIFY
    }
  }

  /** Where a migration stands, as far as rollouts look at it. */
  public record Standing(Stage stage, ReadShare reads) {
    @Override
    public String toString() {
      return stage == Stage.RAMP ? stage + " " + reads : stage.toString();
    }
  }

  /** The first step that a migration has not passed; the number of steps when it has all. */
  int firstFor(Standing standing) {
    for (int i = 0; i < steps.size(); i++) {
      if (steps.get(i).isBeyond(standing) || steps.get(i).isAt(standing)) {
        return i;
      }
    }
    return steps.size();
  }

  boolean asksOthers() {
    return webhooks.stream().anyMatch(webhook -> webhook.kind() == Webhook.Kind.CONFIRM);
  }
}
