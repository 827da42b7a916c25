package dev.crossfade.net.handover;

import dev.crossfade.net.listen.Listener;
import dev.crossfade.net.loop.EventLoops;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A predecessor, whose estate is one listening socket, and what becomes of it. */
@Timeout(60)
abstract class HandoverSite {
  static final Duration SOON = Duration.ofSeconds(10);

  final EventLoops loops = EventLoops.open(2);
  final ExecutorService blocking = Executors.newVirtualThreadPerTaskExecutor();
  final List<String> told = new CopyOnWriteArrayList<>();

  @TempDir private Path folder;
  Path place = Path.of("");
  Listener first = listener("1");

  @BeforeEach
  void choosePlace() {
    place = folder.resolve("next");
    first.accept();
  }

  @AfterEach
  void stop() {
    first.close();
    loops.close();
    blocking.shutdownNow();
  }

  private Listener listener(String name) {
    try {
      return Listener.bind(
          loops, new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), saying(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Says who accepted, and ends the connection. */
  static Supplier<ChannelHandler> saying(String name) {
    return () ->
        new ChannelInboundHandlerAdapter() {
          @Override
          public void channelActive(ChannelHandlerContext ctx) {
            ctx.writeAndFlush(Unpooled.copiedBuffer(name, StandardCharsets.US_ASCII))
                .addListener(sent -> ctx.close());
          }
        };
  }

  /** Who accepts. */
  String whoAnswers() throws IOException {
    try (Socket client = new Socket(first.address().getAddress(), port)) {
      client.setSoTimeout(10_000);
      return new String(client.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    }
  }

  final int port = first.address().getPort();

  HandoverPort open() throws IOException {
    return open(loops);
  }

  HandoverPort open(EventLoops theirs) throws IOException {
    Noted noted = new Noted();
    HandoverPort open = HandoverPort.open(theirs, place, noted, blocking);
    noted.port = open;
    return open;
  }

  /** Notes what it is asked for. */
  final class Noted implements HandoverPort.Estate {
    private volatile @Nullable HandoverPort port;

    @Override
    public List<Heirloom> heirlooms() {
      return List.of(new Heirloom("tcp:here", first.descriptor()));
    }

    @Override
    public void free() {
      port().leavePlace();
      told.add("free");
    }

    private HandoverPort port() {
      return Objects.requireNonNull(port);
    }

    @Override
    public void reclaim() {
      try {
        port().takePlace();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      told.add("reclaim");
    }

    @Override
    public void giveUp() {
      first.close();
      told.add("give up");
    }

    @Override
    public void given() {
      told.add("given");
    }
  }

  Takeover begun() throws IOException {
    return Takeover.begin(loops, place).orElseThrow();
  }
}
