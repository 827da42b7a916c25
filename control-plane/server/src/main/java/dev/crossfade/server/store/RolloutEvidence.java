package dev.crossfade.server.store;

import dev.crossfade.engine.audit.AuditEntry;
import dev.crossfade.engine.rollout.Evidence.Benchmark;
import dev.crossfade.engine.rollout.Finding;
import dev.crossfade.engine.rollout.Guard.Outcome;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;

/** What guards said, and results that were measured elsewhere. */
public final class RolloutEvidence {
  private static final int SAMPLES_PER_ROLLOUT_MAX = 1_000;
  private static final int RESULTS_PER_MIGRATION_MAX = 100;
  private static final String SAMPLE =
      "INSERT INTO crossfade_control.rollout_sample (rollout, step, guard, at, outcome, reason,"
          + " value, bound, samples, dry_run) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
  private static final String TRIM =
      "DELETE FROM crossfade_control.rollout_sample WHERE rollout = ? AND number <= (SELECT number"
          + " FROM crossfade_control.rollout_sample WHERE rollout = ? ORDER BY number DESC OFFSET "
          + SAMPLES_PER_ROLLOUT_MAX
          + " LIMIT 1)";
  private static final String SAMPLES =
      "SELECT * FROM crossfade_control.rollout_sample WHERE rollout = ? ORDER BY number DESC LIMIT"
          + " ?";
  private static final String LATEST =
      "SELECT * FROM (SELECT DISTINCT ON (guard) * FROM crossfade_control.rollout_sample WHERE"
          + " rollout = ? AND step = ? ORDER BY guard, number DESC) AS latest ORDER BY guard";
  private static final String RESULTS =
      "SELECT name, value, at FROM crossfade_control.rollout_evidence WHERE migration = ?";
  private static final String KEEP =
      "INSERT INTO crossfade_control.rollout_evidence (migration, name, value, at, actor) VALUES"
          + " (?, ?, ?, ?, ?) ON CONFLICT (migration, name) DO UPDATE SET value = excluded.value,"
          + " at = excluded.at, actor = excluded.actor";

  private final DataSource database;

  public RolloutEvidence(DataSource database) {
    this.database = database;
  }

  /** What a guard said, when and in which step. */
  public record Sample(int step, Instant at, Finding finding) {}

  /** Adds samples; the oldest leave. */
  public void add(long rollout, List<Sample> samples) throws StoreException {
    try (Connection connection = database.getConnection()) {
      try (PreparedStatement insert = connection.prepareStatement(SAMPLE)) {
        for (Sample sample : samples) {
          Finding finding = sample.finding();
          insert.setLong(1, rollout);
          insert.setInt(2, sample.step());
          insert.setString(3, finding.guard());
          insert.setObject(4, Rows.timestamp(sample.at()));
          insert.setString(5, finding.outcome().name());
          insert.setString(6, finding.reason());
          insert.setDouble(7, finding.numbers().value());
          insert.setDouble(8, finding.numbers().bound());
          insert.setLong(9, finding.numbers().samples());
          insert.setBoolean(10, finding.isDryRun());
          insert.addBatch();
        }
        insert.executeBatch();
      }
      try (PreparedStatement trim = connection.prepareStatement(TRIM)) {
        trim.setLong(1, rollout);
        trim.setLong(2, rollout);
        trim.executeUpdate();
      }
    } catch (SQLException e) {
      throw new StoreException("what guards say could not be written", e);
    }
  }

  /** The newest first. */
  public List<Sample> samples(long rollout, int most) throws StoreException {
    return read(SAMPLES, rollout, most);
  }

  /** What each guard of a step said last. */
  public List<Sample> latest(long rollout, int step) throws StoreException {
    return read(LATEST, rollout, step);
  }

  private List<Sample> read(String sql, long rollout, int number) throws StoreException {
    List<Sample> samples = new ArrayList<>();
    try (Connection connection = database.getConnection();
        PreparedStatement select = connection.prepareStatement(sql)) {
      select.setLong(1, rollout);
      select.setInt(2, number);
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          samples.add(
              new Sample(
                  row.getInt("step"),
                  Rows.instant(row, "at"),
                  new Finding(
                      row.getString("guard"),
                      Outcome.valueOf(row.getString("outcome")),
                      row.getString("reason"),
                      new Finding.Numbers(
                          row.getDouble("value"), row.getDouble("bound"), row.getLong("samples")),
                      row.getBoolean("dry_run"))));
        }
      }
      return samples;
    } catch (SQLException e) {
      throw new StoreException("what guards said could not be read", e);
    }
  }

  /** The latest result of each name. */
  public Map<String, Benchmark> results(String migration) throws StoreException {
    Map<String, Benchmark> results = new HashMap<>();
    try (Connection connection = database.getConnection();
        PreparedStatement select = connection.prepareStatement(RESULTS)) {
      select.setString(1, migration);
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          results.put(
              row.getString("name"),
              new Benchmark(row.getDouble("value"), Rows.instant(row, "at")));
        }
      }
      return results;
    } catch (SQLException e) {
      throw new StoreException("recorded results could not be read", e);
    }
  }

  /**
   * Keeps a result.
   *
   * @return false when the migration has as many names as it may
   */
  public boolean keep(String migration, String name, Benchmark result, RolloutStore.Doer doer)
      throws StoreException {
    Map<String, Benchmark> before = results(migration);
    if (!before.containsKey(name) && before.size() >= RESULTS_PER_MIGRATION_MAX) {
      return false;
    }
    try (Connection connection = database.getConnection()) {
      connection.setAutoCommit(false);
      try {
        AuditLog.append(
            connection,
            new AuditEntry(
                "rollout.evidence",
                migration,
                AuditEntry.Author.of(doer.actor(), doer.reason()),
                AuditEntry.Difference.of(
                    before.containsKey(name) ? name + " = " + before.get(name).value() : "",
                    name + " = " + result.value() + " of " + result.at())));
        try (PreparedStatement insert = connection.prepareStatement(KEEP)) {
          insert.setString(1, migration);
          insert.setString(2, name);
          insert.setDouble(3, result.value());
          insert.setObject(4, Rows.timestamp(result.at()));
          insert.setString(5, doer.actor());
          insert.executeUpdate();
        }
        connection.commit();
        return true;
      } catch (SQLException | RuntimeException e) {
        connection.rollback();
        throw e;
      }
    } catch (SQLException e) {
      throw new StoreException("a result could not be recorded", e);
    }
  }
}
