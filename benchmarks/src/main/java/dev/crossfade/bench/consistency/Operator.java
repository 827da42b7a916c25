package dev.crossfade.bench.consistency;

import com.google.protobuf.Duration;
import dev.crossfade.api.v1.ApplyRequest;
import dev.crossfade.api.v1.ChangeJobRequest;
import dev.crossfade.api.v1.ChangeNote;
import dev.crossfade.api.v1.GetRequest;
import dev.crossfade.api.v1.GetResponse;
import dev.crossfade.api.v1.Job;
import dev.crossfade.api.v1.JobKind;
import dev.crossfade.api.v1.JobSettings;
import dev.crossfade.api.v1.JobState;
import dev.crossfade.api.v1.ListJobsRequest;
import dev.crossfade.api.v1.Migration;
import dev.crossfade.api.v1.MigrationResponse;
import dev.crossfade.api.v1.RollbackRequest;
import dev.crossfade.api.v1.SetReadPercentRequest;
import dev.crossfade.api.v1.SetStageRequest;
import dev.crossfade.api.v1.Stage;
import dev.crossfade.api.v1.StartJobRequest;
import dev.crossfade.bench.consistency.ControlPlanes.Services;
import dev.crossfade.bench.mirror.Sides;
import dev.crossfade.core.migration.Side;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Whoever runs the migration meanwhile, by whichever control plane answers: a backfill, the stages
 * up to RAMP, verifications, and, if that is wanted, the authority there and back.
 */
final class Operator implements Runnable {
  private static final String MIGRATION = "split-customers";
  private static final ChangeNote NOTE = ChangeNote.newBuilder().setActor("bench").build();
  private static final long CALL_SECONDS = 5;
  private static final long MOVE_SECONDS = 60;
  private static final long PATIENCE_NANOS = TimeUnit.MINUTES.toNanos(3);
  private static final long LOOK_AGAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
  private static final int HALF = 50_000;

  /** Small chunks, so that it takes long enough for its worker to be killed. */
  private static final int CHUNK = 20;

  private static final Set<JobState> ENDED =
      EnumSet.of(JobState.JOB_STATE_DONE, JobState.JOB_STATE_FAILED, JobState.JOB_STATE_CANCELLED);

  /** What a call meets when a control plane, or its catalog, is away. */
  private static final Set<Status.Code> PASSING =
      EnumSet.of(
          Status.Code.UNAVAILABLE,
          Status.Code.DEADLINE_EXCEEDED,
          Status.Code.CANCELLED,
          Status.Code.ABORTED,
          Status.Code.RESOURCE_EXHAUSTED,
          Status.Code.UNKNOWN);

  private final ControlPlanes planes;
  private final Random random;
  private final boolean moves;
  private final Map<String, Integer> failures = new TreeMap<>();
  private volatile boolean ended;
  private volatile boolean atRamp;
  private int there;
  private int back;
  private long drifted;
  private Job backfill = Job.getDefaultInstance();
  private Job continuous = Job.getDefaultInstance();

  /**
   * @param moves whether it moves the authority
   */
  Operator(ControlPlanes planes, Random random, boolean moves) {
    this.planes = planes;
    this.random = random;
    this.moves = moves;
  }

  /** Puts the migration into the catalog, and lets changes be carried. */
  void begin() {
    call(
        services ->
            services
                .migrations(CALL_SECONDS)
                .apply(ApplyRequest.newBuilder().setYaml(Sides.yaml()).setNote(NOTE).build()));
    stage(Stage.STAGE_DUAL_WRITE, CALL_SECONDS);
  }

  /** Until it is told to end; what it has begun it brings to its end. */
  @Override
  public void run() {
    bringToRamp();
    JobSettings fast = fast();
    continuous =
        start(
            JobKind.JOB_KIND_CONTINUOUS_VERIFY, fast.toBuilder().setRowsPerSecond(200_000).build());
    while (!ended) {
      look();
      rest();
      if (moves && !ended) {
        thereAndBack();
      }
    }
  }

  /** Begins a backfill of what there is now. */
  void backfill() {
    backfill = start(JobKind.JOB_KIND_BACKFILL, fast().toBuilder().setChunk(CHUNK).build());
    awaitJob(backfill.getId(), job -> !job.getProgress().getStep().isEmpty());
  }

  /** The end of the backfill, the stages after it, and a verification. */
  void bringToRamp() {
    done(backfill);
    stage(Stage.STAGE_SHADOW, CALL_SECONDS);
    stage(Stage.STAGE_RAMP, CALL_SECONDS);
    reads();
    drifted += done(start(JobKind.JOB_KIND_VERIFY, fast())).getProgress().getDrifted();
    done(start(JobKind.JOB_KIND_LENS_CHECK, fast()));
    atRamp = true;
  }

  /** Whether the authority has gone there and back, if that was asked for. */
  boolean hasMoved() {
    return !moves || there > 0 && back > 0;
  }

  /** Whether all before the moves is done. */
  boolean isAtRamp() {
    return atRamp;
  }

  private static JobSettings fast() {
    return JobSettings.newBuilder().setSlowdown(1_000).build();
  }

  /**
   * Moves the authority.
   *
   * @return for how many microseconds nobody could write; empty, with the reason kept, when it was
   *     refused or has come to nothing
   */
  Optional<Long> move(Side target) {
    Diary.write("the authority is to move to " + target);
    try {
      MigrationResponse response =
          target == Side.NEW ? stage(Stage.STAGE_LIVE, MOVE_SECONDS) : rollBack();
      if (target == Side.NEW) {
        there++;
      } else {
        back++;
      }
      Diary.write(target + " has the authority");
      Duration pause = response.getMove().getPause();
      return Optional.of(TimeUnit.SECONDS.toMicros(pause.getSeconds()) + pause.getNanos() / 1_000);
    } catch (StatusRuntimeException e) {
      if (e.getStatus().getCode() != Status.Code.FAILED_PRECONDITION) {
        throw e;
      }
      failures.merge(
          String.valueOf(e.getStatus().getDescription()).replaceAll("\\d+", "N"), 1, Integer::sum);
      return Optional.empty();
    }
  }

  private void thereAndBack() {
    if (move(Side.NEW).isEmpty()) {
      return;
    }
    rest();
    // Where it is when all has ended, it stays.
    while (!ended && move(Side.OLD).isEmpty()) {
      rest();
    }
    if (back == there) {
      reads();
    }
  }

  private void rest() {
    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(500 + random.nextInt(2_000)));
  }

  void end() {
    ended = true;
  }

  /**
   * Waits, when clients have ended and everything is back, for a verification of all there is then,
   * and ends it.
   *
   * @return how many entities have drifted, or were never at rest, in it and those before
   */
  long verified() {
    await(services -> !migration(services).getMigration().hasMove());
    long before = job(continuous.getId()).getPasses();
    // The pass that is under way may have begun before.
    awaitJob(continuous.getId(), job -> job.getPasses() >= before + 2);
    look();
    call(
        services ->
            services
                .jobs(CALL_SECONDS)
                .cancelJob(
                    ChangeJobRequest.newBuilder().setId(continuous.getId()).setNote(NOTE).build()));
    Job last = awaitJob(continuous.getId(), job -> ENDED.contains(job.getState()));
    return drifted + last.getVerification().getRestless();
  }

  private void look() {
    continuous = job(continuous.getId());
    drifted = Math.max(drifted, continuous.getVerification().getDrifted());
    if (continuous.getState() == JobState.JOB_STATE_FAILED) {
      throw new IllegalStateException("the verification has failed: " + continuous.getError());
    }
  }

  /** The control plane that works on a job now; -1 when none is known to. */
  int worker() {
    for (int i = 0; i < ControlPlanes.NUMBER; i++) {
      try {
        for (Job job : jobs(planes.services(i))) {
          String owner = job.getOwner();
          if (!owner.isEmpty()) {
            return planes.withProcess(Long.parseLong(owner.substring(owner.indexOf('/') + 1)));
          }
        }
      } catch (StatusRuntimeException e) {
        // It is away: the other one knows as well.
        continue;
      }
    }
    return -1;
  }

  /** What it has done, in sentences. */
  List<String> account() {
    return List.of(
        "jobs: a backfill, a verification, a continuous verification of %d passes"
            .formatted(continuous.getPasses()),
        "the authority was moved to new %d times and back %d times%s"
            .formatted(there, back, failures.isEmpty() ? "" : "; came to nothing: " + failures));
  }

  private Job done(Job job) {
    Job last = awaitJob(job.getId(), now -> ENDED.contains(now.getState()));
    if (last.getState() != JobState.JOB_STATE_DONE) {
      throw new IllegalStateException("job " + job.getKind() + " has failed: " + last.getError());
    }
    return last;
  }

  /** Asked for twice, when the first answer was lost, it is the same one. */
  private Job start(JobKind kind, JobSettings settings) {
    try {
      return call(
          services ->
              services
                  .jobs(CALL_SECONDS)
                  .startJob(
                      StartJobRequest.newBuilder()
                          .setMigration(MIGRATION)
                          .setKind(kind)
                          .setSettings(settings)
                          .setNote(NOTE)
                          .build())
                  .getJob());
    } catch (StatusRuntimeException e) {
      if (e.getStatus().getCode() != Status.Code.ALREADY_EXISTS) {
        throw e;
      }
      return call(Operator::jobs).stream()
          .filter(job -> job.getKind() == kind)
          .findFirst()
          .orElseThrow();
    }
  }

  private static List<Job> jobs(Services services) {
    return services
        .jobs(CALL_SECONDS)
        .listJobs(ListJobsRequest.newBuilder().setMigration(MIGRATION).build())
        .getJobsList();
  }

  private Job job(long id) {
    return call(Operator::jobs).stream().filter(job -> job.getId() == id).findFirst().orElseThrow();
  }

  private Job awaitJob(long id, Predicate<Job> condition) {
    await(
        services ->
            jobs(services).stream().anyMatch(job -> job.getId() == id && condition.test(job)));
    return job(id);
  }

  private void await(Predicate<Services> condition) {
    long start = System.nanoTime();
    while (!call(condition::test)) {
      if (System.nanoTime() - start > PATIENCE_NANOS) {
        throw new IllegalStateException("it takes too long: " + standing());
      }
      LockSupport.parkNanos(LOOK_AGAIN_NANOS);
    }
  }

  /** Of the jobs and of the move, for people. */
  private String standing() {
    StringBuilder text = new StringBuilder();
    for (Job job : call(Operator::jobs)) {
      text.append(
          "job %s is %s, %d of %d done%s; "
              .formatted(
                  job.getKind(),
                  job.getState(),
                  job.getProgress().getDone(),
                  job.getProgress().getTotal(),
                  job.getWaits().isEmpty() ? "" : ", " + job.getWaits()));
    }
    Migration migration = call(Operator::migration).getMigration();
    return text.append("the migration is in ")
        .append(migration.getStage())
        .append(migration.hasMove() ? ", a move waits: " + migration.getMove().getWaits() : "")
        .toString();
  }

  private static GetResponse migration(Services services) {
    return services
        .migrations(CALL_SECONDS)
        .get(GetRequest.newBuilder().setName(MIGRATION).setHistoryLimit(0).build());
  }

  private MigrationResponse stage(Stage stage, long seconds) {
    return call(
        services ->
            services
                .migrations(seconds)
                .setStage(
                    SetStageRequest.newBuilder()
                        .setName(MIGRATION)
                        .setStage(stage)
                        .setNote(NOTE)
                        .build()));
  }

  private MigrationResponse rollBack() {
    return call(
        services ->
            services
                .migrations(MOVE_SECONDS)
                .rollback(
                    RollbackRequest.newBuilder()
                        .setName(MIGRATION)
                        .setToStage(Stage.STAGE_RAMP)
                        .setNote(NOTE)
                        .build()));
  }

  /** Half of the sessions read from new. */
  void reads() {
    call(
        services ->
            services
                .migrations(CALL_SECONDS)
                .setReadPercent(
                    SetReadPercentRequest.newBuilder()
                        .setName(MIGRATION)
                        .setReadBuckets(HALF)
                        .setNote(NOTE)
                        .build()));
  }

  /** Asks one after the other until one answers. */
  private <T> T call(Function<Services, T> what) {
    long start = System.nanoTime();
    for (int i = 0; ; i++) {
      try {
        return what.apply(planes.services(i % ControlPlanes.NUMBER));
      } catch (StatusRuntimeException e) {
        if (!PASSING.contains(e.getStatus().getCode())
            || System.nanoTime() - start > PATIENCE_NANOS) {
          throw e;
        }
        LockSupport.parkNanos(LOOK_AGAIN_NANOS);
      }
    }
  }
}
