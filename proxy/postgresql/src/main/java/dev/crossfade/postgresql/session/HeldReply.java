package dev.crossfade.postgresql.session;

import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;
import java.util.function.Consumer;

/**
 * New's reply until it is certain: held back up to a limit, so that old can still answer as if new
 * had never been asked.
 */
final class HeldReply {
  private final ArrayDeque<ByteBuf> held = new ArrayDeque<>();
  private final int limit;
  private int bytes;
  private boolean released;
  private boolean keeps;

  HeldReply(int limit) {
    this.limit = limit;
  }

  /** For the next reply. */
  void begin() {
    discard();
    released = false;
    keeps = false;
  }

  /** From now on nothing more leaves before it is released, however much it is. */
  void keepRest() {
    released = false;
    keeps = true;
  }

  /** Whether the client may have seen some of it. */
  boolean isReleased() {
    return released;
  }

  void add(ByteBuf part, Consumer<ByteBuf> client) {
    if (released) {
      client.accept(part);
      return;
    }
    held.add(part);
    bytes += part.readableBytes();
    if (bytes > limit && !keeps) {
      release(client);
    }
  }

  void release(Consumer<ByteBuf> client) {
    released = true;
    bytes = 0;
    while (!held.isEmpty()) {
      client.accept(held.poll());
    }
  }

  void discard() {
    bytes = 0;
    while (!held.isEmpty()) {
      held.poll().release();
    }
  }
}
