package dev.crossfade.postgresql.session;

import dev.crossfade.postgresql.shape.ShapeOption;
import dev.crossfade.postgresql.shape.ShapedSession;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import org.jspecify.annotations.Nullable;

/**
 * Stands on the way to old once there are tables whose writes have to log themselves: what the
 * session says is completed here, and what old answers is made what the client asked for. All that
 * is before it sees the client's own statements.
 *
 * <pre>
 * client -> session -> {@link ShapedSession} -> old -> {@link ShapedSession} -> session -> client
 * </pre>
 */
final class StatementCapture extends ChannelDuplexHandler {
  private final ClientSession session;
  private @Nullable ShapedSession shape;

  private StatementCapture(ClientSession session) {
    this.session = session;
  }

  /** To be called while old owes nothing and is between two frames. */
  static StatementCapture begin(ClientSession session, ChannelHandlerContext before) {
    StatementCapture capture = new StatementCapture(session);
    before.pipeline().addBefore(before.name(), null, capture);
    return capture;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    ProxyContext known = session.context();
    ShapedSession begun =
        ShapedSession.capturing(
            new Host(session, context),
            known.routing()::capture,
            !ShapeOption.read(session.startup().parameters()).searchPath(),
            !session.state().writersInSql().isEmpty(),
            known.limits().batchBytes());
    session
        .state()
        .statements()
        .forEach(
            statement ->
                begun.knows(statement.name(), statement.sql(), statement.parameterTypes()));
    if (session.state().forgotWriter()) {
      begun.knowsNotAll();
    }
    shape = begun;
  }

  @Override
  public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
    if (shape == null || !(message instanceof ByteBuf bytes)) {
      context.write(message, promise);
      return;
    }
    shape.fromClient(bytes);
    if (!promise.isVoid()) {
      promise.trySuccess();
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (shape == null) {
      context.fireChannelRead(message);
    } else {
      shape.toClient((ByteBuf) message);
    }
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext context) {
    release();
  }

  /** Nothing more is said. */
  void release() {
    if (shape != null) {
      shape.release();
      shape = null;
    }
  }

  /** What waits here for its plan, in bytes. */
  int waiting() {
    return shape == null ? 0 : shape.waiting();
  }

  /** The client wants what it waits for to end; false when it does not wait here. */
  boolean cancel() {
    return shape != null && shape.cancel();
  }

  /** Old, as what completes statements sees it. */
  private record Host(ClientSession session, ChannelHandlerContext context) implements SessionHost {
    @Override
    public void send(ByteBuf bytes) {
      context.write(bytes, context.voidPromise());
    }

    @Override
    public void reply(ByteBuf bytes) {
      context.fireChannelRead(bytes);
    }

    @Override
    public void flush() {
      context.flush();
      session.flush();
    }

    @Override
    public void updateReading() {
      session.updateReading();
    }

    @Override
    public boolean isLoggedIn() {
      return true;
    }
  }
}
