package dev.crossfade.server.grpc;

import dev.crossfade.api.v1.ApplyRequest;
import dev.crossfade.api.v1.RollbackRequest;
import dev.crossfade.api.v1.SetConsistencyRequest;
import dev.crossfade.api.v1.SetReadPercentRequest;
import dev.crossfade.api.v1.SetStageRequest;
import dev.crossfade.core.migration.ReadFreshness;
import dev.crossfade.core.migration.ReadShare;
import dev.crossfade.core.migration.Stage;
import dev.crossfade.core.migration.Stickiness;
import dev.crossfade.core.migration.WriteAck;
import dev.crossfade.engine.catalog.CatalogEvidence;
import dev.crossfade.engine.catalog.CatalogLimits;
import dev.crossfade.engine.catalog.ChangeNote;
import dev.crossfade.engine.catalog.Command;
import dev.crossfade.engine.catalog.MigrationFileCheck;
import dev.crossfade.engine.catalog.MigrationText;
import dev.crossfade.engine.catalog.Move;
import dev.crossfade.server.access.Caller;
import io.grpc.Status;
import io.grpc.StatusException;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/** Reads requests into commands, refusing what no state could make right. */
final class Requests {
  private static final Pattern FINGERPRINT = Pattern.compile("[0-9a-f]{64}");

  private static final Duration SHORTEST_PAUSE = Duration.ofMillis(10);
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

  private final MigrationFileCheck check;

  Requests(MigrationFileCheck check) {
    this.check = check;
  }

  Command.Apply apply(ApplyRequest request) throws StatusException {
    if (request.getYaml().isBlank()) {
      throw invalid("yaml is empty: send the migration file's text");
    }
    if (request.getYaml().length() > CatalogLimits.YAML_MAX_BYTES) {
      throw invalid(
          "yaml has more than "
              + CatalogLimits.YAML_MAX_BYTES
              + " bytes, which is the most allowed");
    }
    String source = request.getSource().isEmpty() ? "migration file" : request.getSource();
    MigrationText file =
        new MigrationText(
            request.getYaml(), limited("source", source, CatalogLimits.SOURCE_MAX_CHARS));
    return switch (check.check(file)) {
      case MigrationFileCheck.Broken broken -> throw invalid(broken.message());
      case MigrationFileCheck.Sound sound ->
          new Command.Apply(
              name(sound.name()),
              file,
              expected(request.hasExpectedVersion(), request.getExpectedVersion()),
              note(request.getNote()),
              request.hasCatalogEvidence() ? evidence(request.getCatalogEvidence()) : null);
    };
  }

  private static CatalogEvidence evidence(dev.crossfade.api.v1.CatalogEvidence evidence)
      throws StatusException {
    if (!FINGERPRINT.matcher(evidence.getFingerprint()).matches()) {
      throw invalid("catalog_evidence.fingerprint is no SHA-256: give 64 lower-case hex digits");
    }
    if (evidence.getWarnings() < 0) {
      throw invalid("catalog_evidence.warnings is " + evidence.getWarnings() + ": give 0 or more");
    }
    return new CatalogEvidence(
        database("catalog_evidence.old_database", evidence.getOldDatabase()),
        database("catalog_evidence.new_database", evidence.getNewDatabase()),
        evidence.getFingerprint(),
        evidence.getWarnings());
  }

  private static String database(String field, String value) throws StatusException {
    if (value.isBlank()) {
      throw invalid(field + " is missing: say which database was looked at, without secrets");
    }
    return limited(field, value, CatalogLimits.DATABASE_MAX_CHARS);
  }

  static Command.SetStage setStage(SetStageRequest request) throws StatusException {
    Stage stage =
        Wire.stage(request.getStage())
            .orElseThrow(
                () ->
                    invalid(
                        "stage is missing or unknown: give one of OFF, DUAL_WRITE, SHADOW, RAMP,"
                            + " LIVE, RAMPDOWN, COMPLETE"));
    return new Command.SetStage(
        name(request.getName()),
        stage,
        expected(request.hasExpectedVersion(), request.getExpectedVersion()),
        note(request.getNote(), request.getAcceptLoss()),
        maxPause(request.hasMaxPause(), request.getMaxPause()));
  }

  private static Duration maxPause(boolean given, com.google.protobuf.Duration pause)
      throws StatusException {
    if (!given) {
      return Move.USUAL_PAUSE;
    }
    Duration asked = Duration.ofSeconds(pause.getSeconds(), pause.getNanos());
    if (asked.compareTo(SHORTEST_PAUSE) < 0 || asked.compareTo(LONGEST_PAUSE) > 0) {
      throw invalid("max_pause is out of its range: give 10 ms to 1 min");
    }
    return asked;
  }

  static Command.SetReads setReads(SetReadPercentRequest request) throws StatusException {
    int buckets = request.getReadBuckets();
    if (buckets < 0 || buckets > ReadShare.WHOLE) {
      throw invalid(
          "read_buckets is " + buckets + ": give 0 to " + ReadShare.WHOLE + ", 25000 is 25 %");
    }
    Optional<Stickiness> stickiness = Wire.stickiness(request.getStickiness());
    if (stickiness.isEmpty() && request.getStickinessValue() != 0) {
      throw invalid(
          "stickiness "
              + request.getStickinessValue()
              + " is unknown: give SESSION, ENTITY, USER or RANDOM");
    }
    return new Command.SetReads(
        name(request.getName()),
        new ReadShare(buckets),
        stickiness,
        expected(request.hasExpectedVersion(), request.getExpectedVersion()),
        note(request.getNote()));
  }

  static Command.SetConsistency setConsistency(SetConsistencyRequest request)
      throws StatusException {
    Optional<ReadFreshness> freshness;
    Optional<WriteAck> ack;
    try {
      freshness = ConsistencyWire.freshness(request.getConsistency());
      ack = ConsistencyWire.ack(request.getConsistency());
    } catch (IllegalArgumentException e) {
      throw invalid("consistency: " + e.getMessage());
    }
    if (freshness.isEmpty() && ack.isEmpty()) {
      throw invalid("consistency is empty: give freshness, ack or both");
    }
    return new Command.SetConsistency(
        name(request.getName()),
        freshness,
        ack,
        expected(request.hasExpectedVersion(), request.getExpectedVersion()),
        note(request.getNote()));
  }

  static Command.Rollback rollback(RollbackRequest request) throws StatusException {
    Optional<Stage> to = Wire.stage(request.getToStage());
    if (to.isEmpty() && request.getToStageValue() != 0) {
      throw invalid("to_stage " + request.getToStageValue() + " is unknown: give an earlier stage");
    }
    return new Command.Rollback(
        name(request.getName()),
        to.orElse(Stage.OFF),
        note(request.getNote(), request.getAcceptLoss()),
        maxPause(request.hasMaxPause(), request.getMaxPause()));
  }

  static String name(String name) throws StatusException {
    if (name.isEmpty()) {
      throw invalid("name is missing: give the migration's name");
    }
    if (name.length() > CatalogLimits.NAME_MAX_CHARS) {
      throw invalid(
          "name has "
              + name.length()
              + " characters; at most "
              + CatalogLimits.NAME_MAX_CHARS
              + " are allowed");
    }
    return storable("name", name);
  }

  private static OptionalLong expected(boolean given, long version) throws StatusException {
    if (given && version < 0) {
      throw invalid(
          "expected_version is "
              + version
              + ": give the version that was read, or 0 for a new migration");
    }
    return given ? OptionalLong.of(version) : OptionalLong.empty();
  }

  static ChangeNote note(dev.crossfade.api.v1.ChangeNote note) throws StatusException {
    return note(note, false);
  }

  private static ChangeNote note(dev.crossfade.api.v1.ChangeNote note, boolean acceptsLoss)
      throws StatusException {
    String given = limited("note.actor", note.getActor(), CatalogLimits.ACTOR_MAX_CHARS);
    return new ChangeNote(
        Caller.actorOf(given),
        limited("note.reason", note.getReason(), CatalogLimits.REASON_MAX_CHARS),
        acceptsLoss);
  }

  private static String limited(String field, String value, int max) throws StatusException {
    if (value.length() > max) {
      throw invalid(
          field + " has " + value.length() + " characters; at most " + max + " are allowed");
    }
    return storable(field, value);
  }

  /** PostgreSQL's text cannot hold U+0000. */
  private static String storable(String field, String value) throws StatusException {
    if (value.indexOf('\0') >= 0) {
      throw invalid(field + " has a NUL character, which cannot be stored");
    }
    return value;
  }

  static StatusException invalid(String message) {
    return Status.INVALID_ARGUMENT.withDescription(message).asException();
  }
}
