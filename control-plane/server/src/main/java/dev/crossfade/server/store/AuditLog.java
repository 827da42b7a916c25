package dev.crossfade.server.store;

import dev.crossfade.engine.audit.AuditEntry;
import dev.crossfade.engine.audit.AuditHead;
import dev.crossfade.engine.audit.AuditRecord;
import dev.crossfade.engine.catalog.Change;
import dev.crossfade.engine.catalog.ChangeNote;
import dev.crossfade.engine.catalog.Position;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Writes the audit log. A record is written in the transaction of the change that it tells of, so
 * there is neither one without the other. The catalog's lock puts all of them in one order: a
 * transaction that locks anything else takes it first ({@link #lock}), or two of them might wait
 * for each other.
 */
public final class AuditLog {
  private static final String LOCK =
      "SELECT audit_number, audit_hash, clock_timestamp() AS now FROM crossfade_control.catalog FOR"
          + " UPDATE";
  private static final String INSERT =
      "INSERT INTO crossfade_control.audit (number, at, action, migration, actor, reason, before,"
          + " after, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)";
  private static final String ADVANCE =
      "UPDATE crossfade_control.catalog SET audit_number = ?, audit_hash = ?";
  private static final String EARLIER =
      "SELECT count(*) AS changes, count(DISTINCT migration) AS migrations, coalesce(max(version),"
          + " 0) AS version FROM crossfade_control.change";

  private AuditLog() {}

  /** The log's end, and the time by the database's clock. */
  private record Locked(AuditHead head, Instant now) {}

  /** Waits until nobody else changes anything; until the transaction's end nobody else does. */
  public static void lock(Connection connection) throws SQLException {
    locked(connection);
  }

  private static Locked locked(Connection connection) throws SQLException {
    try (PreparedStatement lock = connection.prepareStatement(LOCK);
        ResultSet row = lock.executeQuery()) {
      if (!row.next()) {
        throw new SQLException("the row of crossfade_control.catalog is gone");
      }
      return new Locked(
          new AuditHead(row.getLong("audit_number"), row.getString("audit_hash")),
          Rows.instant(row, "now"));
    }
  }

  /** Adds a record; it is there if and when the transaction commits. */
  public static AuditRecord append(Connection connection, AuditEntry entry) throws SQLException {
    Locked locked = locked(connection);
    AuditRecord record = AuditRecord.after(locked.head(), locked.now(), entry);
    try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
      insert.setLong(1, record.number());
      insert.setObject(2, Rows.timestamp(record.at()));
      insert.setString(3, entry.action());
      insert.setString(4, entry.migration());
      insert.setString(5, entry.author().actor());
      insert.setString(6, entry.author().reason());
      insert.setString(7, entry.difference().before());
      insert.setString(8, entry.difference().after());
      insert.setString(9, record.hash());
      insert.executeUpdate();
    }
    try (PreparedStatement advance = connection.prepareStatement(ADVANCE)) {
      advance.setLong(1, record.number());
      advance.setString(2, record.hash());
      advance.executeUpdate();
    }
    return record;
  }

  /** Says in its first record where the log begins, unless it has begun. */
  static void begin(Connection connection) throws SQLException {
    if (locked(connection).head().number() > 0) {
      return;
    }
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(EARLIER)) {
      row.next();
      String earlier =
          row.getLong("changes") == 0
              ? "the catalog is new"
              : "the history has "
                  + row.getLong("changes")
                  + " changes of "
                  + row.getLong("migrations")
                  + " migrations from before, up to version "
                  + row.getLong("version");
      append(
          connection,
          new AuditEntry(
              "audit.begun",
              "",
              AuditEntry.Author.of("control plane", ""),
              AuditEntry.Difference.to(earlier)));
    }
  }

  /** A change of the catalog. */
  static void append(Connection connection, Change change, String file) throws SQLException {
    Position from = change.from();
    append(
        connection,
        new AuditEntry(
            "catalog." + word(change.kind()),
            change.migration(),
            author(change.note()),
            AuditEntry.Difference.of(
                from == null ? "" : shown(from),
                "version " + change.version() + ": " + shown(change.to()) + ", file " + file)));
  }

  static AuditEntry.Author author(ChangeNote note) {
    return AuditEntry.Author.of(
        note.actor(), note.acceptsLoss() ? "(accepts loss) " + note.reason() : note.reason());
  }

  static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static String shown(@Nullable Position position) {
    return position == null
        ? ""
        : position.stage()
            + ", reads "
            + position.reads()
            + " by "
            + position.stickiness()
            + ", "
            + position.consistency().freshness()
            + ", ack "
            + position.consistency().ack();
  }
}
