package dev.crossfade.net.handover;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.epoll.EpollDomainSocketChannelConfig;
import io.netty.channel.unix.DomainSocketReadMode;
import io.netty.channel.unix.FileDescriptor;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One end of the conversation: lines of text, and descriptors. Its callers are not on a loop. */
final class Line extends ChannelInboundHandlerAdapter implements AutoCloseable {
  private static final int LINE_MAX = 1024;

  /** More than a conversation has. */
  private static final int UNREAD_MAX = 16;

  private final BlockingQueue<Heard> heard = new LinkedBlockingQueue<>(UNREAD_MAX);
  private final StringBuilder begun = new StringBuilder();
  private volatile @Nullable Channel channel;

  /** What the other end says. */
  sealed interface Heard {
    /** Without its end. */
    record Text(String line) implements Heard {}

    /** Belongs to whoever takes it. */
    record Descriptor(FileDescriptor descriptor) implements Heard {}

    /** The other end is gone. */
    record End() implements Heard {}

    /** Nothing was said; somebody in this process wants whoever listens to go on. */
    record Woken() implements Heard {}
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    channel = ctx.channel();
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (message instanceof FileDescriptor descriptor) {
      hear(ctx, new Heard.Descriptor(descriptor));
      return;
    }
    try {
      text(ctx, (ByteBuf) message);
    } finally {
      ReferenceCountUtil.release(message);
    }
  }

  private void text(ChannelHandlerContext ctx, ByteBuf borrowed) {
    while (borrowed.isReadable()) {
      char next = (char) borrowed.readUnsignedByte();
      if (next == '\n') {
        hear(ctx, new Heard.Text(begun.toString()));
        begun.setLength(0);
      } else if (begun.length() == LINE_MAX) {
        ctx.close();
        return;
      } else {
        begun.append(next);
      }
    }
  }

  private void hear(ChannelHandlerContext ctx, Heard what) {
    if (!heard.offer(what)) {
      ctx.close();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    if (!heard.offer(new Heard.End())) {
      heard.clear();
      heard.add(new Heard.End());
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    // The end that follows says enough.
    ctx.close();
  }

  /**
   * What comes next.
   *
   * @throws IOException when nothing does in this time
   */
  Heard next(Duration most) throws IOException {
    try {
      Heard next = heard.poll(most.toMillis(), TimeUnit.MILLISECONDS);
      if (next == null) {
        throw new IOException("nothing was heard of it for " + most.toSeconds() + " s");
      }
      return next;
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  /** What comes next, whenever that is. */
  Heard next() throws IOException {
    try {
      return heard.take();
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  /** Whoever waits for what comes next need not any more. */
  void wake() {
    // A line that is full has something to hear.
    boolean unused = heard.offer(new Heard.Woken());
  }

  private static IOException interrupted(InterruptedException e) {
    Thread.currentThread().interrupt();
    return new IOException("interrupted", e);
  }

  /** Whether this is the line that comes next. */
  boolean hears(String line, Duration most) throws IOException {
    return next(most) instanceof Heard.Text text && text.line().equals(line);
  }

  void say(String line) throws IOException {
    Channel to = open();
    send(to, to.alloc().buffer().writeBytes((line + '\n').getBytes(StandardCharsets.US_ASCII)));
  }

  /** The other end gets a descriptor of its own; this one stays. */
  void give(FileDescriptor descriptor) throws IOException {
    send(open(), descriptor);
  }

  /** Whether descriptors are expected next, or lines. Text that comes with one is dropped. */
  void expectDescriptors(boolean descriptors) throws IOException {
    ((EpollDomainSocketChannelConfig) open().config())
        .setReadMode(
            descriptors ? DomainSocketReadMode.FILE_DESCRIPTORS : DomainSocketReadMode.BYTES);
  }

  private static void send(Channel to, Object what) throws IOException {
    var sent = to.writeAndFlush(what).awaitUninterruptibly();
    if (!sent.isSuccess()) {
      throw new IOException("the other process is gone", sent.cause());
    }
  }

  /** Whether nothing more can be said. */
  boolean isGone() {
    Channel to = channel;
    return to != null && !to.isActive();
  }

  private Channel open() throws IOException {
    Channel to = channel;
    if (to == null) {
      throw new IOException("not connected");
    }
    return to;
  }

  @Override
  public void close() {
    Channel to = channel;
    if (to != null) {
      to.close();
    }
  }
}
