package dev.crossfade.core.migration;

import java.util.Locale;

/** When a client hears that its write is committed. */
public enum WriteAck {
  /** When the authority has committed it. */
  ASYNC,
  /** When the other side has it as well, or a limit of time has passed. */
  MIRRORED;

  /**
   * Reads {@code async} or {@code mirrored}.
   *
   * @throws IllegalArgumentException when it is neither
   */
  public static WriteAck parse(String text) {
    for (WriteAck ack : values()) {
      if (ack.toString().equals(text)) {
        return ack;
      }
    }
    throw new IllegalArgumentException("'" + text + "' is no ack: write async or mirrored");
  }

  /** As {@link #parse} reads it. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
