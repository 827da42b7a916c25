package dev.crossfade.postgresql.session;

import dev.crossfade.core.fault.Fault;
import dev.crossfade.net.relay.RelayHandler;
import dev.crossfade.postgresql.auth.CancelSender;
import dev.crossfade.postgresql.auth.terminated.Users;
import dev.crossfade.postgresql.shape.ShapeOption;
import dev.crossfade.postgresql.wire.ProtocolViolation;
import dev.crossfade.postgresql.wire.StartupPacket;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * An accepted channel until it is known what its client wants.
 *
 * <pre>
 * SSLRequest, GSSENCRequest, a TLS handshake -> {@link ClientEncryption}, again
 * CancelRequest -> to the session with that key, or to old; then closed, as the server does
 * StartupMessage, not encrypted as it has to be -> an error, then closed
 * StartupMessage, the sessions being all taken -> an error, then closed
 * StartupMessage, the sidecar finding out who the client is -> {@link TerminatedLogin}
 * StartupMessage -> a session: old is connected and gets the very bytes, and {@link Origin}
 * StartupMessage with replication, another version -> old gets the very bytes, and all that follows
 * </pre>
 */
public final class StartupHandler extends ChannelInboundHandlerAdapter {
  private final ProxyContext context;
  private final ClientEncryption encryption;
  private final @Nullable Supplier<Users> users;
  private ByteBuf input = Unpooled.EMPTY_BUFFER;
  private boolean arriving;
  private boolean decided;
  private boolean inputEnded;
  private @Nullable ScheduledFuture<?> timeout;

  /**
   * @param users whom the sidecar lets in; null: clients log in to old themselves
   */
  public StartupHandler(
      ProxyContext context, EncryptionPolicy policy, @Nullable Supplier<Users> users) {
    this.context = context;
    this.users = users;
    this.encryption = new ClientEncryption(policy, context);
  }

  @Override
  public void channelActive(ChannelHandlerContext active) {
    arriving = context.sessions().greet();
    if (!arriving) {
      decided = true;
      refuse(active, tooMany());
      return;
    }
    timeout =
        active
            .executor()
            .schedule(
                () -> tooSlow(active),
                context.limits().startupTimeout().toMillis(),
                TimeUnit.MILLISECONDS);
  }

  private Fault tooMany() {
    return new Fault(
        Fault.Kind.TOO_MANY_SESSIONS,
        "sorry, too many clients already (the sidecar admits " + context.sessions().limit() + ")");
  }

  private boolean admit(Channel client) {
    if (!context.sessions().admit()) {
      return false;
    }
    context.meters().sessionOpened();
    client
        .closeFuture()
        .addListener(
            closed -> {
              context.sessions().leave();
              context.meters().sessionClosed();
            });
    return true;
  }

  private void arrived() {
    if (arriving) {
      arriving = false;
      context.sessions().arrived();
    }
  }

  private void tooSlow(ChannelHandlerContext active) {
    if (encryption.isShakingHands()) {
      active.close();
    } else if (!decided) {
      refuse(
          active,
          new Fault(Fault.Kind.STARTUP_TIMEOUT, "the start-up packet did not come in time"));
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext reading, Object chunk) {
    input = ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(reading.alloc(), input, (ByteBuf) chunk);
    if (decided) {
      return;
    }
    if (encryption.isDirect(input)) {
      ByteBuf hello = input;
      input = Unpooled.EMPTY_BUFFER;
      encryption.startDirectly(reading, hello);
      return;
    }
    try {
      while (!decided && next(reading)) {
        // A refused request for encryption is followed by the real start-up.
      }
    } catch (ProtocolViolation e) {
      // As the server does: it logs the length and closes without a word.
      decided = true;
      reading.close();
    }
  }

  /** Deals with one packet; false while its bytes are missing. */
  private boolean next(ChannelHandlerContext reading) {
    int start = input.readerIndex();
    StartupPacket packet = StartupPacket.read(input);
    switch (packet) {
      case null -> {
        return false;
      }
      case StartupPacket.SslRequest ignored -> encryption.answerTls(reading, !input.isReadable());
      case StartupPacket.GssRequest ignored -> encryption.answerGss(reading);
      case StartupPacket.Cancel cancel -> cancel(reading, cancel);
      case StartupPacket.Session session -> open(reading, session, start);
      case StartupPacket.Unknown ignored -> open(reading, null, start);
    }
    return true;
  }

  private void cancel(ChannelHandlerContext reading, StartupPacket.Cancel cancel) {
    decided = true;
    Channel channel = reading.channel();
    Runnable close = () -> channel.eventLoop().execute(channel::close);
    ClientSession session = context.sessions().byKey(cancel.key());
    if (session == null) {
      CancelSender.send(
          context.servers().connector(),
          context.servers().old(),
          channel.eventLoop(),
          cancel.key(),
          close);
    } else {
      session.cancel(cancel.key(), close);
    }
  }

  /**
   * Connects old and hands it the start-up packet.
   *
   * @param session null when the packet is not understood
   */
  private void open(
      ChannelHandlerContext reading, StartupPacket.@Nullable Session session, int packetStart) {
    decided = true;
    Fault refusal = encryption.refusal(session);
    if (refusal == null && session != null) {
      refusal = ShapeOption.read(session.parameters()).refusal();
    }
    if (refusal != null) {
      refuse(reading, refusal);
      return;
    }
    Channel client = reading.channel();
    if (!admit(client)) {
      refuse(reading, tooMany());
      return;
    }
    arrived();
    if (users != null) {
      var startup = new AnsweredStartup(session, input.getInt(packetStart + Integer.BYTES));
      client.pipeline().addLast(new TerminatedLogin(context, users.get(), startup));
      leave(reading);
      return;
    }
    client.config().setAutoRead(false);
    ByteBuf packet = input.retainedSlice(packetStart, input.readerIndex() - packetStart);
    context
        .servers()
        .connector()
        .connect(context.servers().old(), client.eventLoop(), new Nothing())
        .addListener(
            (ChannelFutureListener)
                connected -> {
                  if (!connected.isSuccess()) {
                    packet.release();
                    refuse(
                        reading,
                        new Fault(
                            Fault.Kind.AUTHORITY_UNAVAILABLE,
                            "the database at "
                                + context.servers().old()
                                + " cannot be reached: "
                                + connected.cause().getMessage()));
                  } else if (!client.isActive() || reading.isRemoved()) {
                    packet.release();
                    connected.channel().close();
                  } else if (session == null || session.isReplication()) {
                    relay(reading, connected.channel(), packet);
                  } else {
                    serve(reading, connected.channel(), session, packet);
                  }
                });
  }

  private void relay(ChannelHandlerContext reading, Channel old, ByteBuf packet) {
    stopTimeout();
    Channel client = reading.channel();
    ChannelBinding.guard(client, old);
    old.pipeline().addLast(new RelayHandler(client));
    client.pipeline().addLast(new RelayHandler(old));
    old.write(packet, old.voidPromise());
    handOver(reading, old);
  }

  private void handOver(ChannelHandlerContext reading, Channel old) {
    old.flush();
    leave(reading);
    if (!inputEnded) {
      reading.channel().config().setAutoRead(true);
    }
  }

  private void leave(ChannelHandlerContext reading) {
    ByteBuf rest = input;
    input = Unpooled.EMPTY_BUFFER;
    Channel client = reading.channel();
    // Removal releases nothing any more: what is left of the input goes to the next handler.
    if (rest.isReadable()) {
      reading.fireChannelRead(rest);
      reading.fireChannelReadComplete();
    } else {
      rest.release();
    }
    if (inputEnded) {
      reading.fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
    }
    client.pipeline().remove(this);
  }

  private void serve(
      ChannelHandlerContext reading, Channel old, StartupPacket.Session startup, ByteBuf packet) {
    Channel client = reading.channel();
    ClientSession session = new ClientSession(context, client, old, startup);
    ChannelBinding.guard(client, old);
    old.pipeline().addLast(session.oldSide());
    client.pipeline().addLast(session.frontend());
    ByteBuf sent =
        context.servers().isMarked(startup)
            ? Origin.added(reading.alloc(), startup, packet)
            : packet;
    old.write(sent, old.voidPromise());
    handOver(reading, old);
    session.watchLogin(context.limits().startupTimeout().toNanos());
  }

  private void stopTimeout() {
    if (timeout != null) {
      timeout.cancel(false);
      timeout = null;
    }
  }

  private static void refuse(ChannelHandlerContext reading, Fault fault) {
    ByteBuf error = reading.alloc().buffer();
    Faults.write(error, fault);
    reading.writeAndFlush(error).addListener(ChannelFutureListener.CLOSE);
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext reading, Object event) {
    if (event == ChannelInputShutdownEvent.INSTANCE) {
      if (decided) {
        inputEnded = true;
      } else {
        reading.close();
      }
    } else if (event == SslHandshakeCompletionEvent.SUCCESS && !encryption.isAgreed()) {
      decided = true;
      reading.close();
    } else {
      reading.fireUserEventTriggered(event);
    }
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext removed) {
    input.release();
    input = Unpooled.EMPTY_BUFFER;
    stopTimeout();
    arrived();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext failed, Throwable cause) {
    failed.close();
  }

  /** Old's channel before it has an owner. */
  private static final class Nothing extends ChannelInitializer<Channel> {
    @Override
    protected void initChannel(Channel channel) {
      // Its owner adds its handler as soon as the connection is there.
    }
  }
}
