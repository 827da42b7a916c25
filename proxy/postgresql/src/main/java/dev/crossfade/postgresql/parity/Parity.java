package dev.crossfade.postgresql.parity;

import dev.crossfade.core.compare.Backlog;
import dev.crossfade.core.compare.Budget;
import dev.crossfade.core.migration.MigrationFlags;
import dev.crossfade.core.migration.ReadShare;
import dev.crossfade.core.migration.Side;
import dev.crossfade.core.migration.Stage;
import dev.crossfade.core.mirror.Watermark;
import dev.crossfade.postgresql.parity.Judgement.Difference;
import dev.crossfade.postgresql.parity.Judgement.Unclear;
import dev.crossfade.postgresql.plan.Lenses;
import dev.crossfade.postgresql.plan.Routing;
import dev.crossfade.sql.parse.Fingerprint;
import dev.crossfade.sql.parse.Lexer;
import dev.crossfade.sql.parse.Tokens;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
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
 * <p>Sessions wait for nothing here: what finds no place in the queue is shed.
 */
public final class Parity implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Parity.class);

  /** A longer batch is not sampled. */
  public static final int MOST_BATCH_BYTES = NewConnection.MOST_BYTES;

  private static final int MOST_WAITING = 64;
  private static final long MOST_WAITING_BYTES = 1 << 20;
  private static final int MOST_FINGERPRINT = 4_096;
  private static final Duration ANSWER_WITHIN = Duration.ofSeconds(3);

  /** A sample whose predecessors have not arrived by then tells nothing. */
  private static final long PATIENCE_NANOS = Duration.ofSeconds(15).toNanos();

  /** A difference has to be there each time. */
  private static final int LOOKS = 4;

  private static final int TRIES = 3;
  private static final long[] PAUSES_MILLIS = {0, 0, 50, 200, 500};

  /**
   * @param share of the writes
   * @param perSecond at most
   */
  public record Settings(ReadShare share, int perSecond) {}

  private final Settings settings;
  private final Routing routing;
  private final ParityMeters meters;
  private final NewConnection connection;
  private final Findings findings = new Findings(System::nanoTime);
  private final DelayQueue<Pending> queue = new DelayQueue<>();
  private final Backlog waiting = new Backlog(MOST_WAITING, MOST_WAITING_BYTES);
  private final Budget budget;
  private final Thread worker;
  private int generation;
  private volatile boolean closed;

  private Parity(
      Settings settings, Routing routing, ParityMeters meters, NewConnection connection) {
    this.settings = settings;
    this.routing = routing;
    this.meters = meters;
    this.connection = connection;
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
        try {
          again = look(next);
        } catch (RuntimeException e) {
          // Of a defect here no client may notice anything.
          LOG.atError()
              .addKeyValue("detail", e.getClass().getName())
              .log("a write was not compared");
        }
        if (again) {
          queue.add(next);
        } else {
          done(next.sample);
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
      statement = read(pending.sample.sql());
      if (statement == null) {
        return false;
      }
      pending.statement = statement;
      pending.tickets = tickets(statement);
    }
    Lenses lenses = routing.lenses();
    if (!isCompared(statement.migrations()) || lenses == null) {
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
    Judgement judgement =
        new Judge(statement.form(), isComplete(statement.migrations()))
            .judge(pending.old, now, pending.before);
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
            found ->
                LOG.atWarn()
                    .addKeyValue("migration", found.migration())
                    .addKeyValue("difference", found.message())
                    .log("new answers a write otherwise than old"));
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

  /** Null where it is no single write of mapped tables that could be compared. */
  private Pending.@Nullable Statement read(byte[] sql) {
    Lenses lenses = routing.lenses();
    Tokens tokens = new Lexer().lex(sql, sql.length);
    if (lenses == null
        || !tokens.wellFormed()
        || tokens.statementCount() != 1
        || !isWrite(tokens)
        || !Calls.areHarmless(tokens)
        || !tokens.names(lenses.names())) {
      return null;
    }
    Map<String, Boolean> named = new HashMap<>();
    lenses.namesByMigration().forEach((name, tables) -> named.put(name, tokens.names(tables)));
    List<String> migrations =
        named.keySet().stream().filter(name -> Boolean.TRUE.equals(named.get(name))).toList();
    if (migrations.isEmpty() || !isCompared(migrations)) {
      return null;
    }
    Fingerprint fingerprint = Fingerprint.of(sql, tokens);
    if (fingerprint.length() > MOST_FINGERPRINT) {
      meters.inconclusive(migrations.getFirst(), Unclear.FORM);
      return null;
    }
    return new Pending.Statement(fingerprint, WriteForm.of(tokens), migrations);
  }

  private static boolean isWrite(Tokens tokens) {
    int first = tokens.statementStart(0);
    return tokens.isWord(first, "INSERT")
        || tokens.isWord(first, "UPDATE")
        || tokens.isWord(first, "DELETE")
        || tokens.isWord(first, "MERGE")
        || tokens.isWord(first, "WITH") && tokens.mayWrite();
  }

  /** Whether old has the authority of all of them, and its changes are carried to new. */
  private boolean isCompared(List<String> migrations) {
    for (String migration : migrations) {
      MigrationFlags flags = routing.flags().of(migration);
      Watermark watermark = routing.watermarks().get(migration);
      if (flags == null
          || watermark == null
          || !watermark.isKnown()
          || routing.authority(migration) != Side.OLD
          || !isCompared(flags.stage())) {
        return false;
      }
    }
    return true;
  }

  private static boolean isCompared(Stage stage) {
    return switch (stage) {
      case DUAL_WRITE, SHADOW, RAMP -> true;
      case OFF, LIVE, RAMPDOWN, COMPLETE -> false;
    };
  }

  /** In DUAL_WRITE rows are still copied. */
  private boolean isComplete(List<String> migrations) {
    return migrations.stream()
        .map(routing.flags()::of)
        .allMatch(flags -> flags != null && flags.stage() != Stage.DUAL_WRITE);
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
