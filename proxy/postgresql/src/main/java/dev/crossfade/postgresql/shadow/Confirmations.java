package dev.crossfade.postgresql.shadow;

import dev.crossfade.core.compare.Backlog;
import dev.crossfade.core.compare.Slowness;
import dev.crossfade.core.compare.Verdict;
import dev.crossfade.core.migration.Side;
import dev.crossfade.core.mirror.Watermark;
import dev.crossfade.postgresql.plan.Routing;
import dev.crossfade.postgresql.shadow.AnswerJudge.Judgement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.DelayQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out whether what differs really differs.
 *
 * <pre>
 * one look: authority -> what it has committed until then arrives on the other side -> the other
 *           -> the authority again
 *   the other as the authority, before or after -> RACE
 *   the authority differs from itself -> nothing is known: another look, and in the end UNCONFIRMED
 *                                        or NOISE
 *   the other differs, as before      -> another look; after enough of them it is believed
 * </pre>
 *
 * <p>The authority is old, and in LIVE new. The other side sees nothing that the authority did not
 * have in the second reading, and everything that it had in the first: where both are the same, so
 * should the other be, but for values that went away and came back. Hence several looks, in all of
 * which both sides have to say the same as before. Where both are not the same somebody writes, and
 * an other side that says what either said was late, and is no more: else nothing that many write
 * would be decided while the mirror is seconds behind.
 */
final class Confirmations {
  private static final Logger LOG = LoggerFactory.getLogger(Confirmations.class);
  private static final int WORKERS = 2;
  private static final int MOST_WAITING = 4_096;
  private static final long MOST_WAITING_BYTES = 4 << 20;

  /** Looks in a row that have to be alike. */
  private static final int ENOUGH = 4;

  private static final int MOST_LOOKS = 12;

  /** As long as the mirror is behind, nothing is known; meanwhile nothing is counted either. */
  private static final long PATIENCE_NANOS = Duration.ofHours(1).toNanos();

  private static final long POLL_MILLIS = 20;
  private static final long MOST_POLL_MILLIS = 500;
  private static final long[] PAUSES_MILLIS = {5, 50, 150, 400};

  /** Between looks where nobody here knows what has arrived. */
  private static final long UNMIRRORED_MILLIS = 2_500;

  private static final int SELF_LOOKS = 4;
  private static final int SELF_ENOUGH = 3;
  private static final int RUNS = 7;

  private final Shadow shadow;
  private final Routing routing;
  private final Backlog backlog = new Backlog(MOST_WAITING, MOST_WAITING_BYTES);
  private final DelayQueue<Doubt> queue = new DelayQueue<>();
  private final List<Worker> workers = new ArrayList<>();
  private final PlanExplainer explainer;
  private final MismatchReport report;
  private volatile boolean closed;

  Confirmations(Shadow shadow, Routing routing, ShadowTarget target, Duration deadline) {
    this.shadow = shadow;
    this.routing = routing;
    this.explainer = new PlanExplainer(target.explainer(), System::nanoTime);
    this.report = new MismatchReport(shadow.comparisons());
    for (int i = 0; i < WORKERS; i++) {
      workers.add(
          new Worker(
              i, new Lane(target, Side.OLD, deadline), new Lane(target, Side.NEW, deadline)));
    }
  }

  void start() {
    workers.forEach(worker -> worker.thread.start());
  }

  /** Whether a difference would find a place, as far as all of them go. */
  boolean hasRoom(ReadSample sample) {
    return !closed && backlog.hasRoom(Doubt.bytes(sample));
  }

  /** A read has differed; returns whether there was a place for it. Any thread. */
  boolean doubt(ReadSample sample, Counted counted, long onOld, long onNew) {
    if (!sample.query().mayDoubt()) {
      return false;
    }
    boolean added =
        add(new Doubt(LiteralLimit.widened(sample), Doubt.Kind.DIFFERENCE, counted, onOld, onNew));
    if (!added) {
      sample.query().decided(false);
    }
    return added;
  }

  /** The authority has differed from itself. */
  void control(ReadSample sample) {
    add(new Doubt(sample, Doubt.Kind.CONTROL, Counted.NOT, 0, 0));
  }

  /** New seems far slower. */
  void measure(ReadSample sample) {
    add(new Doubt(sample, Doubt.Kind.SPEED, Counted.NOT, 0, 0));
  }

  private boolean add(Doubt doubt) {
    if (closed || !backlog.enter(doubt.bytes())) {
      return false;
    }
    queue.add(doubt);
    return true;
  }

  int waiting() {
    return backlog.count();
  }

  /** Looks after deadlines. */
  void check(long nowNanos) {
    for (Worker worker : workers) {
      worker.old.check(nowNanos);
      worker.target.check(nowNanos);
    }
  }

  void close() {
    closed = true;
    for (Worker worker : workers) {
      worker.thread.interrupt();
      worker.old.close();
      worker.target.close();
    }
  }

  private Map<Watermark, Long> tickets(ReadSample sample) {
    Map<Watermark, Long> tickets = new HashMap<>();
    for (String migration : sample.query().plan().migrations()) {
      Watermark watermark = routing.watermarks(sample.authority()).get(migration);
      if (watermark != null) {
        tickets.put(watermark, watermark.ticket());
        watermark.hurry();
      }
    }
    return tickets;
  }

  private static boolean haveArrived(Map<Watermark, Long> tickets) {
    return tickets.entrySet().stream()
        .allMatch(entry -> entry.getKey().hasArrived(entry.getValue()));
  }

  /**
   * @param answer null when it was not one
   */
  private record Asked(Lane.End end, @Nullable Answer answer, long nanos) {}

  /** A thread with a connection to each side. */
  private final class Worker {
    private final Lane old;
    private final Lane target;
    private final Thread thread;

    Worker(int number, Lane old, Lane target) {
      this.old = old;
      this.target = target;
      this.thread =
          Thread.ofPlatform().daemon().name("crossfade-shadow-" + number).unstarted(this::work);
    }

    private void work() {
      try {
        while (!closed) {
          Doubt next = queue.take();
          boolean again = false;
          try {
            again =
                switch (next.kind) {
                  case DIFFERENCE -> look(next);
                  case CONTROL -> lookAtAuthorityAlone(next);
                  case SPEED -> measure(next);
                };
          } catch (RuntimeException e) {
            // Of a defect here no client may notice anything.
            LOG.atError()
                .addKeyValue("detail", e.getClass().getName())
                .log("a difference was not confirmed");
            if (next.kind == Doubt.Kind.DIFFERENCE) {
              again = decide(next, Verdict.UNCONFIRMED);
            }
          }
          if (again) {
            queue.add(next);
          } else {
            backlog.leave(next.bytes());
          }
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    private Asked ask(Lane lane, ReadSample sample, boolean keep) throws InterruptedException {
      CompletableFuture<Asked> asked = new CompletableFuture<>();
      lane.ask(sample, keep, (end, answer, took) -> asked.complete(new Asked(end, answer, took)));
      try {
        Asked answer = asked.get();
        if (answer.end() == Lane.End.LOST) {
          shadow.lost(lane.side());
        }
        return answer;
      } catch (ExecutionException e) {
        throw new IllegalStateException(e);
      }
    }

    private @Nullable Answer answer(Lane lane, ReadSample sample) throws InterruptedException {
      Answer answer = ask(lane, sample, true).answer();
      return answer instanceof Answer.Failed failed && failed.isOfTheMoment() ? null : answer;
    }

    /** Returns whether it is to be looked at again. */
    private boolean look(Doubt doubt) throws InterruptedException {
      ReadSample sample = doubt.sample;
      if (shadow.authority(sample.query().plan()) != sample.authority()) {
        return decide(doubt, Verdict.UNCONFIRMED);
      }
      if (doubt.before == null) {
        Answer before = answer(lane(sample.authority()), sample);
        if (before == null) {
          return decide(doubt, Verdict.UNCONFIRMED);
        }
        doubt.before = before.digested();
        doubt.tickets = tickets(sample);
      }
      if (!haveArrived(doubt.tickets)) {
        if (!doubt.resting && doubt.steady == 0) {
          doubt.resting = true;
          doubt.sample.query().rests();
        }
        long waited = System.nanoTime() - doubt.began;
        long pause = TimeUnit.NANOSECONDS.toMillis(waited) / 10;
        return waited > PATIENCE_NANOS
            ? decide(doubt, Verdict.UNCONFIRMED)
            : again(doubt, Math.clamp(pause, POLL_MILLIS, MOST_POLL_MILLIS));
      }
      Answer other = answer(lane(sample.authority().other()), sample);
      Answer after = answer(lane(sample.authority()), sample);
      Answer before = Objects.requireNonNull(doubt.before);
      doubt.before = null;
      doubt.looks++;
      if (other == null || after == null) {
        return decide(doubt, Verdict.UNCONFIRMED);
      }
      if (!before.equalsByDigest(after)) {
        return other.equalsByDigest(after) || other.equalsByDigest(before)
            ? decide(doubt, Verdict.RACE)
            : unsteady(doubt, after);
      }
      return sample.authority() == Side.OLD
          ? judge(doubt, after, other)
          : judge(doubt, other, after);
    }

    private Lane lane(Side side) {
      return side == Side.OLD ? old : target;
    }

    private boolean judge(Doubt doubt, Answer onOld, Answer onNew) {
      Judgement judgement = AnswerJudge.judge(doubt.sample, onOld, onNew);
      if (judgement.verdict() == Verdict.MATCH) {
        return decide(doubt, onOld.equalsByDigest(onNew) ? Verdict.RACE : Verdict.MATCH);
      }
      if (doubt.resting) {
        doubt.resting = false;
        doubt.sample.query().wakes();
      }
      boolean asBefore =
          doubt.lastOld != null
              && doubt.lastNew != null
              && doubt.lastOld.equalsByDigest(onOld)
              && doubt.lastNew.equalsByDigest(onNew);
      doubt.steady = asBefore ? doubt.steady + 1 : 1;
      doubt.lastOld = onOld.digested();
      doubt.lastNew = onNew.digested();
      if (doubt.steady < ENOUGH) {
        if (doubt.looks >= MOST_LOOKS) {
          return decide(doubt, Verdict.UNCONFIRMED);
        }
        // The end of this look is the beginning of the next one.
        doubt.before = (doubt.sample.authority() == Side.OLD ? onOld : onNew).digested();
        doubt.tickets = tickets(doubt.sample);
        return again(doubt, pause(doubt));
      }
      boolean again = decide(doubt, judgement.verdict());
      // Whoever is told of one finds it counted.
      if (judgement.verdict().isMismatch()) {
        report.add(doubt, judgement, onOld, onNew);
      }
      return again;
    }

    private long pause(Doubt doubt) {
      return doubt.tickets.isEmpty()
          ? UNMIRRORED_MILLIS
          : PAUSES_MILLIS[Math.min(doubt.looks, PAUSES_MILLIS.length) - 1];
    }

    /** Somebody writes what is read, or the authority gives another answer each time. */
    private boolean unsteady(Doubt doubt, Answer once) throws InterruptedException {
      Answer again = answer(lane(doubt.sample.authority()), doubt.sample);
      doubt.steady = 0;
      if (again == null) {
        return decide(doubt, Verdict.UNCONFIRMED);
      }
      boolean differs = !once.equalsByDigest(again);
      doubt.selfDiffering += differs ? 1 : 0;
      if (differs && doubt.selfDiffering >= SELF_ENOUGH) {
        learn(doubt.sample, once, again);
        return decide(doubt, Verdict.NOISE);
      }
      return doubt.looks < MOST_LOOKS
          ? again(doubt, pause(doubt))
          : decide(doubt, Verdict.UNCONFIRMED);
    }

    private boolean lookAtAuthorityAlone(Doubt doubt) throws InterruptedException {
      Lane authority = lane(doubt.sample.authority());
      for (int look = 0; look < SELF_LOOKS; look++) {
        Answer once = answer(authority, doubt.sample);
        Answer again = answer(authority, doubt.sample);
        if (once == null || again == null) {
          return false;
        }
        boolean differs = !once.equalsByDigest(again);
        doubt.selfDiffering += differs ? 1 : 0;
        if (differs && doubt.selfDiffering >= SELF_ENOUGH) {
          learn(doubt.sample, once, again);
          return false;
        }
      }
      return false;
    }

    private static void learn(ReadSample sample, Answer once, Answer again) {
      sample.query().noisy(AnswerJudge.judge(sample, once, again).difference().columns());
    }

    private boolean measure(Doubt doubt) throws InterruptedException {
      long[] onOld = new long[RUNS];
      long[] onNew = new long[RUNS];
      for (int run = 0; run < RUNS; run++) {
        Asked first = ask(old, doubt.sample, false);
        Asked second = ask(target, doubt.sample, false);
        if (first.end() != Lane.End.ANSWERED || second.end() == Lane.End.LOST) {
          return false;
        }
        onOld[run] = first.nanos();
        onNew[run] = second.nanos();
      }
      boolean far = Slowness.isFarAtBest(onOld, onNew);
      doubt.sample.query().measured(far);
      if (far) {
        report.slow(doubt, explainer.explain(doubt.sample));
      }
      return false;
    }
  }

  /** What was decided before something else went wrong stays so: it has left its place. */
  private boolean decide(Doubt doubt, Verdict verdict) {
    if (doubt.decided) {
      return false;
    }
    doubt.decided = true;
    doubt.sample.query().decided(doubt.resting);
    shadow.ended(doubt.sample.query(), verdict, doubt.counted, doubt.onOld, doubt.onNew);
    return false;
  }

  private static boolean again(Doubt doubt, long millis) {
    doubt.due = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    return true;
  }
}
