package dev.crossfade.postgresql.session;

import dev.crossfade.core.migration.Side;
import dev.crossfade.core.route.RouteReason;
import dev.crossfade.postgresql.inventory.QueryTally;
import dev.crossfade.postgresql.inventory.Tally;
import dev.crossfade.postgresql.session.Naming.Closed;
import dev.crossfade.postgresql.session.Naming.Parsed;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A batch that was sent to old, until its ReadyForQuery. */
final class Exchange {
  static final int NO_ERROR = -1;

  private final long startNanos;
  private final boolean extended;
  private final boolean routable;
  private final String migration;
  private @Nullable SessionEffect effect;
  private @Nullable SessionEffect bound;
  private @Nullable Tally tally;
  private @Nullable ArrayDeque<Naming> namings;
  private int parsesToSwallow;
  private boolean syncEaten;
  private boolean failed;
  private int errorClass = NO_ERROR;
  private boolean committed;
  private boolean saysCommitted;
  private boolean saysRolledBack;
  private boolean saysOther;
  private boolean silent;
  private boolean unseen;
  private boolean mayBeFenced;
  private Said said = Said.SOMETHING;
  private boolean opening;
  private boolean onlySync;
  private boolean copyEnded;
  private int closesToPause;

  Exchange(long startNanos, boolean extended, ExchangePlan.Forward plan) {
    this.startNanos = startNanos;
    this.extended = extended;
    this.routable = plan.reason().isRoutable();
    this.migration = plan.concerned();
    this.effect = plan.effect();
    this.tally = plan.tally();
    this.parsesToSwallow = plan.missing() == null ? 0 : 1;
    if (plan.namings() != null) {
      this.namings = new ArrayDeque<>(plan.namings().length);
      Collections.addAll(this.namings, plan.namings());
    }
  }

  /** Something that the sidecar itself asks: whatever goes wrong with it concerns no client. */
  static Exchange silent(long startNanos) {
    Exchange exchange =
        new Exchange(startNanos, false, ExchangePlan.Forward.plain(RouteReason.UNMAPPED, ""));
    exchange.silent = true;
    return exchange;
  }

  /**
   * The sidecar's own, of which the client sees nothing, not even its end.
   *
   * @param effect on the session when it succeeds
   */
  static Exchange unseen(@Nullable SessionEffect effect, Said said) {
    Exchange exchange =
        new Exchange(
            System.nanoTime(),
            false,
            new ExchangePlan.Forward(RouteReason.UNMAPPED, "", null, null, effect));
    exchange.silent = true;
    exchange.unseen = true;
    exchange.said = said;
    return exchange;
  }

  boolean isUnseen() {
    return unseen;
  }

  /** It may write tables that have a fence. */
  void fenced() {
    mayBeFenced = true;
  }

  boolean mayBeFenced() {
    return mayBeFenced;
  }

  /** What it does to the client's transaction. */
  Said said() {
    return said;
  }

  void says(Said what) {
    said = what;
  }

  /** What goes wrong from now on concerns no client. */
  void silence() {
    silent = true;
  }

  /**
   * Old stops within the batch: after so many CloseCompletes, of which the last is not the
   * client's, or after an error.
   */
  void pausesAfter(int closes) {
    closesToPause = closes;
  }

  /** Whether old stops, and is to be told to go on, in this batch. */
  boolean pauses() {
    return closesToPause > 0;
  }

  /** Takes one CloseComplete; true when it is the one at which old has stopped. */
  boolean pausesNow() {
    return closesToPause > 0 && --closesToPause == 0;
  }

  boolean isSilent() {
    return silent;
  }

  long startNanos() {
    return startNanos;
  }

  boolean isExtended() {
    return extended;
  }

  /** Frames after the first ones bind a statement that is counted here. */
  void tally(@Nullable QueryTally next) {
    tally = Tally.and(tally, next);
  }

  /** Old has answered it whole. */
  void count(SessionMeters meters, long nowNanos) {
    meters.answered(migration, Side.OLD, routable, nowNanos - startNanos);
    if (errorClass != NO_ERROR) {
      meters.erred(migration, Side.OLD, errorClass);
      if (tally != null) {
        tally.erred(Side.OLD, errorClass);
      }
    }
    if (tally != null) {
      tally.answered(Side.OLD, nowNanos - startNanos, nowNanos);
    }
  }

  /** Old's own error is the client's answer; of several the first one counts. */
  void erred(int itsClass) {
    errorClass = errorClass == NO_ERROR ? itsClass : errorClass;
  }

  @Nullable SessionEffect effect() {
    return effect;
  }

  /** Frames after the first ones bind a statement with this effect. */
  void bound(SessionEffect itsEffect) {
    bound = bound == null ? itsEffect : new SessionEffect.Pin();
  }

  /** Frames after the first ones execute what was bound. */
  void executed() {
    if (bound != null) {
      effect = effect == null ? bound : new SessionEffect.Pin();
      bound = null;
    }
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

  /** A command tag says that a transaction was rolled back. */
  void rolledBack() {
    saysRolledBack = true;
  }

  /**
   * Something of it was done.
   *
   * @param maybeCommitted whether its command tag may say that a transaction was committed
   */
  void done(boolean maybeCommitted) {
    saysOther = true;
    saysCommitted |= maybeCommitted;
  }

  /** Whether a transaction that has ended with it has certainly left nothing. */
  boolean isUndone() {
    return failed ? !saysCommitted : saysRolledBack && !saysOther;
  }

  /** Takes one ParseComplete; true when the client did not ask for it. */
  boolean swallowsParse() {
    if (parsesToSwallow == 0) {
      return false;
    }
    parsesToSwallow--;
    return true;
  }

  /** The client sent a further Parse or Close frame in this batch. */
  void naming(Naming naming) {
    if (namings == null) {
      namings = new ArrayDeque<>();
    }
    namings.add(naming);
  }

  /** What the next ParseComplete of the client's own Parse frames means; null when nothing. */
  @Nullable Parsed nextParsed() {
    return namings != null && namings.poll() instanceof Parsed parsed ? parsed : null;
  }

  /** What the next CloseComplete of the client's own Close frames means; null when nothing. */
  @Nullable Closed nextClosed() {
    return namings != null && namings.poll() instanceof Closed closed ? closed : null;
  }

  /** What becomes of this name when the server gets so far; null: nothing. */
  @Nullable Naming pending(String name) {
    if (namings != null) {
      for (var newest = namings.descendingIterator(); newest.hasNext(); ) {
        Naming naming = newest.next();
        if (name.equals(naming.name())) {
          return naming;
        }
      }
    }
    return null;
  }

  boolean hasPending() {
    return namings != null && !namings.isEmpty();
  }

  /** What is still to be confirmed, in order. */
  Collection<Naming> pending() {
    return namings == null ? List.of() : namings;
  }

  /** The rest of the client's batch follows as one of its own, unless this fails. */
  void opening() {
    opening = true;
  }

  /** Whether the client has sent no Sync that this answers. */
  boolean isOpening() {
    return opening;
  }

  /** In copy-in mode the server ignores the Sync that ended this batch: the next one ends it. */
  void copyInStarted() {
    syncEaten = extended;
  }

  /** The client has sent the end of the copy data, perhaps before the server asked for any. */
  void copyEnded() {
    copyEnded = true;
  }

  boolean hasCopyEnded() {
    return copyEnded;
  }

  /** Whether the Sync that ends the copy is on its way already, as an exchange of its own. */
  boolean isOnlySync() {
    return onlySync;
  }

  void onlySync() {
    onlySync = true;
  }

  /** Whether the Sync at hand ends this exchange instead of one of its own. */
  boolean takesSync() {
    boolean takes = syncEaten;
    syncEaten = false;
    return takes;
  }
}
