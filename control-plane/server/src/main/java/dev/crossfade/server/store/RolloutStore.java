package dev.crossfade.server.store;

import dev.crossfade.engine.audit.AuditEntry;
import dev.crossfade.engine.catalog.CatalogEntry;
import dev.crossfade.engine.catalog.Command;
import dev.crossfade.engine.catalog.Position;
import dev.crossfade.engine.catalog.Verdict;
import dev.crossfade.engine.rollout.Plan;
import dev.crossfade.engine.rollout.Rollout;
import dev.crossfade.engine.rollout.RolloutTransition;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Rollouts in their tables. Whatever a rollout does is written in the transaction that does it: the
 * stage or share that is set, the job that is started, the audit record, the calls that tell of it.
 * So it is either done and known or neither.
 */
public final class RolloutStore {
  private static final int ENDED_PER_MIGRATION_MAX = 50;
  private static final String OPEN =
      "SELECT * FROM crossfade_control.rollout WHERE ended_at IS NULL ORDER BY id";
  private static final String LATEST =
      "SELECT * FROM crossfade_control.rollout WHERE migration = ? ORDER BY id DESC LIMIT 1";
  private static final String LOCKED =
      "SELECT * FROM crossfade_control.rollout WHERE id = ? FOR UPDATE";
  private static final String TRIM =
      "DELETE FROM crossfade_control.rollout WHERE migration = ? AND ended_at IS NOT NULL AND id <="
          + " (SELECT id FROM crossfade_control.rollout WHERE migration = ? AND ended_at IS NOT"
          + " NULL ORDER BY id DESC OFFSET "
          + ENDED_PER_MIGRATION_MAX
          + " LIMIT 1)";
  private static final String NOW = "SELECT clock_timestamp() AS now";

  private final DataSource database;
  private final Leadership leadership;

  public RolloutStore(DataSource database, Leadership leadership) {
    this.database = database;
    this.leadership = leadership;
  }

  /** Somebody else has changed it, or leads now: look again. */
  public static final class StaleException extends Exception {
    private static final long serialVersionUID = 1;

    public StaleException(String message) {
      super(message);
    }
  }

  /**
   * Who does it.
   *
   * @param term of the leader; 0 for a person, who needs none
   */
  public record Doer(String actor, String reason, long term) {}

  /** What a rollout's action on the catalog came to. */
  public record Acted(RolloutRow row, Verdict verdict) {}

  /** The database's clock. */
  public Instant now() throws StoreException {
    return in(
        connection -> {
          try (PreparedStatement select = connection.prepareStatement(NOW);
              ResultSet row = select.executeQuery()) {
            row.next();
            return Rows.instant(row, "now");
          }
        });
  }

  public List<RolloutRow> open() throws StoreException {
    return in(
        connection -> {
          List<RolloutRow> rows = new ArrayList<>();
          try (PreparedStatement select = connection.prepareStatement(OPEN);
              ResultSet row = select.executeQuery()) {
            while (row.next()) {
              rows.add(RolloutRows.read(row));
            }
          }
          return rows;
        });
  }

  /** The one of a migration that is open, or ended last. */
  public Optional<RolloutRow> latest(String migration) throws StoreException {
    return in(connection -> latest(connection, migration));
  }

  private static Optional<RolloutRow> latest(Connection connection, String migration)
      throws SQLException {
    try (PreparedStatement select = connection.prepareStatement(LATEST)) {
      select.setString(1, migration);
      try (ResultSet row = select.executeQuery()) {
        return row.next() ? Optional.of(RolloutRows.read(row)) : Optional.empty();
      }
    }
  }

  /**
   * Begins one.
   *
   * @param row as it is to be, without an id
   * @throws StaleException when one of its migration is open
   */
  public RolloutRow start(RolloutRow row, Plan plan, Doer doer)
      throws StoreException, StaleException {
    return changing(
        connection -> {
          AuditLog.lock(connection);
          Optional<RolloutRow> before = latest(connection, row.migration());
          if (before.isPresent() && before.get().story().endedAt() == null) {
            throw new StaleException("a rollout of '" + row.migration() + "' is under way");
          }
          try (PreparedStatement trim = connection.prepareStatement(TRIM)) {
            trim.setString(1, row.migration());
            trim.setString(2, row.migration());
            trim.executeUpdate();
          }
          RolloutRow started = RolloutRows.insert(connection, row);
          told(connection, started, plan, new Told(RolloutTransition.START, "", doer));
          return started;
        });
  }

  /** Comes into another state. */
  public RolloutRow take(RolloutRow before, RolloutRow after, Plan plan, Told told)
      throws StoreException, StaleException {
    return changing(
        connection -> {
          hold(connection, before, told.doer());
          RolloutRow written = RolloutRows.update(connection, after, "");
          told(
              connection,
              written,
              plan,
              new Told(told.transition(), shown(before.rollout(), plan), told.doer()));
          return written;
        });
  }

  /**
   * A transition and who takes it.
   *
   * @param before how the rollout stood; for people
   */
  public record Told(RolloutTransition transition, String before, Doer doer) {}

  /**
   * Takes note of something without coming into another state.
   *
   * @param waits why it does not go on
   */
  public RolloutRow note(RolloutRow before, RolloutRow after, String waits, Noted noted)
      throws StoreException, StaleException {
    return changing(
        connection -> {
          hold(connection, before, noted.doer());
          if (!noted.action().isEmpty()) {
            audit(connection, noted, before.migration());
          }
          return RolloutRows.update(connection, after, waits);
        });
  }

  /**
   * Why something is noted.
   *
   * @param action for the audit; empty when it is of no concern to it
   */
  public record Noted(String action, String after, Doer doer) {}

  private static void audit(Connection connection, Noted noted, String migration)
      throws SQLException {
    AuditLog.append(
        connection,
        new AuditEntry(
            noted.action(),
            migration,
            AuditEntry.Author.of(noted.doer().actor(), noted.doer().reason()),
            AuditEntry.Difference.to(noted.after())));
  }

  /** Changes the catalog, by the rules that are everybody's. */
  public Acted act(RolloutRow before, Command command, @Nullable String obstacle, Doer doer)
      throws StoreException, StaleException {
    return changing(
        connection -> {
          hold(connection, before, doer);
          Verdict verdict = CatalogStore.changed(connection, command, obstacle);
          Rollout rollout = before.rollout();
          Rollout after =
              switch (verdict) {
                case Verdict.Changed changed -> rollout.at(standing(changed.entry()));
                case Verdict.Unchanged unchanged -> rollout.at(standing(unchanged.entry()));
                case Verdict.Begun begun -> moving(rollout, begun.entry());
                case Verdict.Ended ended -> rollout;
                case Verdict.Underway underway -> rollout;
                case Verdict.Queued queued -> rollout;
                case Verdict.Refused refused -> rollout;
              };
          return new Acted(
              RolloutRows.update(connection, before.with(after), verdict.message()), verdict);
        });
  }

  private static Plan.Standing standing(CatalogEntry entry) {
    Position position = entry.position();
    return new Plan.Standing(position.stage(), position.reads());
  }

  private static Rollout moving(Rollout rollout, CatalogEntry entry) {
    return entry.move() == null
        ? rollout
        : rollout.with(new Rollout.Work(entry.move().id(), rollout.work().job(), false));
  }

  /** Starts a job, or takes the one of its kind that is open for its own. */
  public RolloutRow startJob(RolloutRow before, JobStore.Order order, Doer doer)
      throws StoreException, StaleException {
    return changing(
        connection -> {
          hold(connection, before, doer);
          long job = JobStore.start(connection, order).job().id();
          Rollout after = before.rollout().with(new Rollout.Work(0, job, false));
          return RolloutRows.update(connection, before.with(after), "job " + job);
        });
  }

  /** The order of locks is everybody's: the catalog, the leader, the rollout. */
  private void hold(Connection connection, RolloutRow before, Doer doer)
      throws SQLException, StaleException {
    AuditLog.lock(connection);
    if (doer.term() > 0 && !leadership.isHeld(connection, doer.term())) {
      throw new StaleException("another control plane leads");
    }
    try (PreparedStatement select = connection.prepareStatement(LOCKED)) {
      select.setLong(1, before.rollout().id());
      try (ResultSet row = select.executeQuery()) {
        if (!row.next() || !RolloutRows.read(row).rollout().equals(before.rollout())) {
          throw new StaleException("the rollout has changed");
        }
      }
    }
  }

  private static void told(Connection connection, RolloutRow row, Plan plan, Told told)
      throws SQLException {
    Rollout rollout = row.rollout();
    AuditLog.append(
        connection,
        new AuditEntry(
            "rollout." + AuditLog.word(told.transition()),
            row.migration(),
            AuditEntry.Author.of(
                told.doer().actor(),
                told.doer().reason().isEmpty() ? rollout.status().reason() : told.doer().reason()),
            AuditEntry.Difference.of(
                told.before(), "rollout " + rollout.id() + ": " + shown(rollout, plan))));
    RolloutCalls.insert(connection, row, plan, told.transition());
  }

  private static String shown(Rollout rollout, Plan plan) {
    // The file, and with it the plan, may have been replaced.
    return rollout.step() < plan.steps().size()
        ? rollout.state() + ", step '" + plan.steps().get(rollout.step()).name() + "'"
        : rollout.state() + ", step " + rollout.step();
  }

  private <T> T in(Work<T> work) throws StoreException {
    try (Connection connection = database.getConnection()) {
      return work.on(connection);
    } catch (SQLException e) {
      throw new StoreException("the rollouts could not be read", e);
    }
  }

  private <T> T changing(Change<T> change) throws StoreException, StaleException {
    try (Connection connection = database.getConnection()) {
      connection.setAutoCommit(false);
      try {
        T result = change.on(connection);
        connection.commit();
        return result;
      } catch (SQLException | StaleException | RuntimeException e) {
        connection.rollback();
        throw e;
      }
    } catch (SQLException e) {
      throw new StoreException("a rollout could not be written", e);
    }
  }

  /** A look. */
  private interface Work<T> {
    T on(Connection connection) throws SQLException;
  }

  /** A transaction. */
  private interface Change<T> {
    T on(Connection connection) throws SQLException, StaleException;
  }
}
