package dev.crossfade.bench.writes;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/** The transactions of all sessions in the order in which they ended. */
final class History {
  private final ReentrantLock lock = new ReentrantLock();
  private final List<Transaction> transactions = new ArrayList<>();
  private int retries;

  /** How a transaction ended. */
  enum End {
    COMMITTED,
    ROLLED_BACK,
    /**
     * By the failure of its last statement. The server lets go of its rows at once, so that others
     * may change them and commit before the client ends it.
     */
    BROKEN
  }

  /**
   * @param shard of its session
   */
  record Transaction(int shard, List<Step> steps, End end) {
    Transaction {
      steps = List.copyOf(steps);
    }

    boolean committed() {
      return end == End.COMMITTED;
    }

    /** Whether what a step of it found has one place in the order of ends. */
    boolean hasPlace(Step step) {
      return step.hasPlace() && !(end == End.BROKEN && step.draft().hot());
    }
  }

  /** Ends the transaction that is open on a link; no other ends meanwhile. */
  void end(Link link, Transaction transaction) throws IOException {
    lock.lock();
    try {
      link.must(transaction.committed() ? "COMMIT" : "ROLLBACK");
      transactions.add(transaction);
    } finally {
      lock.unlock();
    }
  }

  void retried() {
    lock.lock();
    try {
      retries++;
    } finally {
      lock.unlock();
    }
  }

  List<Transaction> transactions() {
    lock.lock();
    try {
      return List.copyOf(transactions);
    } finally {
      lock.unlock();
    }
  }

  int retries() {
    lock.lock();
    try {
      return retries;
    } finally {
      lock.unlock();
    }
  }
}
