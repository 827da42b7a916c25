package dev.crossfade.postgresql.session;

import io.netty.buffer.Unpooled;
import io.netty.channel.socket.DuplexChannel;

/** The end of what a client sends, while it still reads. */
final class InputEnd {
  private final ClientSession session;
  private boolean reached;
  private boolean passedOn;

  InputEnd(ClientSession session) {
    this.session = session;
  }

  void reached() {
    reached = true;
  }

  /** Also before the session hears of it: what came before that is worked through first. */
  boolean isReached() {
    return reached || session.client() instanceof DuplexChannel duplex && duplex.isInputShutdown();
  }

  /**
   * When the client will send nothing more and all it sent is on its way, old is told so, as the
   * client told us.
   */
  void passOnIfDone() {
    if (reached
        && !passedOn
        && !session.runner().isBusy()
        && !session.runner().isFull()
        && !session.frontend().isWaiting()
        && session.old().isActive()
        && session.old() instanceof DuplexChannel duplex) {
      passedOn = true;
      session
          .old()
          .writeAndFlush(Unpooled.EMPTY_BUFFER)
          .addListener(done -> duplex.shutdownOutput());
    }
  }
}
