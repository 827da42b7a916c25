package dev.crossfade.postgresql.shape;

import dev.crossfade.postgresql.wire.ClientEncoding;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/** The session behind a client of the new shape. On its event loop, but for what says otherwise. */
public interface ShapeHost {
  ByteBufAllocator alloc();

  /** Bytes for the session as if the client had sent them; owned by it from now on. */
  void send(ByteBuf bytes);

  /** Bytes for the client; owned by its channel from now on. */
  void reply(ByteBuf bytes);

  /** What was sent and replied leaves. */
  void flush();

  /** More or less than before is waiting here. */
  void updateReading();

  /** Whether the authority has let the client in. */
  boolean isLoggedIn();

  /** Whether a text of the client means what the lexer reads in it. */
  boolean isReadable();

  /** How the client's text is written. */
  ClientEncoding encoding();

  /** Runs something on the loop in so many milliseconds. */
  void later(Runnable task, long millis);

  /** Runs what may block on another thread. */
  void offLoop(Runnable blocking);

  /** Takes so many bytes of what all sessions may remember; false when they are not left. */
  boolean take(int bytes);

  void giveBack(int bytes);

  /** Something came that nothing accounts for: the session ends. */
  void distrust(String what);
}
