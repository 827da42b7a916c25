package dev.crossfade.server.store;

import dev.crossfade.core.migration.Stage;
import dev.crossfade.engine.catalog.ChangeNote;
import dev.crossfade.engine.catalog.Command;
import dev.crossfade.engine.catalog.Move;
import dev.crossfade.engine.catalog.MoveEnd;
import dev.crossfade.engine.catalog.MoveStep;
import dev.crossfade.engine.catalog.Transition;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/** How a move stands in a row, and how the catalog's own transactions write it. */
final class MoveRows {
  /** Of a table with the alias {@code m}. */
  static final String COLUMNS =
      "m.id AS move_id, m.migration AS move_migration, m.transition AS move_transition, m.actor AS"
          + " move_actor, m.reason AS move_reason, m.accepts_loss AS move_accepts_loss,"
          + " m.max_pause_millis AS move_max_pause_millis, m.begun_at AS move_begun_at, m.state AS"
          + " move_state, m.step AS move_step, m.waits AS move_waits, m.term AS move_term,"
          + " m.ended_at AS move_ended_at, m.outcome AS move_outcome, m.epoch AS move_epoch,"
          + " m.pause_micros AS move_pause_micros, m.then_to AS move_then_to, m.then_actor AS"
          + " move_then_actor, m.then_reason AS move_then_reason, m.then_max_pause_millis AS"
          + " move_then_max_pause_millis, m.then_accepts_loss AS move_then_accepts_loss,"
          + " clock_timestamp() AS move_read_at";

  private static final String LOCK =
      "SELECT FROM crossfade_control.move WHERE migration = ? AND state = 'OPEN' FOR UPDATE";
  private static final String INSERT =
      "INSERT INTO crossfade_control.move (id, migration, transition, actor, reason,"
          + " max_pause_millis, accepts_loss) VALUES (?, ?, ?, ?, ?, ?, ?)";
  private static final String END =
      "UPDATE crossfade_control.move SET state = ?, outcome = ?, epoch = ?, pause_micros = ?,"
          + " ended_at = clock_timestamp(), lease_until = NULL, owner = '', waits = '' WHERE"
          + " migration = ? AND state = 'OPEN'";
  private static final String QUEUE =
      "UPDATE crossfade_control.move SET then_to = ?, then_actor = ?, then_reason = ?,"
          + " then_accepts_loss = ?, then_max_pause_millis = ? WHERE id = ? AND state = 'OPEN'";
  private static final int ENDED_PER_MIGRATION_MAX = 200;
  private static final String TRIM =
      "DELETE FROM crossfade_control.move WHERE migration = ? AND state <> 'OPEN' AND id <= (SELECT"
          + " id FROM crossfade_control.move WHERE migration = ? AND state <> 'OPEN' ORDER BY id"
          + " DESC OFFSET "
          + ENDED_PER_MIGRATION_MAX
          + " LIMIT 1)";

  private MoveRows() {}

  /** Null when the row has none. */
  static @Nullable Move move(ResultSet row) throws SQLException {
    long id = row.getLong("move_id");
    if (row.wasNull()) {
      return null;
    }
    return new Move(
        id,
        Transition.valueOf(row.getString("move_transition")),
        new ChangeNote(
            row.getString("move_actor"),
            row.getString("move_reason"),
            row.getBoolean("move_accepts_loss")),
        Duration.ofMillis(row.getLong("move_max_pause_millis")),
        new Move.Progress(
            MoveStep.valueOf(row.getString("move_step")), row.getString("move_waits"), then(row)));
  }

  private static Command.@Nullable Rollback then(ResultSet row) throws SQLException {
    String to = row.getString("move_then_to");
    return to == null
        ? null
        : new Command.Rollback(
            row.getString("move_migration"),
            Stage.valueOf(to),
            new ChangeNote(
                row.getString("move_then_actor"),
                row.getString("move_then_reason"),
                row.getBoolean("move_then_accepts_loss")),
            Duration.ofMillis(row.getLong("move_then_max_pause_millis")));
  }

  /** Null when the row has none. */
  static @Nullable MoveRow read(ResultSet row) throws SQLException {
    Move move = move(row);
    return move == null
        ? null
        : new MoveRow(
            row.getString("move_migration"),
            move,
            row.getLong("move_term"),
            new MoveRow.Times(
                Rows.instant(row, "move_begun_at"), Rows.instant(row, "move_read_at")),
            end(row));
  }

  private static MoveRow.@Nullable End end(ResultSet row) throws SQLException {
    OffsetDateTime at = row.getObject("move_ended_at", OffsetDateTime.class);
    return at == null
        ? null
        : new MoveRow.End(
            row.getString("move_state").equals("DONE"),
            at.toInstant(),
            row.getString("move_outcome"),
            row.getLong("move_epoch"),
            Duration.of(row.getLong("move_pause_micros"), ChronoUnit.MICROS));
  }

  /** Keeps the move that is under way, if one is, as it is until the transaction ends. */
  static void lock(Connection connection, String migration) throws SQLException {
    try (PreparedStatement lock = connection.prepareStatement(LOCK)) {
      lock.setString(1, migration);
      lock.execute();
    }
  }

  static void insert(Connection connection, String migration, Move move) throws SQLException {
    try (PreparedStatement trim = connection.prepareStatement(TRIM)) {
      trim.setString(1, migration);
      trim.setString(2, migration);
      trim.executeUpdate();
    }
    try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
      insert.setLong(1, move.id());
      insert.setString(2, migration);
      insert.setString(3, move.transition().name());
      insert.setString(4, move.note().actor());
      insert.setString(5, move.note().reason());
      insert.setLong(6, move.maxPause().toMillis());
      insert.setBoolean(7, move.note().acceptsLoss());
      insert.executeUpdate();
    }
  }

  /** Keeps what follows a move that is under way, and locked. */
  static void queue(Connection connection, Move move) throws SQLException {
    Command.Rollback then = move.progress().then();
    if (then == null) {
      return;
    }
    try (PreparedStatement update = connection.prepareStatement(QUEUE)) {
      update.setString(1, then.to().name());
      update.setString(2, then.note().actor());
      update.setString(3, then.note().reason());
      update.setBoolean(4, then.note().acceptsLoss());
      update.setLong(5, then.maxPause().toMillis());
      update.setLong(6, move.id());
      update.executeUpdate();
    }
  }

  /** The one that is under way, and locked. */
  static void end(Connection connection, String migration, MoveEnd end, String outcome)
      throws SQLException {
    try (PreparedStatement update = connection.prepareStatement(END)) {
      MoveEnd.Arrived arrived =
          switch (end) {
            case MoveEnd.Arrived done -> done;
            case MoveEnd.Failed failed -> null;
          };
      update.setString(1, arrived == null ? "FAILED" : "DONE");
      update.setString(2, outcome);
      update.setLong(3, arrived == null ? 0 : arrived.epoch());
      update.setLong(4, arrived == null ? 0 : arrived.pause().toNanos() / 1_000);
      update.setString(5, migration);
      if (update.executeUpdate() != 1) {
        throw new SQLException("the move of " + migration + " is not under way");
      }
    }
  }
}
