package dev.crossfade.postgresql.session;

import com.ongres.scram.common.ScramFunctions;
import com.ongres.scram.common.util.TlsServerEndpoint;
import dev.crossfade.core.fault.Fault;
import dev.crossfade.net.listen.SocketPeer;
import dev.crossfade.postgresql.auth.LoggedIn;
import dev.crossfade.postgresql.auth.LoginFailure;
import dev.crossfade.postgresql.auth.LoginHandler;
import dev.crossfade.postgresql.auth.terminated.KnownUser;
import dev.crossfade.postgresql.auth.terminated.ScramExchange;
import dev.crossfade.postgresql.auth.terminated.Users;
import dev.crossfade.postgresql.wire.Frames;
import dev.crossfade.postgresql.wire.FrontendType;
import dev.crossfade.postgresql.wire.ProtocolViolation;
import dev.crossfade.postgresql.wire.SaslResponse;
import dev.crossfade.postgresql.wire.StartupPacket;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.security.SecureRandom;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A client's channel from its start-up packet on, while the sidecar finds out who the client is,
 * and then logs in to old for it.
 *
 * <pre>
 * client                                  sidecar                         old
 *   | startup                                |                              |
 *   |          v (3.0), if it asks for more  |                              |
 *   |          R SASL                        |                              |
 *   | p client-first                         |    not on a UNIX socket, if  |
 *   |          R SASL continue               |    the user has a peer       |
 *   | p client-final                         |                              |
 *   |          R SASL final                  |                              |
 *   |                                        | connect, startup, its login  |
 *   |          R ok, S*, K, Z                |  <-- as old sends them       |
 * </pre>
 *
 * Old hears nothing of a client that does not get so far. What the client sends meanwhile waits.
 */
final class TerminatedLogin extends ChannelInboundHandlerAdapter {
  private static final Logger LOG = LoggerFactory.getLogger(TerminatedLogin.class);

  private static final int NONCE_LENGTH = 24;
  private static final SecureRandom RANDOM = new SecureRandom();

  /** What is waited for. */
  private enum Awaited {
    CLIENT_FIRST,
    CLIENT_FINAL,
    OLD,
    NOTHING
  }

  private final ProxyContext context;
  private final Users users;
  private final AnsweredStartup startup;
  private final long deadline;
  private Awaited awaited = Awaited.CLIENT_FIRST;
  private ByteBuf input = Unpooled.EMPTY_BUFFER;
  private boolean inputEnded;
  private @Nullable ScramExchange exchange;
  private @Nullable Channel connecting;
  private @Nullable ScheduledFuture<?> timeout;

  TerminatedLogin(ProxyContext context, Users users, AnsweredStartup startup) {
    this.context = context;
    this.users = users;
    this.startup = startup;
    this.deadline = System.nanoTime() + context.limits().startupTimeout().toNanos();
  }

  @Override
  public void handlerAdded(ChannelHandlerContext added) {
    timeout =
        added
            .executor()
            .schedule(
                () ->
                    refuse(
                        added,
                        new Fault(
                            Fault.Kind.STARTUP_TIMEOUT, "canceling authentication due to timeout")),
                deadline - System.nanoTime(),
                TimeUnit.NANOSECONDS);
    Fault refusal = startup.refusal();
    if (refusal == null) {
      begin(added);
    } else {
      refuse(added, refusal);
    }
  }

  private void begin(ChannelHandlerContext here) {
    if (startup.asksForMore()) {
      ByteBuf answer = here.alloc().buffer();
      Frames.negotiateVersion(answer, startup.options());
      here.write(answer, here.voidPromise());
    }
    String name = startup.session().user();
    KnownUser user = users.find(name);
    OptionalInt peer = SocketPeer.uid(here.channel());
    if (user != null && user.peer().isPresent() && peer.isPresent()) {
      if (user.peer().equals(peer)) {
        letIn(here, user);
      } else {
        String message = "Peer authentication failed for user \"" + name + '"';
        refuse(here, new Fault(Fault.Kind.NOT_ADMITTED, message));
      }
      return;
    }
    ScramExchange begun =
        new ScramExchange(
            users, user, name, binding(here.channel()), ScramFunctions.nonce(NONCE_LENGTH, RANDOM));
    exchange = begun;
    ByteBuf request = here.alloc().buffer();
    Frames.sasl(request, begun.mechanisms());
    here.writeAndFlush(request, here.voidPromise());
  }

  /** The hash of the certificate that the client sees; empty when it sees none. */
  private static byte[] binding(Channel client) {
    if (ChannelBinding.shownTo(client).orElse(null) instanceof X509Certificate certificate) {
      try {
        return TlsServerEndpoint.getChannelBindingData(certificate);
      } catch (CertificateEncodingException e) {
        throw new IllegalStateException("it was read from its encoding", e);
      }
    }
    return new byte[0];
  }

  @Override
  public void channelRead(ChannelHandlerContext reading, Object chunk) {
    if (awaited == Awaited.NOTHING) {
      ((ByteBuf) chunk).release();
      return;
    }
    input = ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(reading.alloc(), input, (ByteBuf) chunk);
    try {
      while (awaited == Awaited.CLIENT_FIRST || awaited == Awaited.CLIENT_FINAL) {
        if (!next(reading)) {
          return;
        }
      }
    } catch (ProtocolViolation e) {
      refuse(reading, new Fault(Fault.Kind.PROTOCOL_VIOLATION, e.reason()));
    }
  }

  /** Deals with one frame; false while its bytes are missing. */
  private boolean next(ChannelHandlerContext reading) {
    if (input.isReadable() && input.getByte(input.readerIndex()) == FrontendType.TERMINATE) {
      end(reading);
      return true;
    }
    SaslResponse response = SaslResponse.read(input);
    if (response == null) {
      return false;
    }
    ScramExchange begun = Objects.requireNonNull(exchange);
    if (awaited == Awaited.CLIENT_FIRST) {
      SaslResponse.Initial initial = response.initial();
      answer(reading, begun.begin(initial.mechanism(), initial.message()));
    } else {
      answer(reading, begun.finish(response.body()));
    }
    return true;
  }

  private void answer(ChannelHandlerContext here, ScramExchange.Step step) {
    switch (step) {
      case ScramExchange.Step.Challenge(byte[] message) -> {
        ByteBuf frame = here.alloc().buffer();
        Frames.saslContinue(frame, message);
        here.writeAndFlush(frame, here.voidPromise());
        awaited = Awaited.CLIENT_FINAL;
      }
      case ScramExchange.Step.Proven(byte[] message) -> {
        ByteBuf frame = here.alloc().buffer();
        Frames.saslFinal(frame, message);
        here.writeAndFlush(frame, here.voidPromise());
        letIn(here, Objects.requireNonNull(users.find(startup.session().user())));
      }
      case ScramExchange.Step.Refused(Fault fault) -> refuse(here, fault);
    }
  }

  /** The client is who it says: old is connected and logged in to for it. */
  private void letIn(ChannelHandlerContext here, KnownUser user) {
    awaited = Awaited.OLD;
    Channel client = here.channel();
    client.config().setAutoRead(false);
    StartupPacket.Session mapped = startup.onOld(user);
    LoginHandler login =
        new LoginHandler(
            user.old(),
            context.servers().isMarked(mapped)
                ? Origin.added(mapped.parameters())
                : mapped.parameters(),
            new OldOutcome(here, mapped),
            context.offLoop());
    ChannelFuture connected =
        context.servers().connector().connect(context.servers().old(), client.eventLoop(), login);
    connecting = connected.channel();
    connected.addListener(
        (ChannelFutureListener)
            done -> {
              if (!done.isSuccess()) {
                String message =
                    "the database at "
                        + context.servers().old()
                        + " cannot be reached: "
                        + done.cause().getMessage();
                refuse(here, new Fault(Fault.Kind.AUTHORITY_UNAVAILABLE, message));
              }
            });
  }

  /** What comes of the login to old. */
  private final class OldOutcome implements LoginHandler.Outcome {
    private final ChannelHandlerContext here;
    private final StartupPacket.Session session;

    OldOutcome(ChannelHandlerContext here, StartupPacket.Session session) {
      this.here = here;
      this.session = session;
    }

    @Override
    public boolean letIn(Channel old) {
      if (awaited == Awaited.OLD) {
        serve(here, old, session);
      } else {
        old.close();
      }
      return true;
    }

    @Override
    public void loggedIn(LoggedIn loggedIn) {
      throw new IllegalStateException("the login was handed over before");
    }

    @Override
    public void failed(Channel old, Throwable cause) {
      String sqlState = cause instanceof LoginFailure failure ? failure.sqlState() : "";
      ByteBuf error = here.alloc().buffer();
      Faults.refusedByOld(
          error,
          sqlState,
          "the database at "
              + context.servers().old()
              + " did not let the sidecar in as \""
              + session.user()
              + "\": "
              + cause.getMessage());
      refuse(here, error, "refused by old");
    }
  }

  /** From here on everything is as if the client had logged in to old itself. */
  private void serve(ChannelHandlerContext here, Channel old, StartupPacket.Session mapped) {
    awaited = Awaited.NOTHING;
    connecting = null;
    Channel client = here.channel();
    ClientSession session = new ClientSession(context, client, old, mapped);
    old.pipeline().addLast(session.oldSide());
    client.pipeline().addLast(session.frontend());
    ByteBuf rest = input;
    input = Unpooled.EMPTY_BUFFER;
    if (rest.isReadable()) {
      here.fireChannelRead(rest);
      here.fireChannelReadComplete();
    } else {
      rest.release();
    }
    if (inputEnded) {
      here.fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
    } else {
      client.config().setAutoRead(true);
    }
    client.pipeline().remove(this);
    session.watchLogin(Math.max(deadline - System.nanoTime(), 1));
  }

  private void refuse(ChannelHandlerContext here, Fault fault) {
    ByteBuf error = here.alloc().buffer();
    Faults.write(error, fault);
    refuse(here, error, fault.message());
  }

  private void refuse(ChannelHandlerContext here, ByteBuf error, String why) {
    if (awaited == Awaited.NOTHING) {
      error.release();
      return;
    }
    LOG.atDebug().addKeyValue("reason", why).log("client not let in");
    end();
    here.writeAndFlush(error).addListener(ChannelFutureListener.CLOSE);
  }

  private void end(ChannelHandlerContext here) {
    end();
    here.close();
  }

  private void end() {
    awaited = Awaited.NOTHING;
    Channel old = connecting;
    connecting = null;
    if (old != null) {
      old.close();
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext reading, Object event) {
    if (event != ChannelInputShutdownEvent.INSTANCE) {
      reading.fireUserEventTriggered(event);
    } else if (awaited == Awaited.OLD) {
      inputEnded = true;
    } else if (awaited != Awaited.NOTHING) {
      end(reading);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext inactive) {
    end();
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext removed) {
    input.release();
    input = Unpooled.EMPTY_BUFFER;
    if (timeout != null) {
      timeout.cancel(false);
      timeout = null;
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext failed, Throwable cause) {
    end(failed);
  }
}
