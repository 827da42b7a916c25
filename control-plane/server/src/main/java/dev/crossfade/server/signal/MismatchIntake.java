package dev.crossfade.server.signal;

import dev.crossfade.api.v1.Mismatch;
import dev.crossfade.server.store.MismatchRow;
import dev.crossfade.server.store.MismatchStore;
import dev.crossfade.server.store.StoreException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stores samples of mismatches, each second what came in it. Bounded; what finds no place, or
 * cannot be written, is lost: the totals count it all the same.
 */
final class MismatchIntake {
  private static final Logger LOG = LoggerFactory.getLogger(MismatchIntake.class);
  private static final int WAITING_MAX = 1_000;
  private static final Duration LAST_MAX = Duration.ofSeconds(3);

  private final MismatchStore store;
  private final Map<MismatchRow.Key, MismatchRow> waiting = new HashMap<>();
  private final AtomicLong failures = new AtomicLong();
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("mismatches").factory());
  private boolean failing;

  MismatchIntake(MismatchStore store) {
    this.store = store;
  }

  void start() {
    thread.scheduleWithFixedDelay(this::write, 1, 1, TimeUnit.SECONDS);
  }

  long failures() {
    return failures.get();
  }

  void add(Mismatch mismatch) {
    Instant at = Instant.ofEpochSecond(mismatch.getAt().getSeconds(), mismatch.getAt().getNanos());
    MismatchRow.Key key =
        new MismatchRow.Key(
            mismatch.getMigration(),
            mismatch.getQuery(),
            Verdicts.read(mismatch.getVerdict()).orElseThrow().name(),
            columns(mismatch.getColumnsList()));
    MismatchRow row = new MismatchRow(key, mismatch.toByteArray(), 1, at, at);
    synchronized (waiting) {
      if (waiting.size() < WAITING_MAX || waiting.containsKey(key)) {
        waiting.merge(key, row, MismatchRow::plus);
      }
    }
  }

  /** Their order says nothing. */
  private static String columns(List<String> names) {
    String text = String.join("\n", names.stream().sorted().toList());
    return UUID.nameUUIDFromBytes(text.getBytes(StandardCharsets.UTF_8)).toString();
  }

  private void write() {
    List<MismatchRow> rows;
    synchronized (waiting) {
      rows = new ArrayList<>(waiting.values());
      waiting.clear();
    }
    try {
      store.add(rows);
      failing = false;
    } catch (StoreException e) {
      failures.incrementAndGet();
      if (!failing) {
        failing = true;
        LOG.atWarn()
            .addKeyValue("reason", e.getMessage())
            .log("Samples of mismatches are not kept now");
      }
    }
  }

  void close() {
    thread.execute(this::write);
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
}
