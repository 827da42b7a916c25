package dev.crossfade.server.job;

import dev.crossfade.core.migration.Side;
import dev.crossfade.engine.catalog.MigrationText;
import dev.crossfade.inspect.database.Database;
import dev.crossfade.inspect.database.QueryException;
import dev.crossfade.inspect.finding.Example;
import dev.crossfade.inspect.finding.Finding;
import dev.crossfade.inspect.law.LawReport;
import dev.crossfade.inspect.law.LensCheck;
import dev.crossfade.server.store.JobRow.Counts;
import dev.crossfade.server.store.JobRow.Place;
import dev.crossfade.server.store.JobRow.Progress;
import dev.crossfade.server.store.JobRow.Size;
import dev.crossfade.server.store.LensCheckStore.Found;
import dev.crossfade.server.store.StoreException;
import dev.crossfade.server.store.VerificationStore.Direction;
import dev.crossfade.sql.lens.MigrationFile;
import dev.crossfade.sql.yaml.InvalidFileException;
import java.io.IOException;
import java.io.Serial;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Checks the laws of a lens on every row of old. Where it was stopped, it begins at the beginning;
 * where an attempt has failed, the next one goes on.
 */
final class LensCheckWork implements LensCheck.Progress {
  private static final Duration WHOLE_TABLE_MAX = Duration.ofMinutes(10);
  private static final String QUERY_CANCELED = "57014";

  private final Ledger ledger;
  private final JobTarget target;
  private final Throttle throttle;
  private final LensCheckPlace place;
  private final Map<String, Long> rows = new HashMap<>();
  private final Map<String, Long> expected = new HashMap<>();

  /** The check knows no other end than its own. */
  private static final class Stopped extends RuntimeException {
    @Serial private static final long serialVersionUID = 1;
  }

  LensCheckWork(Ledger ledger, JobTarget target, Throttle throttle, LensCheckPlace place) {
    this.ledger = ledger;
    this.target = target;
    this.throttle = throttle;
    this.place = place;
  }

  /**
   * @return false when it was stopped
   */
  boolean run(MigrationText file)
      throws QueryException, StoreException, IOException, InvalidFileException {
    if (!ledger.pass(new Direction(target.fence().authority(), target.fence().epoch()))) {
      return false;
    }
    LawReport report;
    try (Database old = JobTarget.open(Side.OLD, target.sides());
        Database next = JobTarget.open(Side.NEW, target.sides())) {
      report =
          LensCheck.run(
              target.lens(),
              new LensCheck.Sides(old, next),
              new LensCheck.Options(
                  place.chunk(), false, WHOLE_TABLE_MAX, place.of(ledger.passBegan()), file.hash()),
              this);
    } catch (Stopped e) {
      return false;
    } catch (QueryException e) {
      if (e.state().equals(QUERY_CANCELED)) {
        place.tookTooLong();
      }
      throw e;
    }
    Found found = found(report, accepted(file));
    tell("", found);
    return ledger.checked(file.hash(), found);
  }

  @Override
  public void at(String step, long done, long about) {
    long before = rows.getOrDefault(step, 0L);
    rows.put(step, done);
    expected.put(step, Math.max(done, about));
    tell(step, new Found(0, 0, List.of(), List.of()));
    if (!throttle.mayGoOn(done - before)) {
      throw new Stopped();
    }
  }

  private void tell(String step, Found found) {
    ledger.reached(
        new Progress(
            step,
            new Size(sum(rows), sum(expected), 0),
            new Counts(0, found.lost(), 0, 0),
            found.examples(),
            Place.START));
  }

  private static long sum(Map<String, Long> counts) {
    return counts.values().stream().mapToLong(Long::longValue).sum();
  }

  /** Columns that the file's author calls lossy. */
  private static Set<String> accepted(MigrationText file) throws InvalidFileException {
    return MigrationFile.parse(file.yaml(), file.source()).lossyColumns().stream()
        .map(lossy -> "old " + lossy.table() + "." + lossy.column())
        .collect(Collectors.toSet());
  }

  private static Found found(LawReport report, Set<String> accepted) {
    long lost = 0;
    List<String> findings = new ArrayList<>();
    List<String> examples = new ArrayList<>();
    for (LawReport.Loss loss : report.losses()) {
      Finding finding = loss.finding();
      if (accepted.contains(finding.place())) {
        continue;
      }
      lost += Math.max(1, loss.rows());
      if (findings.size() < JobRun.EXAMPLES_MAX) {
        findings.add(finding.code() + " " + finding.place() + ": " + finding.message());
      }
      for (Example example : finding.examples()) {
        if (examples.size() < JobRun.EXAMPLES_MAX) {
          examples.add(finding.place() + " " + example.key());
        }
      }
    }
    return new Found(
        report.tables().stream().mapToLong(LawReport.Table::rows).sum(), lost, findings, examples);
  }
}
