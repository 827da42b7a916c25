package dev.crossfade.bench.rollout.workload;

/** A workload cannot be replayed. The message says where and what would be right. */
public final class WorkloadException extends Exception {
  private static final long serialVersionUID = 1;

  public WorkloadException(String message) {
    super(message);
  }
}
