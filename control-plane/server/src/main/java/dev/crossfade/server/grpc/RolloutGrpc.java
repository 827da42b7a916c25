package dev.crossfade.server.grpc;

import dev.crossfade.api.v1.ChangeRolloutRequest;
import dev.crossfade.api.v1.GetRolloutRequest;
import dev.crossfade.api.v1.GetRolloutResponse;
import dev.crossfade.api.v1.RecordEvidenceRequest;
import dev.crossfade.api.v1.RecordEvidenceResponse;
import dev.crossfade.api.v1.RolloutResponse;
import dev.crossfade.api.v1.RolloutServiceGrpc;
import dev.crossfade.api.v1.StartRolloutRequest;
import dev.crossfade.api.v1.WatchRolloutRequest;
import dev.crossfade.engine.catalog.CatalogEntry;
import dev.crossfade.engine.catalog.ChangeNote;
import dev.crossfade.engine.rollout.Baseline;
import dev.crossfade.engine.rollout.Decision;
import dev.crossfade.engine.rollout.Evidence;
import dev.crossfade.engine.rollout.Plan;
import dev.crossfade.engine.rollout.RolloutRules;
import dev.crossfade.engine.rollout.RolloutRules.Command;
import dev.crossfade.engine.rollout.RolloutTransition;
import dev.crossfade.engine.rollout.RolloutView;
import dev.crossfade.engine.signal.SignalSource;
import dev.crossfade.server.rollout.Plans;
import dev.crossfade.server.rollout.Rollouts;
import dev.crossfade.server.store.CatalogStore;
import dev.crossfade.server.store.RolloutCalls;
import dev.crossfade.server.store.RolloutEvidence.Sample;
import dev.crossfade.server.store.RolloutRow;
import dev.crossfade.server.store.RolloutStore.Doer;
import dev.crossfade.server.store.RolloutStore.Noted;
import dev.crossfade.server.store.RolloutStore.StaleException;
import dev.crossfade.server.store.RolloutStore.Told;
import dev.crossfade.server.store.StoreException;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** Rollouts for people and tools. It only writes what they want: {@link Rollouts} does it. */
public final class RolloutGrpc extends RolloutServiceGrpc.RolloutServiceImplBase {
  private static final int CALLS_MAX = 32;
  private static final int SAMPLES_MAX = 1_000;
  private static final int WEBHOOK_CALLS = 20;
  private static final int ROUNDS_MAX = 5;
  private static final int NAME_MAX = 100;
  private static final Duration AHEAD_MAX = Duration.ofMinutes(1);

  private final CatalogStore catalog;
  private final Rollouts.Own own;
  private final SignalSource signals;
  private final Rollouts rollouts;
  private final Calls calls = new Calls(CALLS_MAX);
  private final RolloutWatches watches = new RolloutWatches(this::whole);

  public RolloutGrpc(
      CatalogStore catalog, Rollouts.Own own, SignalSource signals, Rollouts rollouts) {
    this.catalog = catalog;
    this.own = own;
    this.signals = signals;
    this.rollouts = rollouts;
  }

  /** A migration and its plan. */
  private record Planned(CatalogEntry entry, Optional<Plan> plan) {}

  private Planned planned(String name) throws StatusException, StoreException {
    CatalogEntry entry =
        catalog
            .detail(Requests.name(name), 0)
            .map(CatalogStore.Detail::entry)
            .orElseThrow(
                () ->
                    Status.NOT_FOUND
                        .withDescription("there is no migration '" + name + "'")
                        .asException());
    return new Planned(entry, Plans.of(entry));
  }

  @Override
  public void getRollout(GetRolloutRequest request, StreamObserver<GetRolloutResponse> answer) {
    calls.answer(
        answer,
        () -> {
          int samples = request.getSamples();
          if (samples < 0 || samples > SAMPLES_MAX) {
            throw Requests.invalid("samples is " + samples + ": give 0 to " + SAMPLES_MAX);
          }
          return whole(request.getMigration(), samples);
        });
  }

  private GetRolloutResponse whole(String migration) throws StatusException, StoreException {
    return whole(migration, 0);
  }

  private GetRolloutResponse whole(String migration, int samples)
      throws StatusException, StoreException {
    Planned planned = planned(migration);
    GetRolloutResponse.Builder response = GetRolloutResponse.newBuilder();
    planned
        .plan()
        .ifPresent(plan -> plan.steps().forEach(step -> response.addPlan(RolloutWire.step(step))));
    Optional<RolloutRow> row = own.rollouts().latest(migration);
    if (row.isPresent()) {
      long id = row.get().rollout().id();
      response.setRollout(RolloutWire.rollout(row.get()));
      for (Sample sample : own.evidence().latest(id, row.get().rollout().step())) {
        response.addGuards(RolloutWire.sample(sample));
      }
      if (samples > 0) {
        for (Sample sample : own.evidence().samples(id, samples)) {
          response.addSamples(RolloutWire.sample(sample));
        }
      }
      for (RolloutCalls.Call call : own.calls().latest(id, WEBHOOK_CALLS)) {
        response.addCalls(RolloutWire.call(call));
      }
    }
    return response.build();
  }

  @Override
  public void startRollout(StartRolloutRequest request, StreamObserver<RolloutResponse> answer) {
    calls.answer(answer, () -> start(request));
  }

  private RolloutResponse start(StartRolloutRequest request)
      throws StatusException, StoreException {
    Planned planned = planned(request.getMigration());
    ChangeNote note = Requests.note(request.getNote());
    CatalogEntry entry = planned.entry();
    Plan plan =
        planned
            .plan()
            .orElseThrow(
                () ->
                    refused(
                        "migration '"
                            + entry.name()
                            + "' has no plan: add spec.rollout to its file and apply it"));
    if (entry.move() != null) {
      throw refused("migration '" + entry.name() + "' is on its way to another stage");
    }
    Instant now = own.rollouts().now();
    Plan.Standing standing = new Plan.Standing(entry.position().stage(), entry.position().reads());
    Decision decision = RolloutRules.start(0, plan, standing, now);
    if (!(decision instanceof Decision.Take take)) {
      throw refused("migration '" + entry.name() + "' has no rollout to begin: " + text(decision));
    }
    RolloutRow row =
        new RolloutRow(
            entry.name(),
            entry.file().hash(),
            take.after(),
            new RolloutRow.Counting(
                Baseline.at(signals.read(entry.name()).totals(), now), Map.of()),
            new RolloutRow.Story(now, note.actor(), "", null));
    try {
      RolloutRow started = own.rollouts().start(row, plan, doer(note));
      rollouts.kick();
      return response(
          started,
          "the rollout of '"
              + entry.name()
              + "' begins with step '"
              + plan.steps().get(started.rollout().step()).name()
              + "'",
          true);
    } catch (StaleException e) {
      throw refused(String.valueOf(e.getMessage()));
    }
  }

  @Override
  public void pauseRollout(ChangeRolloutRequest request, StreamObserver<RolloutResponse> answer) {
    calls.answer(answer, () -> change(request, Command.PAUSE));
  }

  @Override
  public void resumeRollout(ChangeRolloutRequest request, StreamObserver<RolloutResponse> answer) {
    calls.answer(answer, () -> change(request, Command.RESUME));
  }

  @Override
  public void confirmStep(ChangeRolloutRequest request, StreamObserver<RolloutResponse> answer) {
    calls.answer(answer, () -> change(request, Command.CONFIRM));
  }

  @Override
  public void abortRollout(ChangeRolloutRequest request, StreamObserver<RolloutResponse> answer) {
    calls.answer(answer, () -> change(request, Command.ABORT));
  }

  /** The leader writes all the time, so what a person wants is decided anew when it came first. */
  private RolloutResponse change(ChangeRolloutRequest request, Command command)
      throws StatusException, StoreException {
    ChangeNote note = Requests.note(request.getNote());
    for (int round = 0; round < ROUNDS_MAX; round++) {
      try {
        return change(request.getMigration(), command, note);
      } catch (StaleException e) {
        // Decided again on what it is now.
        Thread.onSpinWait();
      }
    }
    throw Status.ABORTED
        .withDescription("the rollout changes all the time: try again")
        .asException();
  }

  private RolloutResponse change(String migration, Command command, ChangeNote note)
      throws StatusException, StoreException, StaleException {
    Planned planned = planned(migration);
    RolloutRow row =
        own.rollouts()
            .latest(migration)
            .orElseThrow(
                () ->
                    Status.NOT_FOUND
                        .withDescription("migration '" + migration + "' has no rollout")
                        .asException());
    Plan plan = planned.plan().orElse(Plan.NONE);
    CatalogEntry entry = planned.entry();
    Decision decision =
        RolloutRules.command(
            plan,
            row.rollout(),
            command,
            new RolloutView.Place(
                new Plan.Standing(entry.position().stage(), entry.position().reads()), "", null),
            new RolloutRules.Asked(note.actor(), note.reason(), own.rollouts().now()));
    String of = "the rollout of '" + migration + "' ";
    return switch (decision) {
      case Decision.Take take -> {
        RolloutTransition transition = take.transition();
        RolloutRow after =
            own.rollouts()
                .take(row, row.with(take.after()), plan, new Told(transition, "", doer(note)));
        rollouts.kick();
        yield response(after, of + "is " + after.rollout().state(), true);
      }
      case Decision.Note noted -> {
        RolloutRow after =
            own.rollouts()
                .note(
                    row,
                    row.with(noted.after()),
                    row.story().waits(),
                    new Noted("rollout.confirmed", "rollout " + row.rollout().id(), doer(note)));
        rollouts.kick();
        yield response(after, of + "may go on: " + note.actor() + " agrees", true);
      }
      case Decision.Stay stay -> response(row, of + "stays as it is: " + stay.waits(), false);
      case Decision.Refused refused -> throw refused(of + "cannot do that: " + refused.message());
      case Decision.SetStage set -> throw new IllegalStateException(set.toString());
      case Decision.SetReads set -> throw new IllegalStateException(set.toString());
      case Decision.GoBack back -> throw new IllegalStateException(back.toString());
      case Decision.StartJob start -> throw new IllegalStateException(start.toString());
    };
  }

  @Override
  public void recordEvidence(
      RecordEvidenceRequest request, StreamObserver<RecordEvidenceResponse> answer) {
    calls.answer(answer, () -> keep(request));
  }

  private RecordEvidenceResponse keep(RecordEvidenceRequest request)
      throws StatusException, StoreException {
    CatalogEntry entry = planned(request.getMigration()).entry();
    ChangeNote note = Requests.note(request.getNote());
    String name = Requests.limited("name", request.getName().strip(), NAME_MAX);
    if (name.isEmpty()) {
      throw Requests.invalid("name is missing: give the name that a guard asks for");
    }
    if (!Double.isFinite(request.getValue())) {
      throw Requests.invalid("value is no number");
    }
    Instant now = own.rollouts().now();
    Instant at =
        request.hasAt()
            ? Instant.ofEpochSecond(request.getAt().getSeconds(), request.getAt().getNanos())
            : now;
    if (at.isAfter(now.plus(AHEAD_MAX)) || at.isBefore(Instant.EPOCH)) {
      throw Requests.invalid("at is " + at + ": give a time that has been, after 1970");
    }
    if (!own.evidence()
        .keep(entry.name(), name, new Evidence.Benchmark(request.getValue(), at), doer(note))) {
      throw Status.RESOURCE_EXHAUSTED
          .withDescription("migration '" + entry.name() + "' has results of too many names")
          .asException();
    }
    rollouts.kick();
    return RecordEvidenceResponse.newBuilder()
        .setMessage("'" + name + "' of '" + entry.name() + "' is " + request.getValue())
        .build();
  }

  @Override
  public void watchRollout(WatchRolloutRequest request, StreamObserver<GetRolloutResponse> answer) {
    watches.begin(request.getMigration(), (ServerCallStreamObserver<GetRolloutResponse>) answer);
  }

  /** Ends all watches: the control plane leaves. */
  public void leave() {
    watches.leave();
  }

  private static String text(Decision decision) {
    return decision instanceof Decision.Refused refused ? refused.message() : decision.toString();
  }

  private static Doer doer(ChangeNote note) {
    return new Doer(note.actor(), note.reason(), 0);
  }

  private static RolloutResponse response(RolloutRow row, String message, boolean changed) {
    return RolloutResponse.newBuilder()
        .setRollout(RolloutWire.rollout(row))
        .setMessage(message)
        .setChanged(changed)
        .build();
  }

  private static StatusException refused(String message) {
    return Status.FAILED_PRECONDITION.withDescription(message).asException();
  }
}
