package dev.crossfade.server.rollout;

import dev.crossfade.engine.catalog.CatalogEntry;
import dev.crossfade.engine.catalog.ChangeNote;
import dev.crossfade.engine.catalog.Command;
import dev.crossfade.engine.catalog.Verdict;
import dev.crossfade.engine.rollout.Baseline;
import dev.crossfade.engine.rollout.Decision;
import dev.crossfade.engine.rollout.Judge;
import dev.crossfade.engine.rollout.Plan;
import dev.crossfade.engine.rollout.Rollout;
import dev.crossfade.engine.rollout.RolloutRules;
import dev.crossfade.engine.rollout.RolloutState;
import dev.crossfade.engine.rollout.RolloutView;
import dev.crossfade.engine.signal.Reading;
import dev.crossfade.server.job.Jobs;
import dev.crossfade.server.move.Mover;
import dev.crossfade.server.store.CatalogFeed;
import dev.crossfade.server.store.CatalogStore;
import dev.crossfade.server.store.JobRow;
import dev.crossfade.server.store.JobStore;
import dev.crossfade.server.store.RolloutCalls;
import dev.crossfade.server.store.RolloutRow;
import dev.crossfade.server.store.RolloutRow.Counting;
import dev.crossfade.server.store.RolloutStore;
import dev.crossfade.server.store.RolloutStore.Doer;
import dev.crossfade.server.store.RolloutStore.Noted;
import dev.crossfade.server.store.RolloutStore.StaleException;
import dev.crossfade.server.store.RolloutStore.Told;
import dev.crossfade.server.store.StoreException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes one rollout as far as it goes now. Of the rollouts' thread alone. */
final class Conductor {
  static final String ACTOR = "rollout";

  private static final Logger LOG = LoggerFactory.getLogger(Conductor.class);
  private static final int ROUNDS_MAX = 32;
  private static final int REMEMBERED_MAX = 400;
  private static final Duration WAITS_EVERY = Duration.ofSeconds(1);

  private final Surroundings with;
  private final Outlook outlook;
  private final Samples samples;
  private final RolloutSteps steps;

  /** By the file's hash. */
  private final Map<String, Optional<Plan>> plans = new HashMap<>();

  /** When it was last written what a rollout waits for, by its id. */
  private final Map<Long, Instant> waitsWritten = new HashMap<>();

  /** What it works on. */
  record Surroundings(
      RolloutStore store,
      RolloutCalls calls,
      CatalogStore catalog,
      CatalogFeed feed,
      Workers workers) {}

  /**
   * Who does what takes its time.
   *
   * @param settings of a job of a kind, as it is started without further words
   */
  record Workers(Jobs jobs, Mover mover, Function<JobRow.Kind, JobRow.Settings> settings) {}

  Conductor(Surroundings with, Outlook outlook, Samples samples, RolloutSteps steps) {
    this.with = with;
    this.outlook = outlook;
    this.samples = samples;
    this.steps = steps;
  }

  /**
   * Decides and does, until there is nothing to do.
   *
   * @param term of the leader
   */
  void conduct(RolloutRow row, long term) throws StoreException, StaleException {
    RolloutRow now = row;
    for (int round = 0; round < ROUNDS_MAX && !now.rollout().state().isEnd(); round++) {
      Optional<RolloutRow> next = once(now, term);
      if (next.isEmpty()) {
        return;
      }
      now = next.get();
    }
  }

  /** Empty when it waits. */
  private Optional<RolloutRow> once(RolloutRow row, long term)
      throws StoreException, StaleException {
    CatalogStore.Detail detail =
        with.catalog()
            .detail(row.migration(), 1)
            .orElseThrow(() -> new StaleException("the migration is gone"));
    Instant now = with.store().now();
    String hash = detail.entry().file().hash();
    Optional<Plan> plan = plan(detail.entry(), hash);
    if (plan.isEmpty() || !hash.equals(row.fileHash())) {
      return Optional.of(replaced(row, plan, detail, new Doer(ACTOR, "", term)));
    }
    Reading reading = outlook.reading(row.migration());
    RolloutRow counted =
        row.with(
            new Counting(
                row.counting().baseline().movedOn(reading.totals(), now),
                row.counting().brokenSince()));
    Judge.Judgement judgement = outlook.judge(counted, plan.get(), reading, now);
    samples.keep(row.rollout().id(), row.rollout().step(), judgement.findings(), now);
    RolloutRow judged =
        row.with(new Counting(counted.counting().baseline(), judgement.brokenSince()));
    RolloutView view =
        new RolloutView(
            outlook.place(detail, row.rollout()),
            outlook.job(row.rollout()),
            judgement.findings(),
            row.rollout().state() == RolloutState.CONFIRMING
                ? new RolloutView.Answers(
                    with.calls().missing(row.rollout().id(), row.rollout().status().since()))
                : RolloutView.Answers.ALL,
            now);
    Decision decision = RolloutRules.next(plan.get(), row.rollout(), view);
    steps.decided(decision);
    Optional<RolloutRow> next =
        execute(new Task(row, judged, plan.get(), term), decision, detail, now);
    steps.done(decision);
    return next;
  }

  private Optional<Plan> plan(CatalogEntry entry, String hash) {
    if (plans.size() > REMEMBERED_MAX) {
      plans.clear();
    }
    return plans.computeIfAbsent(hash, unknown -> Plans.of(entry));
  }

  /**
   * A rollout at the moment of a decision.
   *
   * @param row as it is stored
   * @param judged with what its guards are to remember
   */
  private record Task(RolloutRow row, RolloutRow judged, Plan plan, long term) {
    Doer doer() {
      return new Doer(ACTOR, "", term);
    }

    ChangeNote note() {
      Plan.Step step = plan.steps().get(row.rollout().step());
      String why = row.rollout().status().reason();
      return new ChangeNote(
          ACTOR,
          row.rollout().state() == RolloutState.ROLLING_BACK
              ? limited(why)
              : "step '" + step.name() + "' of rollout " + row.rollout().id());
    }

    private static String limited(String text) {
      return text.length() <= 1_000 ? text : text.substring(0, 1_000);
    }
  }

  private Optional<RolloutRow> execute(
      Task task, Decision decision, CatalogStore.Detail detail, Instant now)
      throws StoreException, StaleException {
    String migration = task.row().migration();
    OptionalLong version = OptionalLong.of(detail.entry().version());
    return switch (decision) {
      case Decision.Stay stay -> {
        stay(task, stay.waits(), now);
        yield Optional.empty();
      }
      case Decision.Take take -> Optional.of(take(task, take, now));
      case Decision.Note note ->
          Optional.of(
              with.store()
                  .note(
                      task.row(),
                      task.judged().with(note.after()),
                      "",
                      new Noted("", "", task.doer())));
      case Decision.SetStage set ->
          act(task, new Command.SetStage(migration, set.stage(), version, task.note()));
      case Decision.SetReads set ->
          act(
              task,
              new Command.SetReads(migration, set.reads(), Optional.empty(), version, task.note()));
      case Decision.GoBack back ->
          act(task, new Command.Rollback(migration, back.stage(), task.note()));
      case Decision.StartJob start -> startJob(task, start.job());
      case Decision.Refused refused -> throw new IllegalStateException(refused.message());
    };
  }

  /** What is waited for is told with numbers that change all the time; people need not know all. */
  private void stay(Task task, String waits, Instant now) throws StoreException, StaleException {
    long id = task.row().rollout().id();
    boolean isOld = !now.isBefore(waitsWritten.getOrDefault(id, Instant.EPOCH).plus(WAITS_EVERY));
    boolean isNew = isOld && !task.row().story().waits().equals(waits);
    if (isNew || !isSame(task.row().counting(), task.judged().counting())) {
      if (waitsWritten.size() > REMEMBERED_MAX) {
        waitsWritten.clear();
      }
      waitsWritten.put(id, now);
      with.store().note(task.row(), task.judged(), waits, new Noted("", "", task.doer()));
    }
  }

  private static boolean isSame(Counting one, Counting other) {
    return one.baseline() == other.baseline() && one.brokenSince().equals(other.brokenSince());
  }

  private RolloutRow take(Task task, Decision.Take take, Instant now)
      throws StoreException, StaleException {
    Rollout after = take.after();
    boolean begins =
        take.transition().from() == RolloutState.ENTERING && after.state() != RolloutState.PAUSED;
    Counting counting =
        begins
            ? new Counting(
                Baseline.at(outlook.reading(task.row().migration()).totals(), now), Map.of())
            : task.judged().counting();
    RolloutRow written =
        with.store()
            .take(
                task.row(),
                task.row().with(after).with(counting),
                task.plan(),
                new Told(take.transition(), "", task.doer()));
    LOG.atInfo()
        .addKeyValue("migration", task.row().migration())
        .addKeyValue("transition", take.transition())
        .addKeyValue("step", task.plan().steps().get(after.step()).name())
        .addKeyValue("reason", after.status().reason())
        .log("Rollout went on");
    return written;
  }

  private Optional<RolloutRow> act(Task task, Command command)
      throws StoreException, StaleException {
    String migration = task.row().migration();
    RolloutStore.Acted acted =
        with.store()
            .act(
                task.row(),
                command,
                with.workers().mover().obstacle(migration).orElse(null),
                task.doer());
    return switch (acted.verdict()) {
      case Verdict.Changed changed -> {
        told();
        yield Optional.of(acted.row());
      }
      case Verdict.Begun begun -> {
        with.workers().mover().kick();
        told();
        yield Optional.of(acted.row());
      }
      case Verdict.Unchanged unchanged -> Optional.of(acted.row());
      case Verdict.Ended ended -> {
        told();
        yield Optional.empty();
      }
      // The next look finds what has come of it.
      case Verdict.Underway underway -> Optional.empty();
      case Verdict.Queued queued -> Optional.empty();
      case Verdict.Refused refused -> refused(task, acted, refused);
    };
  }

  /** What the catalog's rules refuse will not come right by asking again, but a lost race will. */
  private Optional<RolloutRow> refused(Task task, RolloutStore.Acted acted, Verdict.Refused refused)
      throws StoreException, StaleException {
    if (refused.why() == Verdict.Why.CONFLICT) {
      return Optional.empty();
    }
    Decision decision =
        RolloutRules.stuck(acted.row().rollout(), refused.message(), with.store().now());
    return decision instanceof Decision.Take take
        ? Optional.of(
            with.store()
                .take(
                    acted.row(),
                    acted.row().with(take.after()),
                    task.plan(),
                    new Told(take.transition(), "", task.doer())))
        : Optional.empty();
  }

  /** Pushes the change to sidecars at once. */
  private void told() {
    try {
      with.feed().refresh();
    } catch (StoreException e) {
      LOG.atDebug().setCause(e).log("The change will be told by the feed's thread");
    }
  }

  private Optional<RolloutRow> startJob(Task task, Plan.Job job)
      throws StoreException, StaleException {
    String migration = task.row().migration();
    Optional<String> obstacle = with.workers().jobs().obstacle(migration);
    if (obstacle.isPresent()) {
      stay(task, obstacle.get(), with.store().now());
      return Optional.empty();
    }
    JobRow.Kind kind = JobRow.Kind.valueOf(job.name());
    RolloutRow row =
        with.store()
            .startJob(
                task.row(),
                new JobStore.Order(
                    migration, kind, with.workers().settings().apply(kind), task.note()),
                task.doer());
    with.workers().jobs().kick();
    return Optional.of(row);
  }

  /** Its plan is gone: it must be started anew. */
  private RolloutRow replaced(
      RolloutRow row, Optional<Plan> plan, CatalogStore.Detail detail, Doer doer)
      throws StoreException, StaleException {
    Plan now = plan.orElse(Plan.NONE);
    Decision decision =
        RolloutRules.command(
            now,
            row.rollout(),
            RolloutRules.Command.ABORT,
            outlook.place(detail, row.rollout()),
            new RolloutRules.Asked(ACTOR, "the migration's file was replaced", with.store().now()));
    if (!(decision instanceof Decision.Take take)) {
      throw new IllegalStateException("an open rollout can be ended: " + decision);
    }
    return with.store()
        .take(row, row.with(take.after()), now, new Told(take.transition(), "", doer));
  }
}
