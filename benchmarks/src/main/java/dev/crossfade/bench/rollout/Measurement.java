package dev.crossfade.bench.rollout;

import dev.crossfade.api.v1.Knee;
import dev.crossfade.bench.rollout.replay.Samples;
import dev.crossfade.bench.rollout.replay.Turn;
import java.util.List;
import java.util.Map;

/**
 * What was measured.
 *
 * @param ways the turns of each way by its name, in the order they are shown, each by rounds
 * @param generator what it takes with nothing behind it
 * @param routes who has answered in fact
 * @param plans of each statement, by its place in the workload
 */
record Measurement(
    Map<String, List<Turn>> ways,
    Turn generator,
    List<PlanComparison.Compared> plans,
    List<Knee> knees,
    Routes routes) {
  /**
   * Who has answered the way that was to be answered by new, as its sidecar counts.
   *
   * @param share of new, 0 to 1
   * @param others the reasons why old has answered, with their numbers
   */
  record Routes(double share, String others) {}

  static final String OLD = "old";
  static final String OLD_AGAIN = "old again";
  static final String ON_OLD = "sidecar 0%";
  static final String ON_NEW = "sidecar 100%";

  Measurement {
    plans = List.copyOf(plans);
    knees = List.copyOf(knees);
  }

  /** A statement's samples by rounds. */
  List<Samples> samples(String way, int statement) {
    return turns(way).stream().map(turn -> turn.statement(statement)).toList();
  }

  List<Turn> turns(String way) {
    return ways.getOrDefault(way, List.of());
  }

  /** All rounds of a way together. */
  Turn whole(String way, int statements) {
    Turn whole = Turn.empty(statements);
    turns(way).forEach(whole::add);
    return whole;
  }
}
