package dev.crossfade.postgresql.session;

import dev.crossfade.postgresql.plan.Routing;
import io.netty.channel.ChannelHandlerContext;
import org.jspecify.annotations.Nullable;

/**
 * Lets what goes to old come past {@link StatementCapture} from the first batch on that is sent
 * when tables are watched. A session that has none of it pays a look at a flag for each batch.
 */
final class CaptureGate {
  private final ClientSession session;
  private final OldSide old;
  private @Nullable StatementCapture capture;

  CaptureGate(ClientSession session, OldSide old) {
    this.session = session;
    this.old = old;
  }

  private boolean isToBegin() {
    return capture == null && session.context().routing().capturesStatements();
  }

  /** Whether old has to answer what it was sent before the next batch can log what it changes. */
  boolean isWaiting() {
    return isToBegin() && !old.isIdle();
  }

  /**
   * A batch is about to be sent.
   *
   * @param between old owes nothing, and has begun no frame
   */
  void sends(boolean between) {
    Routing routing = session.context().routing();
    routing.sendsToOld();
    ChannelHandlerContext place = isToBegin() ? session.old().pipeline().context(old) : null;
    if (place == null) {
      return;
    }
    if (between) {
      capture = StatementCapture.begin(session, place);
    } else {
      session.distrust("old has not ended what it says when changes begin to be logged");
    }
  }

  /** Whether what is sent leaves. */
  boolean takesMore() {
    int limit = session.context().limits().batchBytes();
    return session.old().isWritable() && (capture == null || capture.waiting() < limit);
  }

  /** The client wants what waits to be sent to end; false when nothing does. */
  boolean cancel() {
    return capture != null && capture.cancel();
  }

  void release() {
    if (capture != null) {
      capture.release();
    }
  }
}
