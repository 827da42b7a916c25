package dev.crossfade.postgresql.parity;

import dev.crossfade.core.mirror.Watermark;
import dev.crossfade.postgresql.parity.Judgement.Difference;
import dev.crossfade.sql.parse.Fingerprint;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Delayed;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A sample on its way. The worker's own, but for when it is due. */
final class Pending implements Delayed {
  final WriteSample sample;
  final Outcome old;
  final long began = System.nanoTime();
  volatile long due = began;
  @Nullable Statement statement;
  Map<Watermark, Long> tickets = Map.of();
  @Nullable Outcome before;
  @Nullable Difference difference;
  int looks;
  int tries;

  /** What it was the last one to confirm; null for what is looked at for the first time. */
  @Nullable Finding confirmed;

  Pending(WriteSample sample, Outcome old) {
    this.sample = sample;
    this.old = old;
  }

  @Override
  public long getDelay(TimeUnit unit) {
    return unit.convert(due - System.nanoTime(), TimeUnit.NANOSECONDS);
  }

  @Override
  public int compareTo(Delayed other) {
    return Long.signum(due - ((Pending) other).due);
  }

  /**
   * What a sample's text says.
   *
   * @param migrations whose tables it names; at least one
   */
  record Statement(Fingerprint fingerprint, WriteForm form, List<String> migrations) {
    String migration() {
      return migrations.getFirst();
    }
  }
}
