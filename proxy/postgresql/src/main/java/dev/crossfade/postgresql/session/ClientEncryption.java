package dev.crossfade.postgresql.session;

import dev.crossfade.core.fault.Fault;
import dev.crossfade.net.tls.ListenerTls;
import dev.crossfade.postgresql.wire.ProtocolViolation;
import dev.crossfade.postgresql.wire.StartupPacket;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.ssl.SslHandler;
import org.jspecify.annotations.Nullable;

/**
 * What a client and the sidecar agree on about encryption, from the first byte to the start-up
 * packet.
 *
 * <pre>
 * SSLRequest    -> 'S' and a handshake, where the listener has a certificate; else 'N'
 * GSSENCRequest -> 'N'
 * 0x16          -> a handshake at once, in which ALPN must settle on the protocol (PostgreSQL 17)
 * </pre>
 *
 * Each request may be made once, and none within TLS.
 */
final class ClientEncryption {
  private static final byte ACCEPTED = 'S';
  private static final byte REFUSED = 'N';

  /** The first byte of a TLS handshake; that of a packet is the first of its length, so 0. */
  private static final byte HANDSHAKE = 0x16;

  private final EncryptionPolicy policy;
  private final ProxyContext context;
  private boolean begun;
  private boolean tlsAsked;
  private boolean gssAsked;
  private boolean direct;
  private @Nullable SslHandler handler;

  ClientEncryption(EncryptionPolicy policy, ProxyContext context) {
    this.policy = policy;
    this.context = context;
  }

  /** Whether these first bytes of a connection begin a handshake that is to be answered. */
  boolean isDirect(ByteBuf borrowed) {
    if (begun || !borrowed.isReadable()) {
      return false;
    }
    begun = true;
    return policy.tls() != null && borrowed.getByte(borrowed.readerIndex()) == HANDSHAKE;
  }

  /** Puts TLS in front and gives it the first bytes of the handshake. */
  void startDirectly(ChannelHandlerContext reading, ByteBuf hello) {
    direct = true;
    start(reading);
    reading.pipeline().fireChannelRead(hello);
  }

  /**
   * Answers an SSLRequest.
   *
   * @param isLast whether nothing came after it: what would have come was not encrypted, whoever
   *     sent it, but would be taken for what was
   */
  void answerTls(ChannelHandlerContext reading, boolean isLast) {
    if (tlsAsked || handler != null) {
      throw new ProtocolViolation("encryption was asked for twice");
    }
    tlsAsked = true;
    if (policy.tls() == null) {
      answer(reading, REFUSED);
    } else if (isLast) {
      answer(reading, ACCEPTED);
      start(reading);
    } else {
      throw new ProtocolViolation("received unencrypted data after SSL request");
    }
  }

  void answerGss(ChannelHandlerContext reading) {
    if (gssAsked || handler != null) {
      throw new ProtocolViolation("encryption was asked for twice");
    }
    gssAsked = true;
    answer(reading, REFUSED);
  }

  private static void answer(ChannelHandlerContext reading, byte answer) {
    reading.writeAndFlush(reading.alloc().buffer(1).writeByte(answer), reading.voidPromise());
  }

  private void start(ChannelHandlerContext reading) {
    ListenerTls tls = policy.tls();
    if (tls == null) {
      throw new IllegalStateException("there is no certificate");
    }
    SslHandler added = tls.handler(reading.alloc(), context.offLoop());
    added.setHandshakeTimeoutMillis(context.limits().startupTimeout().toMillis());
    handler = added;
    reading.pipeline().addFirst(added);
  }

  /** Whether a handshake has begun and not ended: nothing can be said to the client. */
  boolean isShakingHands() {
    return handler != null && !handler.handshakeFuture().isDone();
  }

  /** The handshake is done: may the client go on? */
  boolean isAgreed() {
    return !direct
        || handler == null
        || EncryptionPolicy.PROTOCOL.equals(handler.applicationProtocol());
  }

  /** Why this session may not be opened; null when it may. */
  @Nullable Fault refusal(StartupPacket.@Nullable Session session) {
    if (!policy.required() || handler != null) {
      return null;
    }
    String whose =
        session == null
            ? ""
            : " for user \"" + session.user() + "\", database \"" + session.database() + '"';
    return new Fault(
        Fault.Kind.NOT_ADMITTED,
        "the sidecar admits no unencrypted session" + whose + "; connect with sslmode=require");
  }
}
