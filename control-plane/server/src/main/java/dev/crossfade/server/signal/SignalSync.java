package dev.crossfade.server.signal;

import dev.crossfade.server.store.SignalRow;
import dev.crossfade.server.store.SignalStore;
import dev.crossfade.server.store.StoreException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells other replicas what came here, and learns what came there. A process writes what it has
 * counted since it began, whole and under a name that no other process has: so a write that comes
 * twice, or of which nobody knows whether it came, changes nothing.
 *
 * <p>Whoever has not written for an hour is taken for gone, and what it had written is added to
 * what all have who are gone. A process that could not write for half of that takes another name.
 */
final class SignalSync {
  private static final Logger LOG = LoggerFactory.getLogger(SignalSync.class);
  private static final Duration RENAME_AFTER = Duration.ofMinutes(30);
  private static final Duration SIGN_OF_LIFE = Duration.ofMinutes(5);
  private static final Duration LAST_MAX = Duration.ofSeconds(3);
  private static final int QUERIES_EVERY = 10;
  private static final int ADD_UP_EVERY = 600;

  private final SignalStore store;
  private final Function<String, Observed> of;
  private final Supplier<Collection<Observed>> all;
  private final InstantSource clock;
  private final AtomicLong failures = new AtomicLong();
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("signal-sync").factory());
  private String replica = UUID.randomUUID().toString();
  private Instant writtenAt;
  private Instant lifeAt;
  private boolean whole = true;
  private boolean failing;
  private long round;

  /**
   * @param of one migration, which may be new
   * @param all of which something is known
   */
  SignalSync(
      SignalStore store,
      Function<String, Observed> of,
      Supplier<Collection<Observed>> all,
      InstantSource clock) {
    this.store = store;
    this.of = of;
    this.all = all;
    this.clock = clock;
    this.writtenAt = clock.instant();
    this.lifeAt = writtenAt;
  }

  void start() throws StoreException {
    store.addUpGone(replica, SignalSync::sum, SignalSync::sum);
    read();
    readQueries();
    thread.scheduleWithFixedDelay(this::round, 1, 1, TimeUnit.SECONDS);
  }

  long failures() {
    return failures.get();
  }

  private void round() {
    round++;
    try {
      if (Duration.between(writtenAt, clock.instant()).compareTo(RENAME_AFTER) > 0) {
        rename();
      }
      write();
      read();
      if (round % QUERIES_EVERY == 0) {
        writeQueries();
        readQueries();
      }
      if (round % ADD_UP_EVERY == 0) {
        store.addUpGone(replica, SignalSync::sum, SignalSync::sum);
      }
      failing = false;
    } catch (StoreException e) {
      failures.incrementAndGet();
      if (!failing) {
        failing = true;
        LOG.atWarn()
            .addKeyValue("reason", e.getMessage())
            .log("Signals are not shared with other replicas now");
      }
    } catch (RuntimeException e) {
      failures.incrementAndGet();
      LOG.atError().setCause(e).log("Sharing signals failed");
    }
  }

  private void rename() {
    replica = UUID.randomUUID().toString();
    all.get().forEach(Observed::becomeAnother);
    writtenAt = clock.instant();
  }

  private void write() throws StoreException {
    Instant now = clock.instant();
    boolean life = Duration.between(lifeAt, now).compareTo(SIGN_OF_LIFE) > 0;
    List<SignalRow> rows = new ArrayList<>();
    for (Observed observed : all.get()) {
      observed.toWrite(replica, System.nanoTime(), life).ifPresent(rows::add);
    }
    try {
      store.put(replica, rows);
    } catch (StoreException e) {
      all.get().forEach(Observed::notWritten);
      throw e;
    }
    if (!rows.isEmpty() || life) {
      // Without rows nothing of this process is there that others could add up.
      writtenAt = now;
    }
    lifeAt = life ? now : lifeAt;
  }

  private void read() throws StoreException {
    Map<String, List<SignalRow>> rows =
        store.others(replica, whole).stream().collect(Collectors.groupingBy(SignalRow::migration));
    whole = false;
    Set<Observed> concerned = new HashSet<>(all.get());
    rows.keySet().forEach(migration -> concerned.add(of.apply(migration)));
    for (Observed observed : concerned) {
      whole |= !observed.others(rows.getOrDefault(observed.migration(), List.of()));
    }
  }

  private void writeQueries() throws StoreException {
    List<SignalRow.QueryRow> rows = new ArrayList<>();
    for (Observed observed : all.get()) {
      rows.addAll(observed.queriesToWrite(replica));
    }
    try {
      store.putQueries(replica, rows);
    } catch (StoreException e) {
      all.get().forEach(Observed::queriesNotWritten);
      throw e;
    }
  }

  private void readQueries() throws StoreException {
    Map<String, List<SignalRow.QueryRow>> rows =
        store.otherQueries(replica).stream()
            .collect(Collectors.groupingBy(SignalRow.QueryRow::migration));
    rows.forEach((migration, queries) -> of.apply(migration).otherQueries(queries));
  }

  private static SignalRow sum(SignalRow one, SignalRow other) {
    Sums sum = StoredSums.read(one);
    sum.add(StoredSums.read(other));
    Instant at =
        one.reportedAt().isAfter(other.reportedAt()) ? one.reportedAt() : other.reportedAt();
    return new SignalRow(
        one.migration(),
        "",
        sum.write().toByteArray(),
        new SignalRow.Reads(sum.reads(), sum.readsOnNew()),
        new SignalRow.Fleet(0, 0),
        new SignalRow.Gauge(-1, -1, -1),
        at,
        false);
  }

  private static SignalRow.QueryRow sum(SignalRow.QueryRow one, SignalRow.QueryRow other) {
    Sums sum = StoredSums.read(one.totals());
    sum.add(StoredSums.read(other.totals()));
    return new SignalRow.QueryRow(
        one.migration(), "", one.query(), one.text(), sum.write().toByteArray());
  }

  /** Writes a last time, within a bound. */
  void close() {
    thread.execute(this::last);
    thread.shutdown();
    try {
      if (!thread.awaitTermination(LAST_MAX.toMillis(), TimeUnit.MILLISECONDS)) {
        thread.shutdownNow();
      }
    } catch (InterruptedException e) {
      thread.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }

  private void last() {
    try {
      write();
      writeQueries();
    } catch (StoreException e) {
      LOG.atWarn().addKeyValue("reason", e.getMessage()).log("The last signals are lost");
    }
  }
}
