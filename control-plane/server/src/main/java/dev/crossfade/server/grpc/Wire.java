package dev.crossfade.server.grpc;

import com.google.protobuf.Timestamp;
import dev.crossfade.api.v1.CatalogCheck;
import dev.crossfade.api.v1.CircuitState;
import dev.crossfade.api.v1.Migration;
import dev.crossfade.api.v1.MigrationConfig;
import dev.crossfade.api.v1.Notice;
import dev.crossfade.api.v1.Report;
import dev.crossfade.api.v1.RoutedCount;
import dev.crossfade.api.v1.Sidecar;
import dev.crossfade.api.v1.Snapshot;
import dev.crossfade.api.v1.Verification;
import dev.crossfade.api.v1.WatchEvent;
import dev.crossfade.core.migration.MigrationFlags;
import dev.crossfade.core.migration.Side;
import dev.crossfade.core.migration.Stage;
import dev.crossfade.core.migration.Stickiness;
import dev.crossfade.engine.catalog.CatalogEntry;
import dev.crossfade.engine.catalog.CatalogEvidence;
import dev.crossfade.engine.catalog.Change;
import dev.crossfade.engine.catalog.CheckedCatalogs;
import dev.crossfade.engine.catalog.Position;
import dev.crossfade.server.store.CatalogState;
import dev.crossfade.server.store.SidecarRow;
import dev.crossfade.server.store.VerificationStore;
import java.time.Instant;
import java.util.Optional;

/** Writes the control plane's values as messages, and reads the enums back. */
final class Wire {
  private static final int NOTICE_NAME_MAX = 128;
  private static final int NOTICE_MAX = 1_024;

  private Wire() {}

  static Migration migration(CatalogEntry entry) {
    return outline(entry).toBuilder().setYaml(entry.file().yaml()).build();
  }

  /** The migration without its file. */
  static Migration outline(CatalogEntry entry) {
    MigrationFlags flags = entry.flags();
    Migration.Builder outline = Migration.newBuilder();
    if (entry.checked() != null) {
      outline.setCatalogCheck(check(entry.checked()));
    }
    if (entry.move() != null) {
      outline.setMove(MoveWire.move(entry.move()));
    }
    if (entry.following() != null) {
      outline.setFlag(FlagWire.followed(entry.following()));
    }
    return outline
        .setName(entry.name())
        .setVersion(entry.version())
        .setSource(entry.file().source())
        .setStage(stage(flags.stage()))
        .setReadBuckets(flags.reads().buckets())
        .setEffectiveReadBuckets(flags.effectiveReads().buckets())
        .setStickiness(stickiness(flags.stickiness()))
        .setConsistency(ConsistencyWire.message(flags.consistency()))
        .setBucketGroup(entry.position().bucketGroup())
        .setCreatedAt(timestamp(entry.lifetime().createdAt()))
        .setUpdatedAt(timestamp(entry.lifetime().updatedAt()))
        .build();
  }

  private static CatalogCheck check(CheckedCatalogs checked) {
    CatalogEvidence evidence = checked.evidence();
    return CatalogCheck.newBuilder()
        .setEvidence(
            dev.crossfade.api.v1.CatalogEvidence.newBuilder()
                .setOldDatabase(evidence.oldDatabase())
                .setNewDatabase(evidence.newDatabase())
                .setFingerprint(evidence.fingerprint())
                .setWarnings(evidence.warnings()))
        .setActor(checked.actor())
        .setAt(timestamp(checked.at()))
        .build();
  }

  static dev.crossfade.api.v1.Change change(Change change) {
    dev.crossfade.api.v1.Change.Builder wire =
        dev.crossfade.api.v1.Change.newBuilder()
            .setVersion(change.version())
            .setMigration(change.migration())
            .setAt(timestamp(change.at()))
            .setKind(kind(change.kind()))
            .setActor(change.note().actor())
            .setReason(change.note().reason())
            .setAcceptsLoss(change.note().acceptsLoss())
            .setTo(position(change.to()));
    if (change.from() != null) {
      wire.setFrom(position(change.from()));
    }
    return wire.build();
  }

  static WatchEvent current(long version, CatalogEntry entry) {
    return WatchEvent.newBuilder().setVersion(version).setMigration(outline(entry)).build();
  }

  /**
   * The event of a change: the migration as the change left it, which need not be how it is by now.
   */
  static WatchEvent event(CatalogEntry entry, Change change) {
    CatalogEntry then =
        new CatalogEntry(
            entry.name(),
            change.version(),
            entry.file(),
            change.standing(),
            new CatalogEntry.Lifetime(entry.lifetime().createdAt(), change.at()),
            entry.checked(),
            change.kind() == Change.Kind.MOVE_BEGUN ? entry.move() : null,
            entry.following());
    return WatchEvent.newBuilder()
        .setVersion(change.version())
        .setMigration(outline(then))
        .setChange(change(change))
        .build();
  }

  /** The snapshot without a nonce. */
  static Snapshot snapshot(CatalogState state) {
    Snapshot.Builder snapshot = Snapshot.newBuilder().setVersion(state.version());
    for (CatalogEntry entry : state.entries().values()) {
      snapshot.addMigrations(
          MigrationConfig.newBuilder()
              .setName(entry.name())
              .setYaml(entry.file().yaml())
              .setStage(stage(entry.position().stage()))
              .setReadBuckets(entry.position().reads().buckets())
              .setStickiness(stickiness(entry.position().stickiness()))
              .setConsistency(ConsistencyWire.message(entry.position().consistency()))
              .setBucketGroup(entry.position().bucketGroup()));
    }
    return snapshot.build();
  }

  static Sidecar sidecar(SidecarRow row) {
    return Sidecar.newBuilder()
        .setService(row.identity().service())
        .setInstance(row.identity().instance())
        .setBuildVersion(row.identity().buildVersion())
        .setConnected(row.connected())
        .setAckedVersion(row.ackedVersion())
        .setNackedVersion(row.nackedVersion())
        .setNackReason(row.nackReason())
        .setLastSeen(timestamp(row.lastSeen()))
        .setSessions(row.traffic().sessions())
        .setCircuit(circuit(row.traffic().circuit()))
        .setRoutedOld(row.traffic().routedOld())
        .setRoutedNew(row.traffic().routedNew())
        .setFallbacks(row.traffic().fallbacks())
        .addAllNotices(row.notices().stream().map(Wire::notice).toList())
        .build();
  }

  private static Notice notice(SidecarRow.Notice notice) {
    return Notice.newBuilder()
        .setCode(notice.code())
        .setMigration(notice.migration())
        .setMessage(notice.message())
        .build();
  }

  /** Within its limits, and as the database can keep it. */
  static SidecarRow.Notice notice(Notice notice) {
    return new SidecarRow.Notice(
        text(notice.getCode(), NOTICE_NAME_MAX),
        text(notice.getMigration(), NOTICE_NAME_MAX),
        text(notice.getMessage(), NOTICE_MAX));
  }

  private static String text(String text, int most) {
    String plain = text.replace('\0', ' ');
    return plain.length() <= most ? plain : plain.substring(0, most);
  }

  private static dev.crossfade.api.v1.Position position(Position position) {
    return dev.crossfade.api.v1.Position.newBuilder()
        .setStage(stage(position.stage()))
        .setReadBuckets(position.reads().buckets())
        .setStickiness(stickiness(position.stickiness()))
        .setConsistency(ConsistencyWire.message(position.consistency()))
        .setBucketGroup(position.bucketGroup())
        .build();
  }

  static Verification verification(VerificationStore.Verified verified) {
    VerificationStore.Found found = verified.found();
    return Verification.newBuilder()
        .setAsOf(timestamp(verified.asOf()))
        .setEndedAt(timestamp(verified.endedAt()))
        .setFromNew(verified.direction().authority() == Side.NEW)
        .setEpoch(verified.direction().epoch())
        .setRows(found.rows())
        .setDrifted(found.drifted())
        .setRestless(found.restless())
        .addAllExamples(found.examples())
        .setAfterBackfill(verified.isAfterBackfill())
        .build();
  }

  static Timestamp timestamp(Instant instant) {
    return Timestamp.newBuilder()
        .setSeconds(instant.getEpochSecond())
        .setNanos(instant.getNano())
        .build();
  }

  static dev.crossfade.api.v1.Stage stage(Stage stage) {
    return switch (stage) {
      case OFF -> dev.crossfade.api.v1.Stage.STAGE_OFF;
      case DUAL_WRITE -> dev.crossfade.api.v1.Stage.STAGE_DUAL_WRITE;
      case SHADOW -> dev.crossfade.api.v1.Stage.STAGE_SHADOW;
      case RAMP -> dev.crossfade.api.v1.Stage.STAGE_RAMP;
      case LIVE -> dev.crossfade.api.v1.Stage.STAGE_LIVE;
      case RAMPDOWN -> dev.crossfade.api.v1.Stage.STAGE_RAMPDOWN;
      case COMPLETE -> dev.crossfade.api.v1.Stage.STAGE_COMPLETE;
    };
  }

  /** Empty for UNSPECIFIED and for stages that are not known here. */
  static Optional<Stage> stage(dev.crossfade.api.v1.Stage stage) {
    return switch (stage) {
      case STAGE_OFF -> Optional.of(Stage.OFF);
      case STAGE_DUAL_WRITE -> Optional.of(Stage.DUAL_WRITE);
      case STAGE_SHADOW -> Optional.of(Stage.SHADOW);
      case STAGE_RAMP -> Optional.of(Stage.RAMP);
      case STAGE_LIVE -> Optional.of(Stage.LIVE);
      case STAGE_RAMPDOWN -> Optional.of(Stage.RAMPDOWN);
      case STAGE_COMPLETE -> Optional.of(Stage.COMPLETE);
      case STAGE_UNSPECIFIED, UNRECOGNIZED -> Optional.empty();
    };
  }

  private static dev.crossfade.api.v1.Stickiness stickiness(Stickiness stickiness) {
    return switch (stickiness) {
      case SESSION -> dev.crossfade.api.v1.Stickiness.STICKINESS_SESSION;
      case ENTITY -> dev.crossfade.api.v1.Stickiness.STICKINESS_ENTITY;
      case USER -> dev.crossfade.api.v1.Stickiness.STICKINESS_USER;
      case RANDOM -> dev.crossfade.api.v1.Stickiness.STICKINESS_RANDOM;
    };
  }

  /** Empty for UNSPECIFIED and for values that are not known here. */
  static Optional<Stickiness> stickiness(dev.crossfade.api.v1.Stickiness stickiness) {
    return switch (stickiness) {
      case STICKINESS_SESSION -> Optional.of(Stickiness.SESSION);
      case STICKINESS_ENTITY -> Optional.of(Stickiness.ENTITY);
      case STICKINESS_USER -> Optional.of(Stickiness.USER);
      case STICKINESS_RANDOM -> Optional.of(Stickiness.RANDOM);
      case STICKINESS_UNSPECIFIED, UNRECOGNIZED -> Optional.empty();
    };
  }

  private static dev.crossfade.api.v1.ChangeKind kind(Change.Kind kind) {
    return switch (kind) {
      case CREATED -> dev.crossfade.api.v1.ChangeKind.CHANGE_KIND_CREATED;
      case REPLACED -> dev.crossfade.api.v1.ChangeKind.CHANGE_KIND_REPLACED;
      case STAGE -> dev.crossfade.api.v1.ChangeKind.CHANGE_KIND_STAGE;
      case READS -> dev.crossfade.api.v1.ChangeKind.CHANGE_KIND_READS;
      case CONSISTENCY -> dev.crossfade.api.v1.ChangeKind.CHANGE_KIND_CONSISTENCY;
      case ROLLBACK -> dev.crossfade.api.v1.ChangeKind.CHANGE_KIND_ROLLBACK;
      case FOLLOWED -> dev.crossfade.api.v1.ChangeKind.CHANGE_KIND_FOLLOWED;
      case CHECKED -> dev.crossfade.api.v1.ChangeKind.CHANGE_KIND_CHECKED;
      case MOVE_BEGUN -> dev.crossfade.api.v1.ChangeKind.CHANGE_KIND_MOVE_BEGUN;
      case MOVE_FAILED -> dev.crossfade.api.v1.ChangeKind.CHANGE_KIND_MOVE_FAILED;
    };
  }

  private static CircuitState circuit(SidecarRow.Circuit circuit) {
    return switch (circuit) {
      case UNKNOWN -> CircuitState.CIRCUIT_STATE_UNSPECIFIED;
      case CLOSED -> CircuitState.CIRCUIT_STATE_CLOSED;
      case OPEN -> CircuitState.CIRCUIT_STATE_OPEN;
    };
  }

  /** With what came since {@code before}. */
  static SidecarRow.Traffic traffic(SidecarRow.Traffic before, Report report) {
    long old = 0;
    long fresh = 0;
    for (RoutedCount count : report.getRoutedList()) {
      long added = Math.max(0, count.getCount());
      if (count.getSide() == dev.crossfade.api.v1.Side.SIDE_NEW) {
        fresh += added;
      } else {
        old += added;
      }
    }
    return new SidecarRow.Traffic(
        Math.max(0, report.getSessions()),
        circuit(report.getCircuit()),
        before.routedOld() + old,
        before.routedNew() + fresh,
        before.fallbacks() + Math.max(0, report.getFallbacks()));
  }

  static SidecarRow.Circuit circuit(CircuitState circuit) {
    return switch (circuit) {
      case CIRCUIT_STATE_CLOSED -> SidecarRow.Circuit.CLOSED;
      case CIRCUIT_STATE_OPEN -> SidecarRow.Circuit.OPEN;
      case CIRCUIT_STATE_UNSPECIFIED, UNRECOGNIZED -> SidecarRow.Circuit.UNKNOWN;
    };
  }
}
