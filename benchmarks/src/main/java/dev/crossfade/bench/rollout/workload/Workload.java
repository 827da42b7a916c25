package dev.crossfade.bench.rollout.workload;

import java.util.List;

/** Transactions without end, the same for the same number. For any number of threads. */
public interface Workload {
  /** Where it is from, for people. */
  String source();

  /** All statements, in the order of their numbers. */
  List<Statement> statements();

  /**
   * One transaction.
   *
   * @param number from 0
   * @return its statements in their order, BEGIN and COMMIT among them where there are several
   */
  List<Call> transaction(long number);

  /** The share of the executions that it stands for which it replays, 0 to 1. */
  double coverage();

  /** What people should know of it, a sentence each. */
  List<String> remarks();

  /** Whether any of its statements may change data. */
  boolean writes();
}
