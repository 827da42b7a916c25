package dev.crossfade.server.rollout;

import dev.crossfade.core.migration.Stage;
import dev.crossfade.engine.catalog.CatalogEntry;
import dev.crossfade.engine.catalog.Change;
import dev.crossfade.engine.catalog.Move;
import dev.crossfade.engine.rollout.Baseline;
import dev.crossfade.engine.rollout.Evidence;
import dev.crossfade.engine.rollout.Guard;
import dev.crossfade.engine.rollout.Judge;
import dev.crossfade.engine.rollout.Measure;
import dev.crossfade.engine.rollout.Plan;
import dev.crossfade.engine.rollout.Plan.Standing;
import dev.crossfade.engine.rollout.Rollout;
import dev.crossfade.engine.rollout.RolloutState;
import dev.crossfade.engine.rollout.RolloutView.JobView;
import dev.crossfade.engine.rollout.RolloutView.MoveView;
import dev.crossfade.engine.rollout.RolloutView.Place;
import dev.crossfade.engine.signal.Reading;
import dev.crossfade.engine.signal.SignalSource;
import dev.crossfade.server.store.CatalogStore;
import dev.crossfade.server.store.JobRow;
import dev.crossfade.server.store.JobStore;
import dev.crossfade.server.store.MoveRow;
import dev.crossfade.server.store.MoveStore;
import dev.crossfade.server.store.QueryRow;
import dev.crossfade.server.store.QueryStore;
import dev.crossfade.server.store.RolloutEvidence;
import dev.crossfade.server.store.RolloutRow;
import dev.crossfade.server.store.StoreException;
import dev.crossfade.server.store.VerdictStore;
import dev.crossfade.server.store.VerificationStore;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Looks up what a rollout's next step is decided on. Of the rollouts' thread alone. */
final class Outlook {
  private static final Duration COVERAGE_KEPT = Duration.ofSeconds(5);
  private static final int KEPT_MAX = 400;

  private final Sources sources;
  private final SignalSource signals;
  private final Map<String, Kept> coverages = new HashMap<>();

  /** Where it looks besides the signals. */
  record Sources(
      MoveStore moves,
      JobStore jobs,
      VerificationStore verifications,
      QueryStore queries,
      RolloutEvidence evidence,
      VerdictStore verdicts) {}

  /** A coverage, which takes a while to look up. */
  private record Kept(Stage stage, Evidence.Coverage coverage, Instant at) {}

  Outlook(Sources sources, SignalSource signals) {
    this.sources = sources;
    this.signals = signals;
  }

  /** What the fleet says now. */
  Reading reading(String migration) {
    return signals.read(migration);
  }

  Place place(CatalogStore.Detail detail, Rollout rollout) throws StoreException {
    CatalogEntry entry = detail.entry();
    Standing standing = new Standing(entry.position().stage(), entry.position().reads());
    return new Place(standing, changedBy(detail), move(entry, rollout));
  }

  private static String changedBy(CatalogStore.Detail detail) {
    if (detail.history().isEmpty()) {
      return "";
    }
    Change last = detail.history().getFirst();
    return last.note().actor()
        + " at "
        + last.at()
        + (last.note().reason().isEmpty() ? "" : ": " + last.note().reason());
  }

  private @Nullable MoveView move(CatalogEntry entry, Rollout rollout) throws StoreException {
    Move open = entry.move();
    long mine = rollout.work().move();
    if (open != null && (mine == 0 || open.id() == mine)) {
      return new MoveView(
          open.id(),
          standing(open, rollout),
          MoveView.State.OPEN,
          open.progress().waits().isEmpty()
              ? open.transition() + ", " + open.progress().step()
              : open.progress().waits());
    }
    if (mine == 0) {
      return null;
    }
    Optional<MoveRow> row = sources.moves().find(mine);
    if (row.isEmpty()) {
      return new MoveView(
          mine, rollout.believed(), MoveView.State.FAILED, "the move is no longer kept");
    }
    MoveRow.End end = row.get().end();
    MoveView.State state =
        end == null
            ? MoveView.State.OPEN
            : end.done() ? MoveView.State.DONE : MoveView.State.FAILED;
    return new MoveView(
        mine, standing(row.get().move(), rollout), state, end == null ? "" : end.outcome());
  }

  private static Standing standing(Move move, Rollout rollout) {
    Stage to = move.transition().to();
    return move.transition().isBackward()
        ? new Standing(to, dev.crossfade.core.migration.ReadShare.NONE)
        : new Standing(to, rollout.believed().reads());
  }

  @Nullable JobView job(Rollout rollout) throws StoreException {
    if (rollout.work().job() == 0) {
      return null;
    }
    Optional<JobRow> row = sources.jobs().find(rollout.work().job());
    if (row.isEmpty()) {
      return new JobView(
          rollout.work().job(), JobView.State.FAILED, 0, "the job is no longer kept");
    }
    JobRow job = row.get();
    JobRow.Counts counts = job.progress().counts();
    return switch (job.standing().state()) {
      case QUEUED, RUNNING, PAUSED -> new JobView(job.id(), JobView.State.OPEN, 0, "");
      case DONE ->
          new JobView(
              job.id(),
              JobView.State.DONE,
              job.kind() == JobRow.Kind.BACKFILL
                  ? counts.failed()
                  : Math.max(0, counts.drifted() - counts.repaired()),
              "");
      case FAILED -> new JobView(job.id(), JobView.State.FAILED, 0, job.standing().error());
      case CANCELLED -> new JobView(job.id(), JobView.State.FAILED, 0, "somebody has cancelled it");
    };
  }

  /** What the step's guards say; nothing where they are not asked. */
  Judge.Judgement judge(RolloutRow row, Plan plan, Reading reading, Instant now)
      throws StoreException {
    RolloutState state = row.rollout().state();
    boolean isAsked =
        state.isGuarded() || state == RolloutState.PAUSED && row.rollout().status().isWatched();
    if (!isAsked) {
      return new Judge.Judgement(java.util.List.of(), Map.of());
    }
    Plan.Step step = plan.steps().get(row.rollout().step());
    Baseline baseline = row.counting().baseline();
    return Judge.judge(
        step.guards(),
        new Evidence(
            reading, baseline, findings(row, plan, step, now), row.counting().brokenSince(), now));
  }

  private Evidence.Findings findings(RolloutRow row, Plan plan, Plan.Step step, Instant now)
      throws StoreException {
    boolean verification = false;
    boolean coverage = false;
    boolean benchmarks = false;
    boolean verdict = false;
    for (Guard guard : step.guards()) {
      verification |=
          guard.measure() instanceof Measure.Drift || guard.measure() instanceof Measure.Verified;
      coverage |= guard.measure() instanceof Measure.Coverage;
      benchmarks |= guard.measure() instanceof Measure.Benchmark;
      verdict |= guard.measure() instanceof Measure.Verdict;
    }
    String migration = row.migration();
    int next = Math.min(row.rollout().step() + 1, plan.steps().size() - 1);
    return new Evidence.Findings(
        verification ? verification(migration) : null,
        coverage
            ? coverage(migration, plan.steps().get(next).stage(), now)
            : new Evidence.Coverage(0, 0),
        benchmarks ? sources.evidence().results(migration) : Map.of(),
        verdict ? sources.verdicts().latest(migration).orElse(null) : null);
  }

  private Evidence.@Nullable Verification verification(String migration) throws StoreException {
    Optional<VerificationStore.Verified> verified = sources.verifications().verifiedAsOf(migration);
    return verified
        .map(found -> new Evidence.Verification(found.asOf(), found.found().drifted()))
        .orElse(null);
  }

  private Evidence.Coverage coverage(String migration, Stage stage, Instant now)
      throws StoreException {
    Kept kept = coverages.get(migration);
    if (kept != null && kept.stage() == stage && now.isBefore(kept.at().plus(COVERAGE_KEPT))) {
      return kept.coverage();
    }
    // Nothing is blocked before SHADOW, and from LIVE on what is blocked in LIVE.
    Stage asked = stage.compareTo(Stage.LIVE) > 0 ? Stage.LIVE : stage;
    long all = 0;
    long unfit = 0;
    for (QueryRow query : sources.queries().list(migration, "").rows()) {
      all += query.counts().executions();
      unfit += query.standing().blocks().contains(asked) ? query.counts().executions() : 0;
    }
    if (coverages.size() >= KEPT_MAX) {
      coverages.clear();
    }
    Evidence.Coverage coverage = new Evidence.Coverage(all, unfit);
    coverages.put(migration, new Kept(stage, coverage, now));
    return coverage;
  }
}
