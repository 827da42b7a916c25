package dev.crossfade.postgresql.shadow;

import dev.crossfade.core.mirror.Watermark;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Delayed;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A sample that somebody has to look at again. The worker's own, but for when it is due. */
final class Doubt implements Delayed {
  /** What is to be found out. */
  enum Kind {
    /** Whether both sides really differ. */
    DIFFERENCE,
    /** Whether old differs from itself. */
    CONTROL,
    /** Whether new is really slower. */
    SPEED
  }

  final ReadSample sample;
  final Kind kind;
  final Counted counted;
  final Instant at = Instant.now();
  final long began = System.nanoTime();
  final long onOld;
  final long onNew;
  volatile long due = began;

  /** What the authority has said first in the look at hand; null between two looks. */
  @Nullable Answer before;

  Map<Watermark, Long> tickets = new HashMap<>();
  int looks;
  int steady;

  /** Whether it waits for the mirror, and no look has found a reason to doubt more. */
  boolean resting;

  boolean decided;

  /** Looks in which the authority has differed from itself with nothing between the two. */
  int selfDiffering;

  /** What both sides said in the steady looks so far. */
  @Nullable Answer lastOld;

  @Nullable Answer lastNew;

  Doubt(ReadSample sample, Kind kind, Counted counted, long onOld, long onNew) {
    this.sample = sample;
    this.kind = kind;
    this.counted = counted;
    this.onOld = onOld;
    this.onNew = onNew;
  }

  int bytes() {
    return bytes(sample);
  }

  /** What a doubt of it takes, about: itself, four digests, tickets. */
  static int bytes(ReadSample sample) {
    return 512 + sample.bytes();
  }

  @Override
  public long getDelay(TimeUnit unit) {
    return unit.convert(due - System.nanoTime(), TimeUnit.NANOSECONDS);
  }

  @Override
  public int compareTo(Delayed other) {
    return Long.signum(due - ((Doubt) other).due);
  }
}
