package dev.crossfade.postgresql.shape;

import org.jspecify.annotations.Nullable;

/** What a portal is bound to. */
final class Portal {
  private final @Nullable KnownStatement statement;
  private final byte[] parameters;
  private final int lockedAt;
  private boolean begun;

  /**
   * @param statement null when it is not known
   * @param parameters of a write: what stands behind the names of its Bind frame
   * @param lockedAt how much the session had executed when its rows were locked
   */
  Portal(@Nullable KnownStatement statement, byte[] parameters, int lockedAt) {
    this.statement = statement;
    this.parameters = parameters;
    this.lockedAt = lockedAt;
  }

  @Nullable KnownStatement statement() {
    return statement;
  }

  byte[] parameters() {
    return parameters;
  }

  /**
   * It is executed. True when its rows have to be locked again, because something else was executed
   * since they were.
   *
   * @param executed how much the session has
   */
  boolean locksAgain(int executed) {
    boolean first = !begun;
    begun = true;
    return first && executed != lockedAt;
  }
}
