package dev.crossfade.server.job;

import dev.crossfade.server.store.Evidence;
import dev.crossfade.server.store.JobLeases;
import dev.crossfade.server.store.JobRow;
import dev.crossfade.server.store.JobRow.Counts;
import dev.crossfade.server.store.JobRow.Progress;
import dev.crossfade.server.store.JobRow.Size;
import dev.crossfade.server.store.LensCheckStore;
import dev.crossfade.server.store.LossStore.Loss;
import dev.crossfade.server.store.StoreException;
import dev.crossfade.server.store.VerificationStore.Direction;
import dev.crossfade.server.store.VerificationStore.Found;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How far a job has come, and when the store hears of it. Of the job's thread alone. Where the
 * store does not answer the job goes on; its lease says for how long.
 */
final class Ledger {
  private static final Logger LOG = LoggerFactory.getLogger(Ledger.class);
  private static final long WRITE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
  private static final long SAMPLE_NANOS = TimeUnit.MILLISECONDS.toNanos(250);
  private static final long WINDOW_NANOS = TimeUnit.SECONDS.toNanos(10);
  private static final double NANOS = 1e9;

  private final JobLeases leases;
  private final Evidence evidence;
  private final JobRow job;
  private final Halt halt;
  private final Deque<Sample> samples = new ArrayDeque<>();
  private JobRow.Pass pass;
  private Progress progress;
  private String waits = "";
  private String slow = "";
  private boolean begun;
  private long writtenAt;

  /** So much was done then. */
  private record Sample(long nanos, long done) {}

  Ledger(JobLeases leases, Evidence evidence, JobRow job, Halt halt) {
    this.leases = leases;
    this.evidence = evidence;
    this.job = job;
    this.halt = halt;
    this.pass = job.pass();
    this.progress = job.progress();
    this.writtenAt = System.nanoTime() - WRITE_NANOS;
  }

  Progress progress() {
    return progress;
  }

  /** Whether it has yet to begin at the beginning. */
  boolean isToBeginAgain() {
    return job.settings().again() && !begun;
  }

  /** What is there from here on is not to be thrown away. */
  void begins() {
    if (isToBeginAgain()) {
      begun = true;
      write();
    }
  }

  /**
   * Goes on with the pass that is under way, or begins one if none is, or it went another way.
   *
   * @return false when the job is somebody else's
   */
  boolean pass(Direction direction) throws StoreException {
    if (pass.beganAt() != null
        && pass.authority() == direction.authority()
        && pass.epoch() == direction.epoch()) {
      return true;
    }
    return now(evidence.verifications().begin(job, direction));
  }

  /** To be asked when {@link #pass} was true. */
  Instant passBegan() {
    return Objects.requireNonNull(pass.beganAt(), "no pass is under way");
  }

  /**
   * The pass that is under way has come to its end.
   *
   * @param isBackfilled whether no backfill had stopped before its end
   * @return false when the job is somebody else's
   */
  boolean passed(boolean isBackfilled) throws StoreException {
    write();
    Counts counts = progress.counts();
    return now(
        evidence
            .verifications()
            .end(
                job,
                new Found(
                    progress.size().done(),
                    counts.drifted() - counts.repaired(),
                    counts.restless(),
                    progress.examples()),
                isBackfilled));
  }

  /**
   * As {@link #passed}, where it was counted what a way back would lose.
   *
   * @return false when the job is somebody else's
   */
  boolean measured() throws StoreException {
    write();
    Counts counts = progress.counts();
    return now(
        evidence
            .losses()
            .end(
                job,
                new Loss(
                    progress.size().done(),
                    counts.drifted(),
                    counts.restless(),
                    progress.examples())));
  }

  /**
   * As {@link #passed}, where the lens was checked.
   *
   * @param fileHash which lens
   * @return false when the job is somebody else's
   */
  boolean checked(String fileHash, LensCheckStore.Found found) throws StoreException {
    write();
    return now(evidence.lensChecks().end(job, fileHash, found));
  }

  private boolean now(Optional<JobRow> row) {
    if (row.isEmpty()) {
      halt.ask();
      return false;
    }
    pass = row.get().pass();
    progress = row.get().progress();
    samples.clear();
    return true;
  }

  /** It gets on, but more slowly than it could, because of this; empty when it does not. */
  void slow(String why) {
    boolean isNew = slow.isEmpty() != why.isEmpty();
    slow = why;
    if (isNew || (!why.isEmpty() && System.nanoTime() - writtenAt >= WRITE_NANOS)) {
      write();
    }
  }

  /** It gets on: so far. The store hears of it soon. */
  void reached(Progress next) {
    progress = next;
    waits = "";
    long now = System.nanoTime();
    Sample last = samples.peekLast();
    if (last == null || now - last.nanos() >= SAMPLE_NANOS) {
      samples.add(new Sample(now, next.size().done()));
    }
    if (now - writtenAt >= WRITE_NANOS) {
      write();
    }
  }

  /**
   * It does not get on, because of this.
   *
   * @return false when it is to stop
   */
  boolean waits(String why) {
    boolean isNew = waits.isEmpty();
    waits = why;
    if (isNew || System.nanoTime() - writtenAt >= WRITE_NANOS) {
      write();
    }
    return !halt.isAsked();
  }

  /** Writes it now. */
  void write() {
    writtenAt = System.nanoTime();
    Size size = progress.size();
    progress =
        new Progress(
            progress.step(),
            new Size(size.done(), size.total(), rate(size.done())),
            progress.counts(),
            progress.examples(),
            progress.place());
    try {
      if (!leases.note(job, progress, waits.isEmpty() ? slow : waits, begun)) {
        halt.ask();
      }
    } catch (StoreException e) {
      LOG.atDebug().setCause(e).addKeyValue("job", job.id()).log("Progress was not written");
    }
  }

  private double rate(long done) {
    long now = System.nanoTime();
    while (samples.size() > 1 && now - samples.getFirst().nanos() > WINDOW_NANOS) {
      samples.removeFirst();
    }
    Sample first = samples.peekFirst();
    return first == null || now - first.nanos() < SAMPLE_NANOS
        ? 0
        : Math.max(0, done - first.done()) * NANOS / (now - first.nanos());
  }
}
