package dev.crossfade.server.grpc;

import dev.crossfade.api.v1.ChangeJobRequest;
import dev.crossfade.api.v1.GetJobRequest;
import dev.crossfade.api.v1.GetJobResponse;
import dev.crossfade.api.v1.Job;
import dev.crossfade.api.v1.JobResponse;
import dev.crossfade.api.v1.JobServiceGrpc;
import dev.crossfade.api.v1.ListJobsRequest;
import dev.crossfade.api.v1.ListJobsResponse;
import dev.crossfade.api.v1.StartJobRequest;
import dev.crossfade.core.migration.Side;
import dev.crossfade.core.migration.Stage;
import dev.crossfade.engine.catalog.CatalogEntry;
import dev.crossfade.engine.job.JobCommand;
import dev.crossfade.engine.job.JobVerdict;
import dev.crossfade.server.access.Caller;
import dev.crossfade.server.job.Jobs;
import dev.crossfade.server.store.CatalogStore;
import dev.crossfade.server.store.Evidence;
import dev.crossfade.server.store.JobRow;
import dev.crossfade.server.store.JobStore;
import dev.crossfade.server.store.StoreException;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.stub.StreamObserver;
import java.util.Locale;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Jobs for people and tools. It only writes what they want: {@link Jobs} does it. */
public final class JobGrpc extends JobServiceGrpc.JobServiceImplBase {
  private static final Logger LOG = LoggerFactory.getLogger(JobGrpc.class);
  private static final int CALLS_MAX = 32;
  private static final int LIST_MAX = 1_000;
  private static final int LIST_USUAL = 100;

  private final CatalogStore catalog;
  private final JobStore store;
  private final Evidence evidence;
  private final Jobs jobs;
  private final Calls calls = new Calls(CALLS_MAX);

  public JobGrpc(CatalogStore catalog, JobStore store, Evidence evidence, Jobs jobs) {
    this.catalog = catalog;
    this.store = store;
    this.evidence = evidence;
    this.jobs = jobs;
  }

  @Override
  public void startJob(StartJobRequest request, StreamObserver<JobResponse> answer) {
    calls.answer(answer, () -> start(request));
  }

  private JobResponse start(StartJobRequest request) throws StatusException, StoreException {
    String migration = Requests.name(request.getMigration());
    JobRow.Kind kind = JobWire.kind(request.getKind());
    JobRow.Settings settings = JobWire.settings(kind, request);
    JobStore.Order order =
        new JobStore.Order(migration, kind, settings, Requests.note(request.getNote()));
    CatalogEntry entry =
        catalog
            .detail(migration, 0)
            .orElseThrow(() -> notFound("there is no migration '" + migration + "'"))
            .entry();
    if (entry.move() != null) {
      throw precondition("migration '" + migration + "' is on its way to another stage");
    }
    Stage stage = entry.position().stage();
    if (stage.authority() == Side.NEW && kind == JobRow.Kind.BACKFILL) {
      throw precondition(
          "migration '"
              + migration
              + "' is in "
              + stage
              + ", where new has the authority: a backfill works from old to new only");
    }
    if (stage.authority() == Side.OLD && kind == JobRow.Kind.ROLLBACK_LOSS) {
      throw precondition(
          "migration '"
              + migration
              + "' is in "
              + stage
              + ", where old has the authority: a way back would lose nothing");
    }
    if (stage == Stage.OFF && !isForOff(kind)) {
      throw precondition(
          "migration '"
              + migration
              + "' is in OFF, where changes are not carried to new: move it to DUAL_WRITE first");
    }
    Optional<String> obstacle = jobs.obstacle(migration);
    if (obstacle.isPresent()) {
      throw precondition(obstacle.get());
    }
    JobStore.Started started = store.start(order);
    JobRow job = started.job();
    if (!started.isNew()) {
      throw Status.ALREADY_EXISTS
          .withDescription(
              "job "
                  + job.id()
                  + " is a "
                  + name(kind)
                  + " of migration '"
                  + migration
                  + "' and has not ended: it is "
                  + job.standing().state().name().toLowerCase(Locale.ROOT))
          .asException();
    }
    log(job, order.note().actor(), "A job was queued");
    jobs.kick();
    return JobResponse.newBuilder()
        .setJob(wire(job))
        .setMessage("job " + job.id() + " is queued: " + name(kind) + " of '" + migration + "'")
        .setChanged(true)
        .build();
  }

  /** How a job of a kind is done when nothing is said of it. */
  public static JobRow.Settings usual(JobRow.Kind kind) {
    try {
      return JobWire.settings(kind, StartJobRequest.getDefaultInstance());
    } catch (StatusException e) {
      throw new IllegalStateException("a " + kind + " needs further words", e);
    }
  }

  /** Nothing has to be carried for them. */
  private static boolean isForOff(JobRow.Kind kind) {
    return switch (kind) {
      case VERIFY, APPLY, LENS_CHECK -> true;
      case BACKFILL, REPAIR, CONTINUOUS_VERIFY, ROLLBACK_LOSS -> false;
    };
  }

  private static String name(JobRow.Kind kind) {
    return kind.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  /** One that never ends is told with what its migration's last pass came to. */
  private Job wire(JobRow job) throws StoreException {
    return JobWire.job(
        job,
        job.kind() == JobRow.Kind.CONTINUOUS_VERIFY
            ? evidence.verifications().verifiedAsOf(job.migration())
            : Optional.empty());
  }

  @Override
  public void getJob(GetJobRequest request, StreamObserver<GetJobResponse> answer) {
    calls.answer(
        answer,
        () -> {
          JobRow job = store.find(request.getId()).orElseThrow(() -> noJob(request.getId()));
          GetJobResponse.Builder response = GetJobResponse.newBuilder().setJob(wire(job));
          for (JobRow.Event event : store.events(job.id())) {
            response.addEvents(JobWire.event(event));
          }
          return response.build();
        });
  }

  @Override
  public void listJobs(ListJobsRequest request, StreamObserver<ListJobsResponse> answer) {
    calls.answer(
        answer,
        () -> {
          int limit = request.getLimit();
          if (limit < 0 || limit > LIST_MAX) {
            throw Requests.invalid("limit is " + limit + ": give 0 to " + LIST_MAX);
          }
          String migration =
              request.getMigration().isEmpty() ? "" : Requests.name(request.getMigration());
          ListJobsResponse.Builder response = ListJobsResponse.newBuilder();
          for (JobRow job : store.list(migration, limit == 0 ? LIST_USUAL : limit)) {
            response.addJobs(wire(job));
          }
          return response.build();
        });
  }

  @Override
  public void pauseJob(ChangeJobRequest request, StreamObserver<JobResponse> answer) {
    calls.answer(answer, () -> change(request, JobCommand.PAUSE));
  }

  @Override
  public void resumeJob(ChangeJobRequest request, StreamObserver<JobResponse> answer) {
    calls.answer(answer, () -> change(request, JobCommand.RESUME));
  }

  @Override
  public void cancelJob(ChangeJobRequest request, StreamObserver<JobResponse> answer) {
    calls.answer(answer, () -> change(request, JobCommand.CANCEL));
  }

  private JobResponse change(ChangeJobRequest request, JobCommand command)
      throws StatusException, StoreException {
    JobStore.Changed changed =
        store
            .change(request.getId(), command, Requests.note(request.getNote()))
            .orElseThrow(() -> noJob(request.getId()));
    JobResponse.Builder response = JobResponse.newBuilder().setJob(wire(changed.job()));
    return switch (changed.verdict()) {
      case JobVerdict.Changed now -> {
        log(changed.job(), Caller.actorOf(request.getNote().getActor()), "A job was changed");
        jobs.kick();
        yield response.setMessage(now.message()).setChanged(true).build();
      }
      case JobVerdict.Unchanged as -> response.setMessage(as.message()).build();
      case JobVerdict.Refused refused -> throw precondition(refused.message());
    };
  }

  private static void log(JobRow job, String actor, String what) {
    LOG.atInfo()
        .addKeyValue("job", job.id())
        .addKeyValue("kind", job.kind())
        .addKeyValue("migration", job.migration())
        .addKeyValue("state", job.standing().state())
        .addKeyValue("wish", job.standing().wish())
        .addKeyValue("actor", actor)
        .log(what);
  }

  private static StatusException noJob(long id) {
    return notFound("there is no job " + id);
  }

  private static StatusException notFound(String message) {
    return Status.NOT_FOUND.withDescription(message).asException();
  }

  private static StatusException precondition(String message) {
    return Status.FAILED_PRECONDITION.withDescription(message).asException();
  }
}
