package dev.crossfade.postgresql.session;

import dev.crossfade.postgresql.shape.ShapeHost;
import dev.crossfade.postgresql.shape.ShapeOption;
import dev.crossfade.postgresql.shape.ShapedSession;
import dev.crossfade.postgresql.wire.ClientEncoding;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A session as what stands before it sees it. */
record ShapedClient(ClientSession session) implements ShapeHost {
  /** Null for a client that speaks the old shape. */
  static @Nullable ShapedSession of(ClientSession session) {
    ShapeOption option = ShapeOption.read(session.startup().parameters());
    ProxyContext context = session.context();
    boolean concerned =
        option.isNew() && session.startup().database().equals(context.servers().oldDatabase());
    return concerned
        ? new ShapedSession(
            new ShapedClient(session), context.routing(), option, context.limits().batchBytes())
        : null;
  }

  @Override
  public ByteBufAllocator alloc() {
    return session.client().alloc();
  }

  @Override
  public void send(ByteBuf bytes) {
    session.frontend().take(bytes);
  }

  @Override
  public void reply(ByteBuf bytes) {
    session.write(bytes);
  }

  @Override
  public void flush() {
    session.flush();
  }

  @Override
  public void updateReading() {
    session.resumeShaped();
  }

  @Override
  public boolean isLoggedIn() {
    return session.oldSide().isLoggedIn();
  }

  @Override
  public boolean isReadable() {
    return session.state().settings().isReadable();
  }

  @Override
  public ClientEncoding encoding() {
    return session.state().settings().encoding();
  }

  @Override
  public void later(Runnable task, long millis) {
    var ignored = session.client().eventLoop().schedule(task, millis, TimeUnit.MILLISECONDS);
  }

  @Override
  public void offLoop(Runnable blocking) {
    session.context().offLoop().execute(blocking);
  }

  @Override
  public boolean take(int bytes) {
    return session.context().statementBudget().take(bytes);
  }

  @Override
  public void giveBack(int bytes) {
    session.context().statementBudget().giveBack(bytes);
  }

  @Override
  public void distrust(String what) {
    session.distrust(what);
  }
}
