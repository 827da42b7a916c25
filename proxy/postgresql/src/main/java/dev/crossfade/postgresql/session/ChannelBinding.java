package dev.crossfade.postgresql.session;

import dev.crossfade.postgresql.wire.BackendType;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.ssl.SslHandler;
import java.nio.charset.StandardCharsets;
import java.security.cert.Certificate;
import java.util.Optional;
import javax.net.ssl.SSLPeerUnverifiedException;

/**
 * Stands on old's channel until it is known how the client is to log in, and takes the mechanisms
 * out that bind the login to the certificate that old shows: the client sees the sidecar's, or
 * none.
 *
 * <pre>
 * 'R' int32 length, int32 10, (mechanism 0)*, 0   loses those that end with -PLUS
 * 'R' with another code, 'E'                      as they are, and this leaves
 * 'N', 'v'                                        as they are
 * </pre>
 */
final class ChannelBinding extends ChannelInboundHandlerAdapter {
  private static final int SASL = 10;
  private static final int HEADER = 5;

  /** Over this it is no login. */
  private static final int MAX_FRAME = 64 << 10;

  private ByteBuf input = Unpooled.EMPTY_BUFFER;
  private boolean leaving;

  ChannelBinding() {}

  /**
   * Adds the handler where it is needed: old is reached by TLS, and the client does not see the
   * very certificate that old shows. Call before old's owner is added.
   */
  static void guard(Channel client, Channel old) {
    Optional<Certificate> certificate = shownBy(old);
    if (certificate.isPresent() && !certificate.equals(shownTo(client))) {
      old.pipeline().addLast(new ChannelBinding());
    }
  }

  private static Optional<Certificate> shownBy(Channel old) {
    SslHandler tls = old.pipeline().get(SslHandler.class);
    if (tls == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(tls.engine().getSession().getPeerCertificates()[0]);
    } catch (SSLPeerUnverifiedException e) {
      throw new IllegalStateException("servers without certificates are not spoken to", e);
    }
  }

  /** The sidecar's own certificate, where the client is encrypted and has seen it. */
  static Optional<Certificate> shownTo(Channel client) {
    SslHandler tls = client.pipeline().get(SslHandler.class);
    // A handshake that resumes a session may show none.
    Certificate[] shown = tls == null ? null : tls.engine().getSession().getLocalCertificates();
    return shown == null ? Optional.empty() : Optional.of(shown[0]);
  }

  @Override
  public void channelRead(ChannelHandlerContext reading, Object chunk) {
    input = ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(reading.alloc(), input, (ByteBuf) chunk);
    while (!leaving && input.readableBytes() >= HEADER) {
      int at = input.readerIndex();
      int end = 1 + input.getInt(at + 1);
      if (end < HEADER || end > MAX_FRAME) {
        // Nothing that this understands; who comes next knows what to do.
        leaving = true;
      } else if (input.readableBytes() < end) {
        return;
      } else {
        frame(reading, input.readRetainedSlice(end));
      }
    }
    if (leaving) {
      reading.pipeline().remove(this);
    }
  }

  private void frame(ChannelHandlerContext reading, ByteBuf frame) {
    byte type = frame.getByte(frame.readerIndex());
    leaving = type == BackendType.AUTHENTICATION || type == BackendType.ERROR;
    boolean sasl =
        type == BackendType.AUTHENTICATION
            && frame.readableBytes() > HEADER + Integer.BYTES
            && frame.getInt(frame.readerIndex() + HEADER) == SASL;
    reading.fireChannelRead(sasl ? withoutBinding(reading, frame) : frame);
  }

  private static ByteBuf withoutBinding(ChannelHandlerContext reading, ByteBuf frame) {
    String mechanisms =
        frame.toString(
            frame.readerIndex() + HEADER + Integer.BYTES,
            frame.readableBytes() - HEADER - Integer.BYTES,
            StandardCharsets.US_ASCII);
    frame.release();
    ByteBuf shorter = reading.alloc().buffer();
    shorter.writeByte(BackendType.AUTHENTICATION).writeInt(0).writeInt(SASL);
    for (String mechanism : mechanisms.split("\0")) {
      if (!mechanism.isEmpty() && !mechanism.endsWith("-PLUS")) {
        shorter.writeCharSequence(mechanism, StandardCharsets.US_ASCII);
        shorter.writeByte(0);
      }
    }
    shorter.writeByte(0);
    return shorter.setInt(1, shorter.readableBytes() - 1);
  }

  /** What is left of the input goes to the next handler. */
  @Override
  public void handlerRemoved(ChannelHandlerContext removed) {
    ByteBuf rest = input;
    input = Unpooled.EMPTY_BUFFER;
    if (rest.isReadable() && leaving) {
      removed.fireChannelRead(rest);
    } else {
      rest.release();
    }
  }
}
