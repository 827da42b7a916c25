package dev.crossfade.server.store;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.crossfade.api.v1.BenchmarkVerdict;
import dev.crossfade.engine.audit.AuditEntry;
import dev.crossfade.engine.catalog.ChangeNote;
import dev.crossfade.engine.rollout.Evidence.Verdict;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;

/** Verdicts of benchmarks before a rollout; the last ones of each migration. */
public final class VerdictStore {
  public static final int PER_MIGRATION_MAX = 50;

  private static final String COLUMNS =
      "SELECT e.id, e.migration, e.is_go, e.reason, e.measured_at, e.submitted_at, e.actor,"
          + " e.file_hash = encode(sha256(convert_to(m.yaml, 'UTF8')), 'hex') AS is_current";
  private static final String FROM =
      " FROM crossfade_control.evidence AS e JOIN crossfade_control.migration AS m ON m.name ="
          + " e.migration WHERE ";
  private static final String LIST = COLUMNS + FROM + "e.migration = ? ORDER BY e.id DESC LIMIT ?";
  private static final String GET = COLUMNS + ", e.document" + FROM + "e.id = ?";
  private static final String KEEP =
      "INSERT INTO crossfade_control.evidence (migration, file_hash, is_go, reason, measured_at,"
          + " actor, document) VALUES (?, ?, ?, ?, ?, ?, ?) RETURNING id, submitted_at";
  private static final String TRIM =
      "DELETE FROM crossfade_control.evidence WHERE migration = ? AND id <= (SELECT id FROM"
          + " crossfade_control.evidence WHERE migration = ? ORDER BY id DESC OFFSET "
          + PER_MIGRATION_MAX
          + " LIMIT 1)";

  private final DataSource database;

  public VerdictStore(DataSource database) {
    this.database = database;
  }

  /**
   * One that is kept.
   *
   * @param submittedAt by the clock of the control plane's database
   */
  public record Kept(
      long id, String migration, Verdict verdict, Instant submittedAt, String actor) {}

  /** One with all that was measured. */
  public record Whole(Kept kept, BenchmarkVerdict document) {}

  /** What guards look at: the latest of a migration, whichever version of its file it is of. */
  public Optional<Verdict> latest(String migration) throws StoreException {
    return list(migration, 1).stream().map(Kept::verdict).findFirst();
  }

  /** The newest first. */
  public List<Kept> list(String migration, int most) throws StoreException {
    List<Kept> all = new ArrayList<>();
    try (Connection connection = database.getConnection();
        PreparedStatement select = connection.prepareStatement(LIST)) {
      select.setString(1, migration);
      select.setInt(2, most);
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          all.add(kept(row));
        }
      }
      return all;
    } catch (SQLException e) {
      throw new StoreException("verdicts of benchmarks could not be read", e);
    }
  }

  /** One of them; empty when it is not, or no longer, kept. */
  public Optional<Whole> find(long id) throws StoreException {
    try (Connection connection = database.getConnection();
        PreparedStatement select = connection.prepareStatement(GET)) {
      select.setLong(1, id);
      try (ResultSet row = select.executeQuery()) {
        return row.next()
            ? Optional.of(
                new Whole(kept(row), BenchmarkVerdict.parseFrom(row.getBytes("document"))))
            : Optional.empty();
      }
    } catch (SQLException e) {
      throw new StoreException("a verdict of a benchmark could not be read", e);
    } catch (InvalidProtocolBufferException e) {
      throw new StoreException("a verdict of a benchmark is damaged", new SQLException(e));
    }
  }

  private static Kept kept(ResultSet row) throws SQLException {
    return new Kept(
        row.getLong("id"),
        row.getString("migration"),
        new Verdict(
            row.getBoolean("is_go"),
            row.getString("reason"),
            Rows.instant(row, "measured_at"),
            row.getBoolean("is_current")),
        Rows.instant(row, "submitted_at"),
        row.getString("actor"));
  }

  /**
   * Keeps a verdict, with its record in the audit log.
   *
   * @param verdict of the document, in short
   * @return as it is kept
   */
  public Kept keep(BenchmarkVerdict document, Verdict verdict, ChangeNote note)
      throws StoreException {
    try (Connection connection = database.getConnection()) {
      connection.setAutoCommit(false);
      try {
        AuditLog.append(
            connection,
            new AuditEntry(
                "rollout.verdict",
                document.getMigration(),
                AuditEntry.Author.of(note.actor(), note.reason()),
                AuditEntry.Difference.to(
                    (verdict.isGo() ? "go" : "no go: " + verdict.reason())
                        + ", measured "
                        + verdict.measuredAt()
                        + ", file "
                        + document.getFileHash())));
        Kept kept = insert(connection, document, verdict, note.actor());
        try (PreparedStatement trim = connection.prepareStatement(TRIM)) {
          trim.setString(1, document.getMigration());
          trim.setString(2, document.getMigration());
          trim.executeUpdate();
        }
        connection.commit();
        return kept;
      } catch (SQLException | RuntimeException e) {
        connection.rollback();
        throw e;
      }
    } catch (SQLException e) {
      throw new StoreException("a verdict of a benchmark could not be kept", e);
    }
  }

  private static Kept insert(
      Connection connection, BenchmarkVerdict document, Verdict verdict, String actor)
      throws SQLException {
    try (PreparedStatement insert = connection.prepareStatement(KEEP)) {
      insert.setString(1, document.getMigration());
      insert.setString(2, document.getFileHash());
      insert.setBoolean(3, verdict.isGo());
      insert.setString(4, verdict.reason());
      insert.setObject(5, Rows.timestamp(verdict.measuredAt()));
      insert.setString(6, actor);
      insert.setBytes(7, document.toByteArray());
      try (ResultSet row = insert.executeQuery()) {
        row.next();
        return new Kept(
            row.getLong("id"),
            document.getMigration(),
            verdict,
            Rows.instant(row, "submitted_at"),
            actor);
      }
    }
  }
}
