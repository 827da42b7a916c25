package dev.crossfade.postgresql.session;

import org.jspecify.annotations.Nullable;

/**
 * What a Parse or Close frame makes of a statement's name. It counts when the server has confirmed
 * it: after an error the server skips what is left of the batch.
 */
sealed interface Naming {
  /** Null when it concerns no statement. */
  @Nullable String name();

  /** What the name stands for afterwards; null when that need not be remembered. */
  @Nullable PreparedStatement statement();

  /** A Parse frame. */
  record Parsed(String name, @Nullable PreparedStatement statement) implements Naming {}

  /**
   * A Close frame.
   *
   * @param name null when it closes a portal
   */
  record Closed(@Nullable String name) implements Naming {
    static Closed of(Batch batch, int frame) {
      int kind = batch.frameStart(frame) + 5;
      int end = batch.stringEnd(frame, kind + 1);
      boolean isStatement = end >= 0 && batch.bytes().getByte(kind) == 'S';
      return new Closed(isStatement ? batch.name(kind + 1, end) : null);
    }

    @Override
    public @Nullable PreparedStatement statement() {
      return null;
    }
  }
}
