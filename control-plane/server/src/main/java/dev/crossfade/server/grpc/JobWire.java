package dev.crossfade.server.grpc;

import com.google.protobuf.Duration;
import dev.crossfade.api.v1.Ddl;
import dev.crossfade.api.v1.Job;
import dev.crossfade.api.v1.JobEvent;
import dev.crossfade.api.v1.JobEventKind;
import dev.crossfade.api.v1.JobKind;
import dev.crossfade.api.v1.JobProgress;
import dev.crossfade.api.v1.JobSettings;
import dev.crossfade.api.v1.JobState;
import dev.crossfade.api.v1.StartJobRequest;
import dev.crossfade.core.migration.Side;
import dev.crossfade.engine.job.JobWish;
import dev.crossfade.mirror.Backfill;
import dev.crossfade.mirror.Verify;
import dev.crossfade.server.job.DdlFile;
import dev.crossfade.server.store.JobRow;
import dev.crossfade.server.store.JobRow.Counts;
import dev.crossfade.server.store.JobRow.Kind;
import dev.crossfade.server.store.JobRow.Size;
import dev.crossfade.server.store.VerificationStore.Verified;
import dev.crossfade.sql.yaml.InvalidFileException;
import io.grpc.StatusException;
import java.time.Instant;
import java.util.Optional;

/** Jobs as messages, and what is asked of them as values. */
final class JobWire {
  private static final int MILLIS = 1_000;
  private static final int NANOS_PER_MILLI = 1_000_000;
  private static final int BACKFILL_CHUNK = 1_000;
  private static final int BACKFILL_CHUNK_MAX = 2_000;
  private static final int VERIFY_CHUNK = 10_000;
  private static final int VERIFY_CHUNK_MAX = 100_000;
  private static final int CONTINUOUS_CHUNK = 2_000;
  private static final int LENS_CHUNK = 5_000;
  private static final int CONTINUOUS_RATE = 10_000;
  private static final int RATE_MAX = 100_000_000;
  private static final double SLOWDOWN = 3;
  private static final double SLOWDOWN_MIN = 1.1;
  private static final double SLOWDOWN_MAX = 1_000;
  private static final int SOURCE_MAX = 200;
  private static final int PENDING = 5_000;
  private static final int PENDING_MAX = 9_999;
  private static final long LAG_MILLIS = 10_000;
  private static final long LAG_MILLIS_MIN = 100;
  private static final long LAG_MILLIS_MAX = 3_600_000;
  private static final long BYTES = 256L << 20;
  private static final long BYTES_MIN = 1L << 20;
  private static final long BYTES_MAX = 1L << 40;

  private JobWire() {}

  static Kind kind(JobKind kind) throws StatusException {
    return switch (kind) {
      case JOB_KIND_BACKFILL -> Kind.BACKFILL;
      case JOB_KIND_VERIFY -> Kind.VERIFY;
      case JOB_KIND_REPAIR -> Kind.REPAIR;
      case JOB_KIND_CONTINUOUS_VERIFY -> Kind.CONTINUOUS_VERIFY;
      case JOB_KIND_APPLY -> Kind.APPLY;
      case JOB_KIND_ROLLBACK_LOSS -> Kind.ROLLBACK_LOSS;
      case JOB_KIND_LENS_CHECK -> Kind.LENS_CHECK;
      case JOB_KIND_UNSPECIFIED, UNRECOGNIZED ->
          throw Requests.invalid(
              "kind is missing or unknown: give BACKFILL, VERIFY, REPAIR, CONTINUOUS_VERIFY,"
                  + " APPLY, ROLLBACK_LOSS or LENS_CHECK");
    };
  }

  static JobRow.Settings settings(Kind kind, StartJobRequest request) throws StatusException {
    JobSettings given = request.getSettings();
    boolean backfill = kind == Kind.BACKFILL;
    if (given.getAgain() && !backfill && kind != Kind.APPLY) {
      throw Requests.invalid("settings.again is for BACKFILL and APPLY only");
    }
    if (request.hasDdl() != (kind == Kind.APPLY)) {
      throw Requests.invalid("ddl is for APPLY, and APPLY needs it");
    }
    return new JobRow.Settings(
        (int)
            within(
                "chunk",
                given.hasChunk() ? given.getChunk() : usualChunk(kind),
                1,
                backfill ? BACKFILL_CHUNK_MAX : VERIFY_CHUNK_MAX),
        workers(kind, given),
        given.getAgain(),
        limits(kind, given),
        request.hasDdl() ? script(request.getDdl()) : null);
  }

  private static JobRow.Script script(Ddl ddl) throws StatusException {
    String source = ddl.getSource().isBlank() ? "ddl" : ddl.getSource();
    if (source.length() > SOURCE_MAX) {
      throw Requests.invalid("ddl.source has more than " + SOURCE_MAX + " characters");
    }
    try {
      DdlFile.parse(ddl.getText(), source);
    } catch (InvalidFileException e) {
      throw Requests.invalid(String.valueOf(e.getMessage()));
    }
    return new JobRow.Script(ddl.getOnOld() ? Side.OLD : Side.NEW, source, ddl.getText());
  }

  /** Those that go on for ever, at a pace that one worker keeps up with, have one. */
  private static int workers(Kind kind, JobSettings given) throws StatusException {
    return switch (kind) {
      case BACKFILL -> workers(given, Backfill.Settings.USUAL.workers());
      case VERIFY, REPAIR -> workers(given, Verify.Settings.USUAL.workers());
      case CONTINUOUS_VERIFY, ROLLBACK_LOSS -> workers(given, 1);
      case APPLY, LENS_CHECK -> {
        if (given.hasWorkers()) {
          throw Requests.invalid("settings.workers is not for " + kind);
        }
        yield 1;
      }
    };
  }

  private static int workers(JobSettings given, int usual) throws StatusException {
    return (int)
        within("workers", given.hasWorkers() ? given.getWorkers() : usual, 1, Verify.WORKERS_MAX);
  }

  private static int usualChunk(Kind kind) {
    return switch (kind) {
      case BACKFILL -> BACKFILL_CHUNK;
      case VERIFY, REPAIR, APPLY -> VERIFY_CHUNK;
      case CONTINUOUS_VERIFY, ROLLBACK_LOSS -> CONTINUOUS_CHUNK;
      case LENS_CHECK -> LENS_CHUNK;
    };
  }

  private static JobRow.Limits limits(Kind kind, JobSettings given) throws StatusException {
    if (given.hasRowsPerSecond() && kind == Kind.BACKFILL) {
      throw Requests.invalid("settings.rows_per_second is not for BACKFILL");
    }
    Duration lag = given.getMostReplicationLag();
    return new JobRow.Limits(
        (int)
            within(
                "most_pending",
                given.hasMostPending() ? given.getMostPending() : PENDING,
                0,
                PENDING_MAX),
        java.time.Duration.ofMillis(
            within(
                "most_replication_lag (in ms)",
                given.hasMostReplicationLag() ? millis(lag) : LAG_MILLIS,
                LAG_MILLIS_MIN,
                LAG_MILLIS_MAX)),
        within(
            "most_replication_bytes",
            given.hasMostReplicationBytes() ? given.getMostReplicationBytes() : BYTES,
            BYTES_MIN,
            BYTES_MAX),
        (int)
            within(
                "rows_per_second",
                given.hasRowsPerSecond()
                    ? given.getRowsPerSecond()
                    : kind.isContinuous() ? CONTINUOUS_RATE : 0,
                0,
                RATE_MAX),
        slowdown(given));
  }

  private static double slowdown(JobSettings given) throws StatusException {
    double slowdown = given.hasSlowdown() ? given.getSlowdown() : SLOWDOWN;
    if (!(slowdown >= SLOWDOWN_MIN && slowdown <= SLOWDOWN_MAX)) {
      throw Requests.invalid(
          "settings.slowdown is " + slowdown + ": give " + SLOWDOWN_MIN + " to " + SLOWDOWN_MAX);
    }
    return slowdown;
  }

  /** What is out of every range stays out of it. */
  private static long millis(Duration duration) {
    return duration.getSeconds() > LAG_MILLIS_MAX
        ? Long.MAX_VALUE
        : duration.getSeconds() * MILLIS + duration.getNanos() / NANOS_PER_MILLI;
  }

  private static long within(String field, long value, long least, long most)
      throws StatusException {
    if (value < least || value > most) {
      throw Requests.invalid(
          "settings." + field + " is " + value + ": give " + least + " to " + most);
    }
    return value;
  }

  /**
   * @param verified what is told with it
   */
  static Job job(JobRow row, Optional<Verified> verified) {
    JobRow.Standing standing = row.standing();
    Job.Builder job =
        Job.newBuilder()
            .setId(row.id())
            .setMigration(row.migration())
            .setKind(JobKind.valueOf("JOB_KIND_" + row.kind().name()))
            .setState(JobState.valueOf("JOB_STATE_" + standing.state().name()))
            .setSettings(settings(row.settings()))
            .setProgress(progress(row))
            .setWaits(waits(standing))
            .setError(standing.error())
            .setOwner(standing.owner())
            .setPasses(row.pass().ended())
            .setCreatedAt(Wire.timestamp(row.times().createdAt()));
    if (standing.state() == dev.crossfade.engine.job.JobState.RUNNING) {
      job.setStopping(stopping(standing.wish()));
    }
    verified.ifPresent(pass -> job.setVerification(Wire.verification(pass)));
    JobRow.Script script = row.settings().script();
    if (script != null) {
      job.setDdl(Ddl.newBuilder().setSource(script.source()).setOnOld(script.side() == Side.OLD));
    }
    Instant started = row.times().startedAt();
    if (started != null) {
      job.setStartedAt(Wire.timestamp(started));
    }
    Instant ended = row.times().endedAt();
    if (ended != null) {
      job.setEndedAt(Wire.timestamp(ended));
    }
    return job.build();
  }

  private static String waits(JobRow.Standing standing) {
    return standing.state() == dev.crossfade.engine.job.JobState.QUEUED
        ? "waits for a control plane that has room for it and knows its databases"
        : standing.waits();
  }

  private static JobState stopping(JobWish wish) {
    return switch (wish) {
      case RUN -> JobState.JOB_STATE_UNSPECIFIED;
      case PAUSE -> JobState.JOB_STATE_PAUSED;
      case CANCEL -> JobState.JOB_STATE_CANCELLED;
    };
  }

  private static JobSettings settings(JobRow.Settings settings) {
    JobRow.Limits limits = settings.limits();
    long millis = limits.replicationLag().toMillis();
    return JobSettings.newBuilder()
        .setChunk(settings.chunk())
        .setWorkers(settings.workers())
        .setMostPending(limits.mostPending())
        .setMostReplicationLag(
            Duration.newBuilder()
                .setSeconds(millis / MILLIS)
                .setNanos((int) (millis % MILLIS) * NANOS_PER_MILLI))
        .setMostReplicationBytes(limits.replicationBytes())
        .setAgain(settings.again())
        .setRowsPerSecond(limits.rowsPerSecond())
        .setSlowdown(limits.slowdown())
        .build();
  }

  private static JobProgress progress(JobRow row) {
    Size size = row.progress().size();
    Counts counts = row.progress().counts();
    JobProgress.Builder progress =
        JobProgress.newBuilder()
            .setStep(row.progress().step())
            .setDone(size.done())
            .setTotal(size.total())
            .setRate(size.rate())
            .setFailed(counts.failed())
            .setRepaired(counts.repaired())
            .setRestless(counts.restless())
            .addAllExamples(row.progress().examples());
    switch (row.kind()) {
      case BACKFILL, VERIFY, REPAIR, CONTINUOUS_VERIFY, APPLY ->
          progress.setDrifted(counts.drifted());
      case ROLLBACK_LOSS, LENS_CHECK -> progress.setLost(counts.drifted());
    }
    if (size.rate() > 0 && size.total() > size.done()) {
      progress.setRemaining(
          Duration.newBuilder()
              .setSeconds((long) Math.ceil((size.total() - size.done()) / size.rate())));
    }
    return progress.build();
  }

  static JobEvent event(JobRow.Event event) {
    return JobEvent.newBuilder()
        .setAt(Wire.timestamp(event.at()))
        .setKind(JobEventKind.valueOf("JOB_EVENT_KIND_" + event.kind().name()))
        .setActor(event.note().actor())
        .setReason(event.note().reason())
        .build();
  }
}
