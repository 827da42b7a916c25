package dev.crossfade.server.move;

import dev.crossfade.core.migration.Side;
import dev.crossfade.inspect.database.QueryException;
import dev.crossfade.mirror.RollbackLoss;
import dev.crossfade.mirror.Verify;
import dev.crossfade.server.store.LossStore;
import dev.crossfade.server.store.LossStore.Loss;
import dev.crossfade.server.store.LossStore.Measured;
import dev.crossfade.server.store.MoveRow;
import dev.crossfade.server.store.StoreException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;

/**
 * Whether the authority can go back without losing anything. It is measured at once, for some
 * seconds at most: a way back must not be kept waiting. Where that is too short for all of it, and
 * has found nothing, the latest measurement of the job that always measures counts.
 */
final class WayBack {
  private static final Verify.Settings MEASUREMENT = Verify.Settings.USUAL;
  private static final int KEYS_MAX = 20;
  private static final int KEYS_TOLD = 3;

  /** While clients write, some are always on their way; so many mean that old is far behind. */
  private static final int UNDECIDED_MAX = 1_000;

  private static final String ANYWAY = "accept it with --accept-loss";

  private final LossStore losses;
  private final Limits limits;

  /**
   * @param measure for how long it may measure
   * @param known how old the latest measurement may be
   */
  record Limits(Duration measure, Duration known) {}

  WayBack(LossStore losses, Limits limits) {
    this.losses = losses;
    this.limits = limits;
  }

  /** What speaks against it, as a part of a sentence; empty when nothing does. */
  Optional<String> obstacle(MoveRow move, MoveTarget target, BooleanSupplier stopped)
      throws StoreException, SQLException, QueryException {
    if (move.move().note().acceptsLoss()) {
      return Optional.empty();
    }
    long epoch = epoch(move, target);
    long began = System.nanoTime();
    RollbackLoss.Measurement now =
        new RollbackLoss(
                target.plans(Side.OLD),
                target.endpoint(Side.OLD),
                target.endpoint(Side.NEW),
                MEASUREMENT)
            .measure(
                KEYS_MAX,
                () ->
                    !stopped.getAsBoolean()
                        && System.nanoTime() - began < limits.measure().toNanos());
    Loss loss = sum(now.groups());
    if (now.isWhole()) {
      losses.keep(move.migration(), Duration.ofNanos(System.nanoTime() - began), epoch, loss);
    }
    if (now.isWhole() || loss.lost() > 0) {
      return told(loss, now.isWhole() ? "" : "at least ", "");
    }
    Optional<Measured> last =
        losses.lossAsOf(move.migration()).filter(measured -> measured.epoch() == epoch);
    if (last.isEmpty()) {
      return Optional.of(
          "it is not known yet what that would lose, for not all of it has been looked at since new"
              + " has the authority: wait for 'ctl show "
              + move.migration()
              + "' to tell, or "
              + ANYWAY);
    }
    EvidenceAge age = EvidenceAge.of(last.get().asOf(), move, limits.known());
    if (age.isTooOld()) {
      return Optional.of(
          "what that would lose was measured "
              + age.told()
              + ": see 'ctl job status', or "
              + ANYWAY);
    }
    return told(last.get().loss(), "", " as of " + last.get().asOf());
  }

  private static long epoch(MoveRow move, MoveTarget target) throws QueryException {
    String epoch =
        target.ask(
            Side.NEW,
            "SELECT epoch FROM crossfade.fence WHERE migration = '"
                + move.migration().replace("'", "''")
                + "'");
    return epoch == null ? 0 : Long.parseLong(epoch);
  }

  private static Loss sum(Map<String, RollbackLoss.Loss> groups) {
    Loss sum = new Loss(0, 0, 0, List.of());
    for (Map.Entry<String, RollbackLoss.Loss> group : new TreeMap<>(groups).entrySet()) {
      RollbackLoss.Loss loss = group.getValue();
      List<String> examples = new ArrayList<>(sum.examples());
      for (List<String> key : loss.keys()) {
        if (examples.size() < KEYS_MAX) {
          examples.add(group.getKey() + " " + String.join(", ", key));
        }
      }
      sum =
          new Loss(
              sum.rows() + loss.rows(),
              sum.lost() + loss.entities(),
              sum.undecided() + loss.undecided(),
              examples);
    }
    return sum;
  }

  private static Optional<String> told(Loss loss, String atLeast, String when) {
    if (loss.lost() == 0) {
      return loss.undecided() <= UNDECIDED_MAX
          ? Optional.empty()
          : Optional.of(
              "it is not known what that would lose, for "
                  + loss.undecided()
                  + " entities are still on their way to old: wait for the mirror, or "
                  + ANYWAY);
    }
    List<String> some = loss.examples().subList(0, Math.min(KEYS_TOLD, loss.examples().size()));
    return Optional.of(
        "that would lose "
            + atLeast
            + loss.lost()
            + (loss.lost() == 1 ? " entity" : " entities")
            + " of new that old does not give back"
            + when
            + " ("
            + String.join("; ", some)
            + (loss.lost() > some.size() ? "; ..." : "")
            + "): change them on new, or "
            + ANYWAY);
  }
}
