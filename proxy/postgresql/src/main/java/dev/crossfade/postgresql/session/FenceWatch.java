package dev.crossfade.postgresql.session;

import dev.crossfade.core.migration.Side;
import dev.crossfade.postgresql.wire.BackendType;
import dev.crossfade.postgresql.wire.ErrorFields;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/**
 * Holds back the first replies of a write on old until its fence has let it pass, so that a write
 * that it does not let pass can be done on new as if old had never been asked.
 *
 * <pre>
 * 1 2 3 n t T N, C of BEGIN  -> held
 * E of the fence             -> the batch is done again, when nothing but that was held
 * anything else              -> what is held, then that
 * </pre>
 */
final class FenceWatch {
  private final ClientSession session;
  private final Retries retries;
  private @Nullable Exchange watched;
  private @Nullable ByteBuf batch;
  private ByteBuf held = Unpooled.EMPTY_BUFFER;
  private boolean holding;
  private boolean refused;
  private boolean again;

  FenceWatch(ClientSession session, Retries retries) {
    this.session = session;
    this.retries = retries;
  }

  /** Whether no batch is watched. */
  boolean isFree() {
    return watched == null;
  }

  /**
   * The batch that was sent to old last.
   *
   * @param boundary whether what old says next is the beginning of a frame
   */
  void watch(Exchange exchange, ByteBuf itsBytes, boolean boundary) {
    watched = exchange;
    batch = itsBytes;
    holding = true;
    WriteSampling.begin(session, itsBytes, boundary);
  }

  boolean isOf(@Nullable Exchange exchange) {
    return watched != null && watched == exchange;
  }

  /** Whether what old says is for nobody: the batch is done again. */
  boolean hasRefused() {
    return refused;
  }

  /**
   * An error of old in a batch that may write mapped tables.
   *
   * @return what the client gets instead; null when it gets the error itself, or nothing
   */
  @Nullable ByteBuf failed(Exchange exchange, ErrorFields error) {
    Fenced fenced = Fenced.read(error, Side.OLD);
    if (fenced == null) {
      return null;
    }
    session.context().routing().told(fenced.migration(), fenced.authority());
    if (isOf(exchange) && holding && mayRetry()) {
      refused = true;
      holding = false;
      discard();
      return null;
    }
    return Faults.moved(session.client().alloc(), fenced);
  }

  private boolean mayRetry() {
    SessionState state = session.state();
    return session.shaped() == null
        && session.oldSide().inFlight().size() == 1
        && session.frontend().isAtBoundary()
        && !state.log().isTouched()
        && !state.log().isFull()
        && state.status() != 'E'
        && retries.isWorthwhile();
  }

  /**
   * A frame of the batch that would go on to the client.
   *
   * @return whether it is held
   */
  boolean holds(byte type, ByteBuf borrowed, int start, int end) {
    holding &= isEarly(type, borrowed, start);
    if (!holding) {
      return false;
    }
    if (held == Unpooled.EMPTY_BUFFER) {
      held = session.client().alloc().buffer(256);
    }
    held.writeBytes(borrowed, start, end - start);
    return true;
  }

  private static boolean isEarly(byte type, ByteBuf borrowed, int start) {
    return switch (type) {
      case BackendType.PARSE_COMPLETE,
          BackendType.BIND_COMPLETE,
          BackendType.CLOSE_COMPLETE,
          BackendType.NO_DATA,
          BackendType.PARAMETER_DESCRIPTION,
          BackendType.ROW_DESCRIPTION,
          BackendType.NOTICE ->
          true;
      case BackendType.COMMAND_COMPLETE ->
          borrowed.getByte(start + 5) == 'B' && borrowed.getByte(start + 6) == 'E';
      default -> false;
    };
  }

  boolean holdsNothing() {
    return !held.isReadable();
  }

  /** What was held, and behind it a frame, which it takes over. */
  ByteBuf before(ByteBuf frame) {
    ByteBuf all = take().writeBytes(frame);
    frame.release();
    return all;
  }

  /** What was held, of which nothing is held any more; owned by the caller. */
  ByteBuf take() {
    holding = false;
    ByteBuf taken = held;
    held = Unpooled.EMPTY_BUFFER;
    return taken;
  }

  /** Old is ready again. */
  void ended() {
    if (refused) {
      again = true;
    } else {
      retries.succeeded();
      release();
    }
  }

  /** Whether {@link #again} is to be called: outside of anything that looks at old's replies. */
  boolean isToRepeat() {
    return again;
  }

  /** Does the batch again, in a transaction like the one that it was in. */
  void again() {
    ByteBuf repeated = batch;
    batch = null;
    release();
    if (repeated != null) {
      retries.again(repeated);
    }
  }

  private void discard() {
    take().release();
  }

  void release() {
    discard();
    watched = null;
    refused = false;
    again = false;
    if (batch != null) {
      batch.release();
      batch = null;
    }
  }
}
