package dev.crossfade.server.job;

import dev.crossfade.core.migration.Side;
import dev.crossfade.inspect.database.QueryException;
import dev.crossfade.mirror.Fence;
import dev.crossfade.mirror.Repair;
import dev.crossfade.mirror.RollbackLoss;
import dev.crossfade.mirror.Verify;
import dev.crossfade.server.store.JobRow.Counts;
import dev.crossfade.server.store.JobRow.Place;
import dev.crossfade.server.store.JobRow.Progress;
import dev.crossfade.server.store.JobRow.Size;
import dev.crossfade.server.store.StoreException;
import dev.crossfade.server.store.VerificationStore.Direction;
import dev.crossfade.sql.capture.CaptureSchema;
import dev.crossfade.sql.image.SyncPlan;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A pass over all entities. What a chunk came to counts when the chunk is done, and when the
 * authority has not moved meanwhile: then what has drifted in it is repaired, if that is wanted,
 * and the store hears how far it has come.
 */
final class VerifyWork implements Verify.Findings {
  private final Ledger ledger;
  private final JobTarget target;
  private final Throttle throttle;
  private final Aim aim;
  private final List<List<String>> drifted = new ArrayList<>();
  private final List<String> examples = new ArrayList<>();
  private long rows;
  private long restless;
  private @Nullable Exception failure;

  /** What it is for. */
  enum Aim {
    COMPARE,
    /** What has drifted is made equal. */
    REPAIR,
    /** What new has is compared with what old would give back. */
    COUNT_LOSS
  }

  VerifyWork(Ledger ledger, JobTarget target, Throttle throttle, Aim aim) {
    this.ledger = ledger;
    this.target = target;
    this.throttle = throttle;
    this.aim = aim;
  }

  /**
   * Goes on with the pass that is under way, or begins one.
   *
   * @return false when it was stopped
   */
  boolean run(Verify.Settings settings) throws SQLException, QueryException, StoreException {
    Fence fence = target.fence();
    if (!ledger.pass(new Direction(fence.authority(), fence.epoch()))) {
      return false;
    }
    examples.addAll(ledger.progress().examples());
    Place place = ledger.progress().place();
    boolean whole;
    try {
      whole = run(new Verify.Position(place.group(), place.list(), place.after()), settings);
    } catch (SQLException e) {
      throw notNowIfMoved(e);
    }
    switch (failure) {
      case null -> {}
      case SQLException e -> throw notNowIfMoved(e);
      case QueryException e -> throw e;
      default -> throw new IllegalStateException(failure);
    }
    if (!whole) {
      return false;
    }
    target.requireUnmoved();
    return aim == Aim.COUNT_LOSS ? ledger.measured() : ledger.passed(target.isBackfilled());
  }

  private boolean run(Verify.Position from, Verify.Settings settings) throws SQLException {
    return switch (aim) {
      case COMPARE, REPAIR ->
          new Verify(target.plans(), target.authority(), target.receiving(), settings)
              .run(from, this);
      case COUNT_LOSS ->
          new RollbackLoss(
                  target.plans(), target.endpoint(Side.OLD), target.endpoint(Side.NEW), settings)
              .run(from, this);
    };
  }

  /** Who meets the fence in the middle of a pass begins another one, the other way round. */
  private static SQLException notNowIfMoved(SQLException e) {
    return CaptureSchema.FENCED.equals(e.getSQLState()) ? JobTarget.moved(e) : e;
  }

  @Override
  public void compared(String group, long compared) {
    rows += compared;
  }

  @Override
  public void drift(SyncPlan plan, List<String> key) {
    drifted.add(key);
  }

  @Override
  public void restless(SyncPlan plan, List<String> key) {
    restless++;
  }

  @Override
  public boolean reached(SyncPlan plan, Verify.Position position) {
    long compared = rows;
    try {
      if (!drifted.isEmpty() || restless > 0) {
        target.requireUnmoved();
      }
      tell(plan, position, aim == Aim.REPAIR ? repair(plan) : null);
    } catch (SQLException | QueryException e) {
      failure = e;
      return false;
    }
    rows = 0;
    restless = 0;
    drifted.clear();
    return throttle.mayGoOn(compared);
  }

  private Map<List<String>, SQLException> repair(SyncPlan plan) throws SQLException {
    return drifted.isEmpty()
        ? Map.of()
        : new Repair(target.authority(), target.receiving()).run(plan, List.copyOf(drifted));
  }

  private void tell(
      SyncPlan plan,
      Verify.Position position,
      @Nullable Map<List<String>, SQLException> unrepaired) {
    for (List<String> key : drifted) {
      if (examples.size() < JobRun.EXAMPLES_MAX) {
        examples.add(plan.group() + " " + String.join(", ", key));
      }
    }
    Progress before = ledger.progress();
    long failed = unrepaired == null ? 0 : unrepaired.size();
    long repaired = unrepaired == null ? 0 : drifted.size() - failed;
    ledger.reached(
        new Progress(
            plan.group(),
            new Size(before.size().done() + rows, target.estimates().rows(), 0),
            new Counts(
                before.counts().failed() + failed,
                before.counts().drifted() + drifted.size(),
                before.counts().repaired() + repaired,
                before.counts().restless() + restless),
            examples,
            new Place(position.group(), position.list(), position.after())));
    ledger.write();
  }
}
