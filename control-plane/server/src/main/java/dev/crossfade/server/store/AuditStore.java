package dev.crossfade.server.store;

import dev.crossfade.engine.audit.AuditEntry;
import dev.crossfade.engine.audit.AuditFlaw;
import dev.crossfade.engine.audit.AuditHead;
import dev.crossfade.engine.audit.AuditRecord;
import dev.crossfade.engine.audit.AuditVerifier;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;

/** Reads and verifies the audit log. {@link AuditLog} writes it. */
public final class AuditStore {
  private static final int FETCH = 1_000;
  private static final String LIST =
      "SELECT * FROM crossfade_control.audit WHERE number < ? AND ? IN ('', migration) AND ? IN"
          + " ('', actor) AND at >= ? AND at < ? ORDER BY number DESC LIMIT ?";
  private static final String ALL = "SELECT * FROM crossfade_control.audit ORDER BY number";
  private static final String HEAD =
      "SELECT audit_number, audit_hash FROM crossfade_control.catalog";

  private final DataSource database;

  public AuditStore(DataSource database) {
    this.database = database;
  }

  /**
   * Which records.
   *
   * @param migration empty for all
   * @param actor empty for all
   * @param from the first moment
   * @param to the first moment after it
   */
  public record Filter(String migration, String actor, Instant from, Instant to) {}

  /**
   * What a verification came to.
   *
   * @param noted the log's end as it is noted apart from the records
   * @param last the last record that fits
   */
  public record Verified(AuditHead noted, AuditHead last, Optional<AuditFlaw> flaw) {}

  /** Adds a record of something that happens outside of the catalog's database. */
  public void append(AuditEntry entry) throws StoreException {
    try (Connection connection = database.getConnection()) {
      connection.setAutoCommit(false);
      try {
        AuditLog.append(connection, entry);
        connection.commit();
      } catch (SQLException | RuntimeException e) {
        connection.rollback();
        throw e;
      }
    } catch (SQLException e) {
      throw new StoreException("the audit log could not be written", e);
    }
  }

  /**
   * The newest first.
   *
   * @param before only records with lower numbers
   */
  public List<AuditRecord> list(Filter filter, long before, int most) throws StoreException {
    try (Connection connection = database.getConnection();
        PreparedStatement select = connection.prepareStatement(LIST)) {
      select.setLong(1, before);
      select.setString(2, filter.migration());
      select.setString(3, filter.actor());
      select.setObject(4, Rows.timestamp(filter.from()));
      select.setObject(5, Rows.timestamp(filter.to()));
      select.setInt(6, most);
      List<AuditRecord> records = new ArrayList<>();
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          records.add(read(row));
        }
      }
      return records;
    } catch (SQLException e) {
      throw new StoreException("the audit log could not be read", e);
    }
  }

  /**
   * Reads all of it, in one snapshot, and never more than a few records at a time.
   *
   * @param remembered a record that somebody noted elsewhere; {@link AuditHead#START} for none
   */
  public Verified verify(AuditHead remembered) throws StoreException {
    try (Connection connection = database.getConnection()) {
      connection.setAutoCommit(false);
      connection.setReadOnly(true);
      connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
      try {
        Verified verified = verify(connection, remembered);
        connection.commit();
        return verified;
      } catch (SQLException | RuntimeException e) {
        connection.rollback();
        throw e;
      }
    } catch (SQLException e) {
      throw new StoreException("the audit log could not be verified", e);
    }
  }

  private static Verified verify(Connection connection, AuditHead remembered) throws SQLException {
    AuditHead noted = head(connection);
    AuditVerifier verifier = new AuditVerifier(noted, remembered);
    try (PreparedStatement select = connection.prepareStatement(ALL)) {
      select.setFetchSize(FETCH);
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          Optional<AuditFlaw> flaw = next(verifier, row);
          if (flaw.isPresent()) {
            return new Verified(noted, verifier.last(), flaw);
          }
        }
      }
    }
    return new Verified(noted, verifier.last(), verifier.end());
  }

  private static Optional<AuditFlaw> next(AuditVerifier verifier, ResultSet row)
      throws SQLException {
    AuditRecord record;
    try {
      record = read(row);
    } catch (IllegalArgumentException e) {
      // No record was ever written with such an action.
      long number = row.getLong("number");
      return Optional.of(
          new AuditFlaw(
              number,
              AuditFlaw.Kind.CHANGED,
              "record " + number + " is not as it was written: " + e.getMessage()));
    }
    return verifier.next(record);
  }

  private static AuditHead head(Connection connection) throws SQLException {
    try (PreparedStatement select = connection.prepareStatement(HEAD);
        ResultSet row = select.executeQuery()) {
      row.next();
      return new AuditHead(row.getLong("audit_number"), row.getString("audit_hash"));
    }
  }

  private static AuditRecord read(ResultSet row) throws SQLException {
    return new AuditRecord(
        row.getLong("number"),
        Rows.instant(row, "at"),
        new AuditEntry(
            row.getString("action"),
            row.getString("migration"),
            new AuditEntry.Author(row.getString("actor"), row.getString("reason")),
            new AuditEntry.Difference(row.getString("before"), row.getString("after"))),
        row.getString("hash"));
  }
}
