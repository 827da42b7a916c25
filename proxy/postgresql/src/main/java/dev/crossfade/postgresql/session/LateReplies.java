package dev.crossfade.postgresql.session;

import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;

/** What old says of its own accord while new answers: it waits for the end of that answer. */
final class LateReplies {
  /** Over this, old is not read while it waits. */
  private static final int MUCH_BYTES = 64 << 10;

  private final ClientSession session;
  private final ArrayDeque<ByteBuf> replies = new ArrayDeque<>();
  private int bytes;

  LateReplies(ClientSession session) {
    this.session = session;
  }

  void add(ByteBuf reply) {
    replies.add(reply);
    bytes += reply.readableBytes();
    session.updateReading();
  }

  boolean isMuch() {
    return bytes > MUCH_BYTES;
  }

  void passOn() {
    if (replies.isEmpty()) {
      return;
    }
    bytes = 0;
    while (!replies.isEmpty()) {
      session.toClient(replies.poll());
    }
    session.updateReading();
  }

  void release() {
    bytes = 0;
    while (!replies.isEmpty()) {
      replies.poll().release();
    }
  }
}
