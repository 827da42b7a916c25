package dev.crossfade.postgresql.session;

import dev.crossfade.postgresql.shape.ShapeOption;
import dev.crossfade.postgresql.shape.ShapedSession;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** A session as what stands before it sees it. */
record ShapedClient(ClientSession session) implements SessionHost {
  /** Null for a client that speaks the old shape. */
  static @Nullable ShapedSession of(ClientSession session) {
    ShapeOption option = ShapeOption.read(session.startup().parameters());
    ProxyContext context = session.context();
    boolean concerned =
        option.isNew() && session.startup().database().equals(context.servers().oldDatabase());
    return concerned
        ? new ShapedSession(
            new ShapedClient(session),
            context.routing()::newShape,
            !option.searchPath(),
            context.limits().batchBytes())
        : null;
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
  public void updateReading() {
    session.resumeShaped();
  }

  @Override
  public boolean isLoggedIn() {
    return session.oldSide().isLoggedIn();
  }
}
