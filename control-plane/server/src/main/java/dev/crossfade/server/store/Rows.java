package dev.crossfade.server.store;

import dev.crossfade.core.migration.Consistency;
import dev.crossfade.core.migration.ReadFreshness;
import dev.crossfade.core.migration.ReadShare;
import dev.crossfade.core.migration.Stage;
import dev.crossfade.core.migration.Stickiness;
import dev.crossfade.core.migration.WriteAck;
import dev.crossfade.engine.catalog.CatalogEntry;
import dev.crossfade.engine.catalog.CatalogEvidence;
import dev.crossfade.engine.catalog.Change;
import dev.crossfade.engine.catalog.ChangeNote;
import dev.crossfade.engine.catalog.CheckedCatalogs;
import dev.crossfade.engine.catalog.Following;
import dev.crossfade.engine.catalog.MigrationText;
import dev.crossfade.engine.catalog.Position;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/** How the engine's values stand in rows. */
final class Rows {
  static final String ENTRY_COLUMNS =
      "name, version, yaml, source, stage, read_buckets, stickiness, created_at, updated_at,"
          + " checked_at, checked_by, checked_old, checked_new, checked_fingerprint,"
          + " checked_warnings, freshness, ack, bucket_group, flag, flag_taken_by, flag_taken_at";
  static final String CHANGE_COLUMNS =
      "version, migration, at, kind, actor, reason, accepts_loss, from_stage, from_read_buckets,"
          + " from_stickiness, from_freshness, from_ack, to_stage, to_read_buckets, to_stickiness,"
          + " to_freshness, to_ack, from_bucket_group, to_bucket_group";

  private Rows() {}

  static CatalogEntry entry(ResultSet row) throws SQLException {
    return new CatalogEntry(
        row.getString("name"),
        row.getLong("version"),
        new MigrationText(row.getString("yaml"), row.getString("source")),
        position(row, ""),
        new CatalogEntry.Lifetime(instant(row, "created_at"), instant(row, "updated_at")),
        checked(row),
        MoveRows.move(row),
        following(row));
  }

  private static @Nullable Following following(ResultSet row) throws SQLException {
    String flag = row.getString("flag");
    String actor = row.getString("flag_taken_by");
    return flag == null
        ? null
        : new Following(
            flag,
            actor == null ? null : new Following.Takeover(actor, instant(row, "flag_taken_at")));
  }

  private static @Nullable CheckedCatalogs checked(ResultSet row) throws SQLException {
    String actor = row.getString("checked_by");
    return actor == null
        ? null
        : new CheckedCatalogs(
            new CatalogEvidence(
                row.getString("checked_old"),
                row.getString("checked_new"),
                row.getString("checked_fingerprint"),
                row.getInt("checked_warnings")),
            actor,
            instant(row, "checked_at"));
  }

  static void bind(PreparedStatement statement, CatalogEntry entry) throws SQLException {
    statement.setString(1, entry.name());
    statement.setLong(2, entry.version());
    statement.setString(3, entry.file().yaml());
    statement.setString(4, entry.file().source());
    statement.setString(5, entry.position().stage().name());
    statement.setInt(6, entry.position().reads().buckets());
    statement.setString(7, entry.position().stickiness().name());
    statement.setObject(8, timestamp(entry.lifetime().createdAt()));
    statement.setObject(9, timestamp(entry.lifetime().updatedAt()));
    bind(statement, entry.checked());
    bind(statement, 16, entry.position().consistency());
    statement.setString(18, entry.position().bucketGroup());
    bind(statement, 19, entry.following());
  }

  private static void bind(PreparedStatement statement, int first, @Nullable Following following)
      throws SQLException {
    Following.Takeover takeover = following == null ? null : following.takeover();
    statement.setString(first, following == null ? null : following.flag());
    statement.setString(first + 1, takeover == null ? null : takeover.actor());
    statement.setObject(
        first + 2,
        takeover == null ? null : timestamp(takeover.at()),
        Types.TIMESTAMP_WITH_TIMEZONE);
  }

  private static void bind(PreparedStatement statement, @Nullable CheckedCatalogs checked)
      throws SQLException {
    if (checked == null) {
      statement.setNull(10, Types.TIMESTAMP_WITH_TIMEZONE);
      for (int column = 11; column <= 14; column++) {
        statement.setNull(column, Types.VARCHAR);
      }
      statement.setNull(15, Types.INTEGER);
      return;
    }
    CatalogEvidence evidence = checked.evidence();
    statement.setObject(10, timestamp(checked.at()));
    statement.setString(11, checked.actor());
    statement.setString(12, evidence.oldDatabase());
    statement.setString(13, evidence.newDatabase());
    statement.setString(14, evidence.fingerprint());
    statement.setInt(15, evidence.warnings());
  }

  static Change change(ResultSet row) throws SQLException {
    return new Change(
        row.getLong("version"),
        row.getString("migration"),
        instant(row, "at"),
        Change.Kind.valueOf(row.getString("kind")),
        new ChangeNote(
            row.getString("actor"), row.getString("reason"), row.getBoolean("accepts_loss")),
        row.getString("from_stage") == null ? null : position(row, "from_"),
        position(row, "to_"));
  }

  static void bind(PreparedStatement statement, Change change) throws SQLException {
    statement.setLong(1, change.version());
    statement.setString(2, change.migration());
    statement.setObject(3, timestamp(change.at()));
    statement.setString(4, change.kind().name());
    statement.setString(5, change.note().actor());
    statement.setString(6, change.note().reason());
    statement.setBoolean(7, change.note().acceptsLoss());
    Position from = change.from();
    if (from == null) {
      statement.setNull(8, Types.VARCHAR);
      statement.setNull(9, Types.INTEGER);
      statement.setNull(10, Types.VARCHAR);
      statement.setNull(11, Types.VARCHAR);
      statement.setNull(12, Types.VARCHAR);
    } else {
      bind(statement, 8, from);
    }
    bind(statement, 13, change.to());
    statement.setString(18, from == null ? null : from.bucketGroup());
    statement.setString(19, change.to().bucketGroup());
  }

  private static void bind(PreparedStatement statement, int first, Position position)
      throws SQLException {
    statement.setString(first, position.stage().name());
    statement.setInt(first + 1, position.reads().buckets());
    statement.setString(first + 2, position.stickiness().name());
    bind(statement, first + 3, position.consistency());
  }

  private static void bind(PreparedStatement statement, int first, Consistency consistency)
      throws SQLException {
    statement.setString(first, consistency.freshness().toString());
    statement.setString(first + 1, consistency.ack().toString());
  }

  private static Position position(ResultSet row, String prefix) throws SQLException {
    return new Position(
        Stage.valueOf(row.getString(prefix + "stage")),
        new ReadShare(row.getInt(prefix + "read_buckets")),
        Stickiness.valueOf(row.getString(prefix + "stickiness")),
        new Consistency(
            ReadFreshness.parse(row.getString(prefix + "freshness")),
            WriteAck.parse(row.getString(prefix + "ack"))),
        row.getString(prefix + "bucket_group"));
  }

  static Instant instant(ResultSet row, String column) throws SQLException {
    return row.getObject(column, OffsetDateTime.class).toInstant();
  }

  static OffsetDateTime timestamp(Instant instant) {
    return instant.atOffset(ZoneOffset.UTC);
  }
}
