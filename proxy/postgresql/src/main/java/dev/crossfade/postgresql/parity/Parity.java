package dev.crossfade.postgresql.parity;

import dev.crossfade.core.compare.Backlog;
import dev.crossfade.core.compare.Budget;
import dev.crossfade.core.migration.ReadShare;
import dev.crossfade.core.mirror.Watermark;
import dev.crossfade.postgresql.parity.Judgement.Difference;
import dev.crossfade.postgresql.parity.Judgement.Unclear;
import dev.crossfade.postgresql.plan.Lenses;
import dev.crossfade.postgresql.plan.Routing;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.DelayQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares what new would answer to writes with what old has answered, for a sample of them.
 *
 * <pre>
 * session -> {@link #wants} -> old answers -> {@link #offer} -> queue -> {@link NewConnection} -> {@link Judge}
 *                                                                ^          differs: again, later '
 *                                                                '-------------------------------'
 * differs until all that was written before has arrived -> {@link Findings}
 * </pre>
 *
 * <p>What new has refused it may take when somebody has mended it: the sample that confirmed such a
 * difference is tried again from time to time, and once new takes it the difference is gone.
 *
 * <p>Sessions wait for nothing here: what finds no place in the queue is shed.
 */
public final class Parity implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Parity.class);

  /** A longer batch is not sampled. */
  public static final int MOST_BATCH_BYTES = NewConnection.MOST_BYTES;

  private static final int MOST_WAITING = 64;
  private static final long MOST_WAITING_BYTES = 1 << 20;
  private static final Duration ANSWER_WITHIN = Duration.ofSeconds(3);

  /** A sample whose predecessors have not arrived by then tells nothing. */
  private static final long PATIENCE_NANOS = Duration.ofSeconds(15).toNanos();

  /** A difference has to be there each time. */
  private static final int LOOKS = 4;

  private static final int TRIES = 3;
  private static final long[] PAUSES_MILLIS = {0, 0, 50, 200, 500};

  /** Between two looks at what has confirmed a difference. */
  private static final int WITNESS_MILLIS = 5_000;

  /** The differences that are found while so many are looked at again only go with time. */
  private static final int MOST_WITNESSES = 8;

  /**
   * @param share of the writes
   * @param perSecond at most
   */
  public record Settings(ReadShare share, int perSecond) {}

  private final Settings settings;
  private final Routing routing;
  private final ParityMeters meters;
  private final NewConnection connection;
  private final SampleReader reader;
  private final Findings findings = new Findings(System::nanoTime);
  private final DelayQueue<Pending> queue = new DelayQueue<>();
  private final Backlog waiting = new Backlog(MOST_WAITING, MOST_WAITING_BYTES);
  private final Budget budget;
  private final Thread worker;
  private int generation;
  private int witnesses;
  private volatile boolean closed;

  private Parity(
      Settings settings, Routing routing, ParityMeters meters, NewConnection connection) {
    this.settings = settings;
    this.routing = routing;
    this.meters = meters;
    this.connection = connection;
    this.reader = new SampleReader(routing, meters);
    this.budget = new Budget(settings.perSecond());
    this.worker = Thread.ofPlatform().daemon().name("crossfade-parity").unstarted(this::work);
  }

  /** Begins to wait for samples. */
  public static Parity start(
      Settings settings, Routing routing, ParityMeters meters, ParityTarget target) {
    Parity parity =
        new Parity(settings, routing, meters, new NewConnection(target, routing::oldShape));
    parity.worker.start();
    return parity;
  }

  /** Whether a write that is about to be answered is to be compared. Event loops. */
  public boolean wants() {
    return !routing.watermarks().isEmpty()
        && settings.share().includes(ThreadLocalRandom.current().nextInt(ReadShare.WHOLE))
        && budget.take(System.nanoTime());
  }

  /** Old has answered a write. Event loops. */
  public void offer(WriteSample sample, Outcome old) {
    if (closed || !waiting.enter(sample.bytes())) {
      meters.shed();
    } else {
      queue.add(new Pending(sample, old));
    }
  }

  /** Whether no sample waits. */
  public boolean isIdle() {
    return waiting.count() == 0;
  }

  private void done(WriteSample sample) {
    waiting.leave(sample.bytes());
  }

  public Findings findings() {
    return findings;
  }

  private void work() {
    try {
      while (!closed) {
        Pending next = queue.take();
        boolean again = false;
        boolean waits = next.confirmed == null;
        try {
          again = waits ? look(next) : lookAgain(next);
        } catch (RuntimeException e) {
          // Of a defect here no client may notice anything.
          LOG.atError()
              .addKeyValue("detail", e.getClass().getName())
              .log("a write was not compared");
        }
        if (again) {
          queue.add(next);
        } else if (waits) {
          done(next.sample);
        } else {
          witnesses--;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Looks at a sample once; returns whether it is to be looked at again. */
  private boolean look(Pending pending) throws InterruptedException {
    Pending.Statement statement = pending.statement;
    if (pending.old instanceof Outcome.Refused refused && !refused.isOfValues()) {
      // Nothing of a statement that its client may not run is run with the mirror's rights.
      return false;
    }
    if (statement == null) {
      statement = reader.read(pending.sample.sql());
      if (statement == null) {
        return false;
      }
      pending.statement = statement;
      pending.tickets = tickets(statement);
    }
    Lenses lenses = routing.lenses();
    if (!reader.isCompared(statement.migrations()) || lenses == null) {
      return false;
    }
    if (lenses.generation() != generation) {
      generation = lenses.generation();
      findings.clear();
    }
    boolean arrived = hasArrived(pending.tickets);
    pending.tries++;
    Outcome now = answerOfNew(pending.sample);
    if (now == null) {
      meters.inconclusive(statement.migration(), Unclear.NEW_UNAVAILABLE);
      return false;
    }
    Judgement judgement = judge(pending, statement, now);
    pending.before = now;
    return switch (judgement) {
      case Judgement.Equal() -> {
        meters.equal(statement.migration());
        findings.equal(statement.fingerprint(), pending.old);
        yield false;
      }
      case Judgement.LookAgain() -> again(pending, 0);
      case Judgement.Inconclusive(Unclear why) -> unclear(pending, statement, why);
      case Judgement.Different(Difference kind) -> differs(pending, statement, kind, arrived);
    };
  }

  private Judgement judge(Pending pending, Pending.Statement statement, Outcome now) {
    return new Judge(statement.form(), reader.isComplete(statement.migrations()))
        .judge(pending.old, now, pending.before);
  }

  /** Tries what has confirmed a difference once more; returns whether it still does. */
  private boolean lookAgain(Pending witness) throws InterruptedException {
    Finding finding = Objects.requireNonNull(witness.confirmed);
    Pending.Statement statement = Objects.requireNonNull(witness.statement);
    if (!findings.holds(finding)) {
      return false;
    }
    if (reader.isCompared(statement.migrations())) {
      Outcome now = answerOfNew(witness.sample);
      Judgement judgement = now == null ? null : judge(witness, statement, now);
      witness.before = now;
      if (judgement instanceof Judgement.Equal) {
        findings.disproved(finding);
        LOG.atInfo()
            .addKeyValue("migration", finding.migration())
            .addKeyValue("difference", finding.message())
            .log("new does not answer it otherwise any more");
        return false;
      }
      if (judgement instanceof Judgement.Inconclusive(Unclear why) && isOfOtherRows(why)) {
        return false;
      }
    }
    return again(witness, WITNESS_MILLIS);
  }

  /** Its row has arrived or is gone, so that it tells nothing any more. */
  private static boolean isOfOtherRows(Unclear why) {
    return why == Unclear.OWN_EFFECT || why == Unclear.OTHER_ROWS;
  }

  /** Only a refusal depends on the values: of the others, any sample of the statement tells. */
  private void keep(Pending pending, Finding finding) {
    if (finding.kind() == Difference.REFUSED && witnesses < MOST_WITNESSES) {
      witnesses++;
      Pending witness = new Pending(pending.sample, pending.old);
      witness.statement = pending.statement;
      witness.confirmed = finding;
      again(witness, WITNESS_MILLIS);
      queue.add(witness);
    }
  }

  private boolean unclear(Pending pending, Pending.Statement statement, Unclear why) {
    if (why == Unclear.NEW_UNAVAILABLE && pending.tries < TRIES) {
      return again(pending, 200);
    }
    meters.inconclusive(statement.migration(), why);
    return false;
  }

  private boolean differs(
      Pending pending, Pending.Statement statement, Difference kind, boolean arrived) {
    if (pending.difference != null && pending.difference != kind) {
      meters.inconclusive(statement.migration(), Unclear.OTHER_ROWS);
      return false;
    }
    pending.difference = kind;
    pending.looks++;
    boolean ofOthers =
        pending.old instanceof Outcome.Refused refused && refused.isOfOtherRows()
            || !statement.form().isGiven();
    boolean settled = arrived || !ofOthers && isOfValues(kind);
    if (pending.looks < LOOKS || !settled) {
      pending.tickets.keySet().forEach(Watermark::hurry);
      if (System.nanoTime() - pending.began > PATIENCE_NANOS) {
        meters.inconclusive(statement.migration(), Unclear.BEHIND);
        return false;
      }
      return again(pending, PAUSES_MILLIS[Math.min(pending.looks, PAUSES_MILLIS.length - 1)]);
    }
    meters.different(statement.migration(), kind);
    Outcome target = Objects.requireNonNull(pending.before);
    findings
        .different(
            statement.migration(),
            statement.fingerprint(),
            kind,
            new Findings.Compared(pending.old, target, ofOthers))
        .ifPresent(
            found -> {
              LOG.atWarn()
                  .addKeyValue("migration", found.migration())
                  .addKeyValue("difference", found.message())
                  .log("new answers a write otherwise than old");
              keep(pending, found);
            });
    return false;
  }

  /** Whether what is given decides, not what is there. */
  private static boolean isOfValues(Difference kind) {
    return switch (kind) {
      case ACCEPTED, REFUSED, OTHER_ERROR -> true;
      case COUNT, ROWS -> false;
    };
  }

  private static boolean again(Pending pending, long millis) {
    pending.due = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    return true;
  }

  /** Null when it did not say anything that tells. */
  private @Nullable Outcome answerOfNew(WriteSample sample) throws InterruptedException {
    try {
      Optional<Outcome> answer =
          connection.tryOut(sample).get(ANSWER_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
      return answer.orElse(null);
    } catch (ExecutionException e) {
      return null;
    } catch (TimeoutException e) {
      connection.close();
      return null;
    }
  }

  private Map<Watermark, Long> tickets(Pending.Statement statement) {
    Map<Watermark, Long> tickets = new HashMap<>();
    for (String migration : statement.migrations()) {
      Watermark watermark = routing.watermarks().get(migration);
      if (watermark != null) {
        tickets.put(watermark, watermark.ticket());
      }
    }
    return tickets;
  }

  private static boolean hasArrived(Map<Watermark, Long> tickets) {
    return tickets.entrySet().stream()
        .allMatch(entry -> entry.getKey().hasArrived(entry.getValue()));
  }

  @Override
  public void close() {
    closed = true;
    worker.interrupt();
    connection.close();
  }
}
