package dev.crossfade.postgresql.session;

import dev.crossfade.net.upstream.Connector;
import dev.crossfade.net.upstream.Endpoint;
import dev.crossfade.postgresql.wire.CancelKey;
import dev.crossfade.postgresql.wire.Frames;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;

/** Sends a cancel request on a connection of its own, which the server closes when it has dealt with it. */
final class CancelSender {
  private CancelSender() {}

  /**
   * @param done run on the loop when the server has dealt with it, or cannot be reached
   */
  static void send(Connector connector, Endpoint server, EventLoop loop, CancelKey key, Runnable done) {
    connector
        .connect(server, loop, new ChannelInboundHandlerAdapter())
        .addListener(
            (ChannelFutureListener)
                connected -> {
                  if (connected.isSuccess()) {
                    Channel channel = connected.channel();
                    channel.closeFuture().addListener(closed -> done.run());
                    channel.writeAndFlush(Frames.cancel(channel.alloc(), key), channel.voidPromise());
                  } else {
                    done.run();
                  }
                });
  }
}
