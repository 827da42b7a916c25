package dev.crossfade.core.migration;

/** What a migration promises to clients about its two sides. */
public record Consistency(ReadFreshness freshness, WriteAck ack) {
  public static final Consistency USUAL =
      new Consistency(ReadFreshness.READ_YOUR_WRITES, WriteAck.ASYNC);
}
