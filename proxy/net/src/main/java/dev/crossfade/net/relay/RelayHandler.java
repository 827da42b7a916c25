package dev.crossfade.net.relay;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;

/**
 * Writes all that one channel reads to its peer. The peer's full outbound buffer stops the reading,
 * an end of input is passed on as such, and when one channel is gone the other is closed after what
 * was written to it has left.
 *
 * <p>Both channels share one event loop.
 */
public final class RelayHandler extends ChannelInboundHandlerAdapter {
  private final Channel peer;

  public RelayHandler(Channel peer) {
    this.peer = peer;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object chunk) {
    peer.write(chunk, peer.voidPromise());
    if (!peer.isWritable()) {
      context.channel().config().setAutoRead(false);
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    peer.flush();
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    // There is nothing to read after a half-close, and epoll takes it as an error to ask for it
    // again.
    boolean ended = peer instanceof DuplexChannel duplex && duplex.isInputShutdown();
    if (context.channel().isWritable() && !ended) {
      peer.config().setAutoRead(true);
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event == ChannelInputShutdownEvent.INSTANCE && peer instanceof DuplexChannel duplex) {
      peer.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(done -> duplex.shutdownOutput());
    } else {
      context.fireUserEventTriggered(event);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    peer.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    context.close();
  }
}
