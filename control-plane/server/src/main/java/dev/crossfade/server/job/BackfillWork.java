package dev.crossfade.server.job;

import dev.crossfade.mirror.Backfill;
import dev.crossfade.server.store.JobRow;
import dev.crossfade.server.store.JobRow.Counts;
import dev.crossfade.server.store.JobRow.Progress;
import dev.crossfade.server.store.JobRow.Size;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A backfill. Where it stands is kept on the authority; here is only what is shown of it. */
final class BackfillWork implements Backfill.Progress {
  private final Ledger ledger;
  private final Throttle throttle;
  private final long total;
  private final Map<String, Backfill.Position> positions = new HashMap<>();
  private final List<String> examples;

  BackfillWork(Ledger ledger, Throttle throttle, long total) {
    this.ledger = ledger;
    this.throttle = throttle;
    this.total = total;
    this.examples = new ArrayList<>(ledger.progress().examples());
  }

  /**
   * @return false when it was stopped
   */
  boolean run(JobTarget target, JobRow.Settings settings) throws SQLException {
    return new Backfill(
            target.plans(),
            target.authority(),
            target.receiving(),
            new Backfill.Settings(
                settings.chunk(), settings.limits().mostPending(), settings.workers()))
        .run(ledger.isToBeginAgain(), this);
  }

  @Override
  public void begins(Backfill.Position position) {
    ledger.begins();
    told(position);
  }

  @Override
  public boolean reached(Backfill.Position position) {
    told(position);
    return throttle.mayGoOn(0);
  }

  private void told(Backfill.Position position) {
    positions.put(position.table(), position);
    long done = positions.values().stream().mapToLong(Backfill.Position::entities).sum();
    long failed = positions.values().stream().mapToLong(Backfill.Position::failed).sum();
    ledger.reached(
        new Progress(
            position.table(),
            new Size(done, total, 0),
            new Counts(failed, 0, 0, 0),
            examples,
            JobRow.Place.START));
  }

  @Override
  public boolean waits(long pending) {
    return ledger.waits(Throttle.waitsForMirror(pending));
  }

  @Override
  public void failed(String table, List<String> key, SQLException why) {
    if (examples.size() < JobRun.EXAMPLES_MAX) {
      examples.add(table + " " + String.join(", ", key) + " (" + why.getSQLState() + ")");
    }
  }
}
