package dev.crossfade.postgresql.auth;

import dev.crossfade.net.tls.ConnectorTls;
import dev.crossfade.net.upstream.Opening;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Asks a server for TLS before anything else is said.
 *
 * <pre>
 * -> SSLRequest   <- 'S', handshake
 *                 <- 'N', and TLS is only preferred: on without it
 * </pre>
 *
 * What else may come, a handshake that fails included, is a failure.
 */
public final class TlsOpening implements Opening {
  /** For the answer and the handshake together. */
  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  private static final int REQUEST_LENGTH = 8;
  private static final int REQUEST = 80877103;

  private final ConnectorTls tls;
  private final String host;
  private final int port;

  /**
   * @param host the server's name as it was configured
   */
  public TlsOpening(ConnectorTls tls, String host, int port) {
    this.tls = tls;
    this.host = host;
    this.port = port;
  }

  @Override
  public ChannelHandler handler(ChannelPromise settled) {
    return new Request(settled);
  }

  private final class Request extends ChannelInboundHandlerAdapter {
    private final ChannelPromise settled;
    private boolean answered;
    private boolean ended;

    Request(ChannelPromise settled) {
      this.settled = settled;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
      var timeout =
          context
              .executor()
              .schedule(
                  () -> fail(context, "the server did not get TLS ready within " + text()),
                  TIMEOUT.toMillis(),
                  TimeUnit.MILLISECONDS);
      settled.addListener(done -> timeout.cancel(false));
      ByteBuf request = context.alloc().buffer(REQUEST_LENGTH);
      request.writeInt(REQUEST_LENGTH).writeInt(REQUEST);
      context.writeAndFlush(request, context.voidPromise());
    }

    private String text() {
      return TIMEOUT.toSeconds() + " s";
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
      // The owner is told when it may speak.
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object chunk) {
      ByteBuf bytes = (ByteBuf) chunk;
      try {
        if (!ended && !answered && bytes.isReadable()) {
          answered = true;
          // What follows the answer was sent by somebody who could not know that it would be
          // encrypted.
          boolean alone = bytes.readableBytes() == 1;
          answered(context, alone ? bytes.readByte() : 0);
        }
      } finally {
        bytes.release();
      }
    }

    private void answered(ChannelHandlerContext context, int answer) {
      if (answer == 'S') {
        context.pipeline().addFirst(tls.handler(context.alloc(), host, port));
      } else if (answer != 'N') {
        fail(context, "the server's answer to the request for TLS is not understood");
      } else if (tls.mode() == ConnectorTls.Mode.PREFER) {
        succeed(context);
      } else {
        fail(context, "the server offers no TLS");
      }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
      if (event instanceof SslHandshakeCompletionEvent handshake) {
        if (handshake.isSuccess()) {
          succeed(context);
        } else {
          fail(context, "TLS failed: " + reason(handshake.cause()));
        }
      }
    }

    /** The innermost cause says what is wrong; those around it say where in the library. */
    private static @Nullable String reason(Throwable failure) {
      Throwable innermost = failure;
      while (innermost.getCause() != null) {
        innermost = innermost.getCause();
      }
      return innermost.getMessage();
    }

    private void succeed(ChannelHandlerContext context) {
      if (!ended) {
        ended = true;
        settled.setSuccess();
        context.fireChannelActive();
        if (!context.isRemoved()) {
          context.pipeline().remove(this);
        }
      }
    }

    private void fail(ChannelHandlerContext context, String reason) {
      if (!ended) {
        ended = true;
        settled.setFailure(new IOException(reason));
        context.close();
      }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
      fail(context, "the server closed the connection when it was asked for TLS");
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      fail(context, "TLS failed: " + reason(cause));
    }
  }
}
