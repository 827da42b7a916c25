package dev.crossfade.server.grpc;

import dev.crossfade.server.store.QueryRow.Page;
import dev.crossfade.server.store.QueryStore;
import dev.crossfade.server.store.StoreException;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stores the sidecars' pages, off their streams. Bounded: a page that finds no place, or a database
 * that does not answer, is not acked, and its sidecar sends it again.
 */
final class InventoryWriter {
  private static final Logger LOG = LoggerFactory.getLogger(InventoryWriter.class);
  private static final int WAITING_MAX = 256;
  private static final int AT_ONCE_MAX = 3;

  private final QueryStore store;
  private final Semaphore places = new Semaphore(WAITING_MAX);
  private final Semaphore atOnce = new Semaphore(AT_ONCE_MAX);
  private volatile boolean failing;

  InventoryWriter(QueryStore store) {
    this.store = store;
  }

  /**
   * @param stored run on another thread when the page is stored
   */
  void add(Page page, Runnable stored) {
    if (!places.tryAcquire()) {
      return;
    }
    Thread.ofVirtual()
        .name("inventory")
        .start(
            () -> {
              try {
                write(page, stored);
              } finally {
                places.release();
              }
            });
  }

  private void write(Page page, Runnable stored) {
    atOnce.acquireUninterruptibly();
    try {
      store.add(page);
      failing = false;
    } catch (StoreException e) {
      if (!failing) {
        failing = true;
        LOG.atWarn().setCause(e).log("The inventory of statements is not up to date");
      }
      return;
    } finally {
      atOnce.release();
    }
    stored.run();
  }

  void forget() {
    try {
      store.forgetLongUnseen();
    } catch (StoreException e) {
      LOG.atDebug().setCause(e).log("Statements not seen for long are forgotten later");
    }
  }
}
