package dev.crossfade.postgresql.shadow;

import dev.crossfade.core.compare.Budget;
import dev.crossfade.core.compare.DoubtRoom;
import dev.crossfade.core.compare.Verdict;
import dev.crossfade.core.migration.MigrationFlags;
import dev.crossfade.core.migration.ReadShare;
import dev.crossfade.core.migration.Side;
import dev.crossfade.core.mirror.Watermark;
import dev.crossfade.postgresql.plan.Lenses;
import dev.crossfade.postgresql.plan.ReadPlan;
import dev.crossfade.postgresql.plan.Routing;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Compares both sides' answers to reads.
 *
 * <pre>
 * session -> {@link #wants} -> one side answers -> {@link #answered} -> queue -> {@link Lane} of the other side
 *            same: MATCH, SLOW                                                    |
 *            else: {@link Confirmations} -> any other verdict <-------------------'
 * </pre>
 *
 * <p>Sessions wait for nothing here: what finds no place in a queue is shed and counted.
 */
public final class Shadow implements AutoCloseable {
  /** A longer batch is not sampled. */
  public static final int MOST_BATCH_BYTES = 64 << 10;

  /** An answer of more is not asked for again. */
  static final long MOST_ANSWER_BYTES = 16 << 20;

  private static final int MOST_QUERIES = 4_096;

  /** So many differences of one query wait to be confirmed: others are to have their turn. */
  private static final int MOST_DOUBTS = 1_024;

  /** So many of them do not merely wait for the mirror. */
  private static final int MOST_LOOKED_AT = 64;

  private static final long TICK_MILLIS = 100;

  /**
   * @param share of the reads that could be compared
   * @param perSecond of common ones, at most; as many of rare ones come on top
   * @param lanes connections to each side
   * @param deadline of each read that is run again
   * @param control share of the samples that old answers twice
   */
  public record Settings(
      ReadShare share, int perSecond, int lanes, Duration deadline, ReadShare control) {}

  private final Settings settings;
  private final Routing routing;
  private final ShadowMeters meters;
  private final Aside aside;
  private final Comparisons comparisons = new Comparisons();
  private final Map<Side, Lanes> lanes = new EnumMap<>(Side.class);
  private final Confirmations confirmations;
  private final Map<ReadPlan, ComparedQuery> queries = new ConcurrentHashMap<>();
  private final Map<String, DoubtRoom> rooms = new ConcurrentHashMap<>();
  private final Budget common;
  private final Budget rare;
  private final Future<?> ticks;
  private volatile int generation = -1;
  private volatile boolean closed;

  private Shadow(Settings settings, Routing routing, ShadowMeters meters, ShadowTarget target) {
    this.settings = settings;
    this.routing = routing;
    this.meters = meters;
    this.aside = new Aside(meters);
    this.common = new Budget(settings.perSecond());
    this.rare = new Budget(settings.perSecond());
    for (Side side : Side.values()) {
      lanes.put(side, new Lanes(target, side, settings.lanes(), settings.deadline()));
    }
    this.confirmations = new Confirmations(this, routing, target, settings.deadline());
    this.ticks =
        target
            .timer()
            .scheduleWithFixedDelay(this::tick, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
  }

  /** Begins to wait for samples. */
  public static Shadow start(
      Settings settings, Routing routing, ShadowMeters meters, ShadowTarget target) {
    Shadow shadow = new Shadow(settings, routing, meters, target);
    shadow.confirmations.start();
    return shadow;
  }

  private void tick() {
    long now = System.nanoTime();
    lanes.values().forEach(side -> side.check(now));
    confirmations.check(now);
  }

  /** What came of it. */
  public Comparisons comparisons() {
    return comparisons;
  }

  /** Whether a side is not asked for a while. */
  public boolean isOpen(Side side) {
    return of(side).isOpen();
  }

  /** Reads that wait to be run again. */
  public int waiting() {
    return of(Side.OLD).waiting() + of(Side.NEW).waiting();
  }

  /** Differences that wait to be confirmed. */
  public int confirming() {
    return confirmations.waiting();
  }

  private Lanes of(Side side) {
    Lanes found = lanes.get(side);
    if (found == null) {
      throw new IllegalStateException("no lanes to " + side);
    }
    return found;
  }

  /**
   * Whether a read that is about to be asked of one side is to be compared, which has an {@link
   * #authority}. Event loops.
   *
   * @param sql its text
   * @return what is known of its like; null when it is not
   */
  public @Nullable ComparedQuery wants(ReadPlan plan, Side answering, Supplier<byte[]> sql) {
    Lenses lenses = routing.lenses();
    if (closed
        || lenses == null
        || !settings.share().includes(ThreadLocalRandom.current().nextInt(ReadShare.WHOLE))) {
      return null;
    }
    ComparedQuery query = known(plan, lenses, sql);
    if (query == null
        || !query.rules().share().includes(ThreadLocalRandom.current().nextInt(ReadShare.WHOLE))) {
      return null;
    }
    long now = System.nanoTime();
    boolean affordable = query.isRare(now) && rare.take(now) || common.take(now);
    if (!affordable) {
      return null;
    }
    if (!of(answering.other()).tryAcquire()) {
      meters.shed(ShadowMeters.Shed.CIRCUIT);
      return null;
    }
    return query;
  }

  private @Nullable ComparedQuery known(ReadPlan plan, Lenses lenses, Supplier<byte[]> sql) {
    if (generation != lenses.generation()) {
      generation = lenses.generation();
      queries.clear();
      rooms.clear();
    }
    ComparedQuery query = queries.get(plan);
    if (query != null) {
      return query;
    }
    if (queries.size() >= MOST_QUERIES) {
      queries.clear();
    }
    String first = plan.migrations().stream().sorted().findFirst().orElse("");
    DoubtRoom room =
        rooms.computeIfAbsent(first, name -> new DoubtRoom(MOST_DOUBTS, MOST_LOOKED_AT));
    ComparedQuery made = ComparedQuery.of(plan, lenses.rules(first), sql.get(), room);
    queries.put(plan, made);
    return made;
  }

  /**
   * The authority of all that it reads, where both sides are to be the same in that, but for what
   * is on its way; null where they need not be.
   */
  public @Nullable Side authority(ReadPlan plan) {
    Side authority = null;
    for (String migration : plan.migrations()) {
      Side its = routing.authority(migration);
      if (authority != null && its != authority || !isAlike(migration, its)) {
        return null;
      }
      authority = its;
    }
    return authority;
  }

  private boolean isAlike(String migration, Side authority) {
    MigrationFlags flags = routing.flags().of(migration);
    Watermark watermark = routing.watermarks(authority).get(migration);
    if (flags == null || watermark != null && !watermark.isKnown()) {
      return false;
    }
    return switch (flags.stage()) {
      case SHADOW, RAMP, LIVE ->
          // Nobody need keep old up, and then it is what it was when the authority moved.
          authority == Side.OLD ? !routing.unmirrored().contains(migration) : watermark != null;
      case OFF, DUAL_WRITE, RAMPDOWN, COMPLETE -> false;
    };
  }

  /**
   * A client has been answered. Event loops.
   *
   * @param answer null where it is none that can be compared
   */
  void answered(ReadSample sample, @Nullable Answer answer, long bytes, long tookNanos) {
    boolean ofTheMoment = answer instanceof Answer.Failed failed && failed.isOfTheMoment();
    if (answer == null || ofTheMoment || closed) {
      return;
    }
    if (bytes > MOST_ANSWER_BYTES) {
      shed(sample, ShadowMeters.Shed.SIZE);
      return;
    }
    boolean control =
        sample.answering() == sample.authority()
            && settings.control().includes(ThreadLocalRandom.current().nextInt(ReadShare.WHOLE));
    Lanes asked = of(control ? sample.authority() : sample.other());
    boolean placed =
        asked.offer(
            sample,
            (end, other, took) -> {
              if (control) {
                controlled(sample, answer, other);
              } else {
                compare(sample, new Both(answer, other, end, tookNanos, took));
              }
            });
    if (!placed) {
      shed(sample, ShadowMeters.Shed.QUEUE);
    }
  }

  /**
   * @param first the client's
   */
  private record Both(
      Answer first, @Nullable Answer other, Lane.End end, long firstNanos, long otherNanos) {}

  private void shed(ReadSample sample, ShadowMeters.Shed why) {
    meters.shed(why);
    ended(sample.query(), Verdict.UNDECIDED, Counted.FULLY, 0, 0);
  }

  /** The authority has answered twice. Who differs from himself is asked more often. */
  private void controlled(ReadSample sample, Answer first, @Nullable Answer again) {
    if (again != null && !first.equalsByDigest(again)) {
      confirmations.control(sample);
    }
  }

  private void compare(ReadSample sample, Both both) {
    ComparedQuery query = sample.query();
    boolean oldFirst = sample.answering() == Side.OLD;
    if (both.end() == Lane.End.LATE && oldFirst) {
      // It took at least as long as it was given.
      tookLong(sample, both.firstNanos(), both.otherNanos());
    }
    Answer other = both.other();
    boolean ofTheMoment = other instanceof Answer.Failed failed && failed.isOfTheMoment();
    if (other == null || ofTheMoment) {
      ended(query, Verdict.UNDECIDED, Counted.FULLY, 0, 0);
      return;
    }
    // Before it is known what it comes to, or what is counted would not be like all others.
    Counted counted = confirmations.hasRoom(sample) ? query.counted() : Counted.NOT;
    if (counted != Counted.FULLY) {
      meters.shed(ShadowMeters.Shed.CONFIRMATION);
    }
    long onOld = oldFirst ? both.firstNanos() : both.otherNanos();
    long onNew = oldFirst ? both.otherNanos() : both.firstNanos();
    if (both.first().equalsByDigest(other)) {
      tookLong(sample, onOld, onNew);
      Verdict equal = query.isSlow(onOld, onNew) ? Verdict.SLOW : Verdict.MATCH;
      ended(query, equal, counted, onOld, onNew);
    } else if (query.isNoisy(System.nanoTime())) {
      ended(query, Verdict.NOISE, counted, onOld, onNew);
    } else if (!confirmations.doubt(sample, counted, onOld, onNew)) {
      // What had a place until a moment ago.
      ended(query, Verdict.UNCONFIRMED, counted, onOld, onNew);
    }
  }

  private void tookLong(ReadSample sample, long onOld, long onNew) {
    if (sample.query().took(onOld, onNew)) {
      confirmations.measure(sample);
    }
  }

  /**
   * Does what comparisons need on a session's event loop, so that the session never suffers.
   *
   * @return whether nothing went wrong
   */
  public boolean aside(Runnable work) {
    return aside.run(work);
  }

  /** A read could have been compared if it were another one. */
  public void unfit(ShadowMeters.Unfit why) {
    meters.unfit(why);
  }

  /** A comparison has come to its end. */
  void ended(ComparedQuery query, Verdict verdict, Counted counted, long onOld, long onNew) {
    comparisons.add(query, verdict, counted, onOld, onNew);
    meters.ended(query.migration(), counted.ofMigration(verdict));
  }

  /** A side does not answer those who confirm. */
  void lost(Side side) {
    of(side).failed();
  }

  @Override
  public void close() {
    closed = true;
    ticks.cancel(false);
    confirmations.close();
    lanes.values().forEach(Lanes::close);
  }
}
