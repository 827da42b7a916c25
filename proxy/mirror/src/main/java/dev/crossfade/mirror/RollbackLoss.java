package dev.crossfade.mirror;

import dev.crossfade.sql.image.SyncPlan;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;

/**
 * What would be lost if the authority went back, once new has it: entities of new that old does not
 * hold in a form that gives them back. The mirror keeps on old what the lens makes of new; so what
 * the lens makes of old again must be new. Where it is not, {@code down} has dropped something, or
 * the entity could not be carried at all, and nothing is under way that would mend it.
 *
 * <p>Columns of new that no query of the lens fills are not looked at: nothing that is carried from
 * old changes them.
 */
public final class RollbackLoss {
  private final Verify verify;

  /**
   * In one group of tables.
   *
   * @param entities that would not be as they are
   * @param undecided that were written each time they were looked at
   * @param keys of some of those that would be lost
   * @param rows of new that were looked at
   */
  public record Loss(long entities, long undecided, List<List<String>> keys, long rows) {
    static final Loss NONE = new Loss(0, 0, List.of(), 0);

    public Loss {
      keys = List.copyOf(keys);
    }

    private Loss with(long lost, long open, List<String> key, int mostKeys) {
      List<List<String>> more = new ArrayList<>(keys);
      if (lost > 0 && more.size() < mostKeys) {
        more.add(key);
      }
      return new Loss(entities + lost, undecided + open, more, rows);
    }

    private Loss with(long compared) {
      return new Loss(entities, undecided, keys, rows + compared);
    }
  }

  /**
   * What was found.
   *
   * @param groups by name
   * @param isWhole whether everything was looked at
   */
  public record Measurement(Map<String, Loss> groups, boolean isWhole) {
    public Measurement {
      groups = Map.copyOf(groups);
    }
  }

  /**
   * @param up the plans of the way from old to new
   */
  public RollbackLoss(List<SyncPlan> up, Endpoint old, Endpoint next, Verify.Settings settings) {
    verify = new Verify(up, old, next, settings, true);
  }

  /**
   * Looks at everything behind a place, while others write. What would be lost is told as drift.
   *
   * @return false when it was stopped
   * @throws SQLException when a server can not be used, or new does not have the authority
   */
  public boolean run(Verify.Position from, Verify.Findings findings) throws SQLException {
    return verify.run(from, findings);
  }

  /**
   * Looks at everything, while others write.
   *
   * @param mostKeys of each group
   * @param mayGoOn is asked after each chunk
   * @throws SQLException when a server can not be used, or new does not have the authority
   */
  public Measurement measure(int mostKeys, BooleanSupplier mayGoOn) throws SQLException {
    Map<String, Loss> losses = new TreeMap<>();
    boolean isWhole =
        verify.run(
            Verify.Position.START,
            new Verify.Findings() {
              @Override
              public boolean reached(SyncPlan plan, Verify.Position position) {
                return mayGoOn.getAsBoolean();
              }

              @Override
              public void compared(String group, long rows) {
                losses.merge(group, Loss.NONE.with(rows), (loss, more) -> loss.with(more.rows()));
              }

              @Override
              public void drift(SyncPlan plan, List<String> key) {
                found(plan, 1, 0, key);
              }

              @Override
              public void restless(SyncPlan plan, List<String> key) {
                found(plan, 0, 1, key);
              }

              private void found(SyncPlan plan, long lost, long open, List<String> key) {
                losses.compute(
                    plan.group(),
                    (group, loss) ->
                        (loss == null ? Loss.NONE : loss).with(lost, open, key, mostKeys));
              }
            });
    return new Measurement(losses, isWhole);
  }
}
