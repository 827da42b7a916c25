package dev.crossfade.server;

import dev.crossfade.engine.signal.SignalSource;
import dev.crossfade.server.grpc.EvidenceGrpc;
import dev.crossfade.server.grpc.JobGrpc;
import dev.crossfade.server.grpc.RolloutGrpc;
import dev.crossfade.server.job.Jobs;
import dev.crossfade.server.move.Moves;
import dev.crossfade.server.rollout.Rollouts;
import dev.crossfade.server.store.CatalogFeed;
import dev.crossfade.server.store.CatalogStore;
import dev.crossfade.server.store.Evidence;
import dev.crossfade.server.store.JobStore;
import dev.crossfade.server.store.Leadership;
import dev.crossfade.server.store.MoveStore;
import dev.crossfade.server.store.QueryStore;
import dev.crossfade.server.store.RolloutCalls;
import dev.crossfade.server.store.RolloutEvidence;
import dev.crossfade.server.store.RolloutStore;
import dev.crossfade.server.store.VerdictStore;
import javax.sql.DataSource;

/** Rollouts and their service, wired. */
final class RolloutPart implements AutoCloseable {
  private final Rollouts rollouts;
  private final RolloutGrpc service;
  private final EvidenceGrpc evidence;

  /** What other parts keep. */
  record Shared(
      CatalogStore catalog, CatalogFeed feed, Evidence evidence, JobStore jobs, MoveStore moves) {}

  /**
   * Who else works.
   *
   * @param reported what the sidecars say
   * @param process this control plane, for people
   */
  record Workers(
      QueryStore queries, Jobs jobs, Moves moves, SignalSource reported, String process) {}

  private RolloutPart(Rollouts rollouts, RolloutGrpc service, EvidenceGrpc evidence) {
    this.rollouts = rollouts;
    this.service = service;
    this.evidence = evidence;
  }

  static RolloutPart start(DataSource database, Shared shared, Workers workers, Watching watching) {
    Leadership leadership =
        new Leadership(database, workers.process(), Rollouts.Limits.USUAL.lease());
    SignalSource signals = watching.signalsOr(workers.reported());
    Rollouts.Own own =
        new Rollouts.Own(
            leadership,
            new RolloutStore(database, leadership),
            new RolloutCalls(database),
            new RolloutEvidence(database));
    VerdictStore verdicts = new VerdictStore(database);
    Rollouts rollouts =
        Rollouts.start(
            new Rollouts.Stores(
                own,
                shared.catalog(),
                shared.jobs(),
                shared.moves(),
                new Rollouts.Found(shared.evidence(), workers.queries(), verdicts)),
            signals,
            new Rollouts.Surroundings(
                shared.feed(), workers.jobs(), workers.moves(), JobGrpc::usual, System.getenv()),
            watching.rollouts());
    return new RolloutPart(
        rollouts,
        new RolloutGrpc(shared.catalog(), own, signals, rollouts),
        new EvidenceGrpc(shared.catalog(), verdicts, rollouts::kick));
  }

  RolloutGrpc service() {
    return service;
  }

  /** What benchmarks tell. */
  EvidenceGrpc evidence() {
    return evidence;
  }

  @Override
  public void close() {
    service.leave();
    rollouts.close();
  }
}
