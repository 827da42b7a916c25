package dev.crossfade.postgresql.session;

import dev.crossfade.postgresql.session.ExchangePlan.Parsed;
import java.util.ArrayDeque;
import java.util.Collections;
import org.jspecify.annotations.Nullable;

/** A batch that was sent to old, until its ReadyForQuery. */
final class Exchange {
  private final long startNanos;
  private final boolean extended;
  private final boolean routable;
  private final @Nullable SessionEffect effect;
  private @Nullable ArrayDeque<Parsed> parses;
  private int parsesToSwallow;
  private boolean syncEaten;
  private boolean failed;
  private boolean committed;

  Exchange(long startNanos, boolean extended, ExchangePlan.Forward plan) {
    this.startNanos = startNanos;
    this.extended = extended;
    this.routable = plan.reason().isRoutable();
    this.effect = plan.effect();
    this.parsesToSwallow = plan.missing() == null ? 0 : 1;
    if (plan.parses() != null) {
      this.parses = new ArrayDeque<>(plan.parses().length);
      Collections.addAll(this.parses, plan.parses());
    }
  }

  long startNanos() {
    return startNanos;
  }

  /** Whether it is a read that new could have answered as well. */
  boolean routable() {
    return routable;
  }

  @Nullable SessionEffect effect() {
    return effect;
  }

  boolean failed() {
    return failed;
  }

  void fail() {
    failed = true;
  }

  boolean committed() {
    return committed;
  }

  void commit() {
    committed = true;
  }

  /** Takes one ParseComplete; true when the client did not ask for it. */
  boolean swallowsParse() {
    if (parsesToSwallow == 0) {
      return false;
    }
    parsesToSwallow--;
    return true;
  }

  /** The client sent a further Parse frame in this batch. */
  void parsing(Parsed parsed) {
    if (parses == null) {
      parses = new ArrayDeque<>();
    }
    parses.add(parsed);
  }

  /** What the next ParseComplete of the client's own Parse frames means; null when nothing. */
  @Nullable Parsed nextParsed() {
    return parses == null ? null : parses.poll();
  }

  /** In copy-in mode the server ignores the Sync that ended this batch: the next one ends it. */
  void copyInStarted() {
    syncEaten = extended;
  }

  /** Whether the Sync at hand ends this exchange instead of one of its own. */
  boolean takesSync() {
    boolean takes = syncEaten;
    syncEaten = false;
    return takes;
  }
}
