package dev.crossfade.postgresql.session;

import dev.crossfade.core.migration.MigrationFlags;
import dev.crossfade.core.migration.Side;
import dev.crossfade.core.migration.WriteAck;
import dev.crossfade.core.mirror.Watermark;
import dev.crossfade.postgresql.plan.Routing;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Waits until what a session has committed is on the other side as well, where the migration's ack
 * asks for that, and for no longer than the limit. Whoever is behind further than that is not
 * waited for again until that has arrived.
 */
final class MirroredAck {
  private final ClientSession session;
  private final Side authority;
  private final Set<String> written = new HashSet<>();

  /** Of the wait at hand; another one makes what comes late of this one pass unheard. */
  private long number;

  /** Migrations whose other side is waited for. */
  private final Set<String> open = new HashSet<>();

  private long began;
  private @Nullable Runnable then;

  /**
   * @param authority whose writes it is about
   */
  MirroredAck(ClientSession session, Side authority) {
    this.session = session;
    this.authority = authority;
  }

  /** A statement that may write tables of a migration goes to the authority. */
  void wrote(String migration) {
    Routing routing = session.context().routing();
    MigrationFlags flags = routing.flags().of(migration);
    if (flags != null
        && flags.consistency().ack() == WriteAck.MIRRORED
        && routing.authority(migration) == authority) {
      written.add(migration);
    }
  }

  /** Whether an end of a transaction is to be waited for. */
  boolean asks() {
    return !written.isEmpty();
  }

  /** Nothing was written after all. */
  void forget() {
    written.clear();
  }

  boolean isWaiting() {
    return then != null;
  }

  /**
   * What was written is committed, and its client is still to hear of it.
   *
   * @param action run on the session's loop, later, when the client may hear of it
   * @return false when it may at once; then the action is not run
   */
  boolean await(Runnable action) {
    // What was waited for until now is older: it arrives before this.
    number++;
    open.clear();
    for (String migration : written) {
      Watermark watermark = watermark(migration);
      if (watermark == null || !watermark.isOnTime()) {
        session.context().meters().acknowledged(migration, true, 0);
      } else {
        open.add(migration);
        await(migration, watermark, watermark.ticket(), number);
      }
    }
    if (open.isEmpty()) {
      then = null;
      return false;
    }
    if (then == null) {
      began = System.nanoTime();
    }
    then = action;
    return true;
  }

  private @Nullable Watermark watermark(String migration) {
    Map<String, Watermark> watermarks =
        authority == Side.OLD
            ? session.context().routing().watermarks()
            : session.context().routing().watermarksOfNew();
    return watermarks.get(migration);
  }

  private void await(String migration, Watermark watermark, long ticket, long wait) {
    Future<?> timer =
        session.later(
            session.context().limits().ackTimeout().toNanos(),
            () -> {
              if (wait == number && !watermark.hasArrived(ticket)) {
                watermark.late(ticket);
                passed(migration, true, wait);
              }
            });
    watermark.whenArrived(
        ticket,
        () ->
            session
                .client()
                .eventLoop()
                .execute(
                    () -> {
                      timer.cancel(false);
                      passed(migration, !watermark.hasArrived(ticket), wait);
                    }));
    watermark.hurry();
  }

  private void passed(String migration, boolean late, long wait) {
    if (wait != number || session.isClosed() || !open.remove(migration)) {
      return;
    }
    session.context().meters().acknowledged(migration, late, System.nanoTime() - began);
    Runnable action = then;
    if (open.isEmpty() && action != null) {
      then = null;
      action.run();
    }
  }
}
