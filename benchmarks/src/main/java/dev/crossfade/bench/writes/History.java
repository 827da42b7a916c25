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

  /**
   * @param shard of its session
   * @param committed or rolled back
   */
  record Transaction(int shard, List<Step> steps, boolean committed) {
    Transaction {
      steps = List.copyOf(steps);
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
