package dev.crossfade.postgresql.shadow;

import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Work that only comparisons need, on the event loop of a client's session: what goes wrong in it
 * is counted, told once, and not the client's. Any thread.
 */
final class Aside {
  private static final Logger LOG = LoggerFactory.getLogger(Aside.class);

  private final ShadowMeters meters;
  private final AtomicBoolean told = new AtomicBoolean();

  Aside(ShadowMeters meters) {
    this.meters = meters;
  }

  /** Whether it came to its end. */
  boolean run(Runnable work) {
    try {
      work.run();
      return true;
    } catch (RuntimeException e) {
      meters.shed(ShadowMeters.Shed.FAILURE);
      if (told.compareAndSet(false, true)) {
        LOG.atError().setCause(e).log("A read could not be compared; further ones are counted");
      }
      return false;
    }
  }
}
