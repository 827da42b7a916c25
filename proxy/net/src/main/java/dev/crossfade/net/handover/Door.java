package dev.crossfade.net.handover;

import dev.crossfade.net.listen.LocalSocket;
import dev.crossfade.net.loop.EventLoops;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Where processes of this user come to; shut and opened again as often as need be. */
final class Door implements AutoCloseable {
  private final EventLoops loops;
  private final Path place;
  private final Greeter greeter;
  private @Nullable Open open;
  private boolean closed;

  /**
   * @param welcome gets each line, on a loop
   */
  Door(EventLoops loops, Path place, Consumer<Line> welcome) {
    this.loops = loops;
    this.place = place;
    this.greeter = new Greeter(welcome);
  }

  private record Open(LocalSocket socket, Channel listening) {}

  /**
   * Nothing after {@link #close}.
   *
   * @throws IOException when the place is taken or cannot be
   */
  synchronized void open() throws IOException {
    if (closed || open != null) {
      return;
    }
    LocalSocket socket = LocalSocket.bindForOwner(place);
    var registered =
        new ServerBootstrap()
            .group(loops.group())
            .channelFactory(socket::channel)
            .childHandler(greeter)
            .register()
            .awaitUninterruptibly();
    if (!registered.isSuccess()) {
      socket.close();
      throw new IOException("nobody can be waited for", registered.cause());
    }
    open = new Open(socket, registered.channel());
  }

  /** The place is free; who is in stays. */
  synchronized void shut() {
    if (open != null) {
      open.listening().close().awaitUninterruptibly();
      open.socket().close();
      open = null;
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    shut();
  }

  @Sharable
  private static final class Greeter extends ChannelInboundHandlerAdapter {
    private final Consumer<Line> welcome;

    Greeter(Consumer<Line> welcome) {
      this.welcome = welcome;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
      Line line = new Line();
      ctx.pipeline().replace(this, "line", line);
      welcome.accept(line);
    }
  }
}
