package dev.crossfade.postgresql.session;

import dev.crossfade.postgresql.shape.ShapeHost;
import dev.crossfade.postgresql.wire.ClientEncoding;
import io.netty.buffer.ByteBufAllocator;
import java.util.concurrent.TimeUnit;

/** What is the session's own to whatever translates for it, on its way in or out. */
interface SessionHost extends ShapeHost {
  ClientSession session();

  @Override
  default ByteBufAllocator alloc() {
    return session().client().alloc();
  }

  @Override
  default void flush() {
    session().flush();
  }

  @Override
  default boolean isReadable() {
    return session().state().settings().isReadable();
  }

  @Override
  default ClientEncoding encoding() {
    return session().state().settings().encoding();
  }

  @Override
  default void later(Runnable task, long millis) {
    var ignored = session().client().eventLoop().schedule(task, millis, TimeUnit.MILLISECONDS);
  }

  @Override
  default void offLoop(Runnable blocking) {
    session().context().offLoop().execute(blocking);
  }

  @Override
  default boolean take(int bytes) {
    return session().context().statementBudget().take(bytes);
  }

  @Override
  default void giveBack(int bytes) {
    session().context().statementBudget().giveBack(bytes);
  }

  @Override
  default void distrust(String what) {
    session().distrust(what);
  }
}
