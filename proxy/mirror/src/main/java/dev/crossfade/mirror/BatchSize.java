package dev.crossfade.mirror;

/**
 * How many entities are taken at a time: as many as their images fit into the memory that is meant
 * for them. What is too large is tried again in smaller batches, which then grow again.
 */
final class BatchSize {
  private final int most;
  private int now;

  BatchSize(int most) {
    this.most = most;
    this.now = most;
  }

  int now() {
    return now;
  }

  void carried() {
    now = Math.min(most, now * 2);
  }

  void tooLarge() {
    now = Math.max(1, now / 8);
  }
}
