package dev.crossfade.postgresql.auth;

import dev.crossfade.net.upstream.Connector;
import dev.crossfade.net.upstream.Endpoint;
import dev.crossfade.postgresql.wire.CancelKey;
import dev.crossfade.postgresql.wire.Frames;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Sends a cancel request on a connection of its own, which the server closes when it has dealt with
 * it. Whoever waits for that waits for a bounded time.
 */
public final class CancelSender {
  /** A server that has not closed the connection after this is not waited for. */
  public static final Duration TIMEOUT = Duration.ofSeconds(5);

  private CancelSender() {}

  /**
   * Cancels what a channel's server does for it. A name may have come to mean another server since,
   * which has another process with that number: so the request goes to where the channel is.
   *
   * @param running the channel whose server has the query
   * @param done run on the channel's loop when the server has dealt with it, or cannot be reached
   */
  public static void send(Connector connector, Channel running, CancelKey key, Runnable done) {
    if (running.remoteAddress() instanceof InetSocketAddress server) {
      send(connector.connectBeside(running, server, new Discard()), key, done);
    } else {
      // It is closed: the server cancels by itself.
      done.run();
    }
  }

  /**
   * For a key of a session that is not known here.
   *
   * @param done run on the loop when the server has dealt with it, or cannot be reached
   */
  public static void send(
      Connector connector, Endpoint server, EventLoop loop, CancelKey key, Runnable done) {
    send(connector.connect(server, loop, new Discard()), key, done);
  }

  private static void send(ChannelFuture connecting, CancelKey key, Runnable done) {
    connecting.addListener(
        (ChannelFutureListener)
            connected -> {
              if (connected.isSuccess()) {
                ask(connected.channel(), key, done);
              } else {
                done.run();
              }
            });
  }

  private static void ask(Channel channel, CancelKey key, Runnable done) {
    Future<?> patience =
        channel
            .eventLoop()
            .schedule(() -> channel.close(), TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
    channel
        .closeFuture()
        .addListener(
            closed -> {
              patience.cancel(false);
              done.run();
            });
    channel.writeAndFlush(Frames.cancel(channel.alloc(), key), channel.voidPromise());
  }

  /** A server says nothing here; what comes all the same is nobody's. */
  private static final class Discard extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext context, Object chunk) {
      ReferenceCountUtil.release(chunk);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      context.close();
    }
  }
}
