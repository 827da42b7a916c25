package dev.crossfade.net.handover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.crossfade.net.listen.Listener;
import dev.crossfade.net.loop.EventLoops;
import dev.crossfade.testkit.process.Await;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What a predecessor and a successor say to each other, and what is left when one of them dies. */
@EnabledOnOs(OS.LINUX)
class HandoverTest {
  private static final Duration SOON = Duration.ofSeconds(10);

  private final EventLoops loops = EventLoops.open(2);
  private final ExecutorService blocking = Executors.newVirtualThreadPerTaskExecutor();
  private final List<String> told = new CopyOnWriteArrayList<>();

  @TempDir private Path folder;
  private Path place = Path.of("");
  private Listener first = listener("1");

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
  private static Supplier<ChannelHandler> saying(String name) {
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
  private String whoAnswers() throws IOException {
    try (Socket client = new Socket(first.address().getAddress(), port)) {
      client.setSoTimeout(10_000);
      return new String(client.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    }
  }

  private final int port = first.address().getPort();

  private HandoverPort open() throws IOException {
    return HandoverPort.open(loops, place, new Noted(), blocking);
  }

  /** Notes what it is asked for. */
  private final class Noted implements HandoverPort.Estate {
    @Override
    public List<Heirloom> heirlooms() {
      return List.of(new Heirloom("tcp:here", first.descriptor()));
    }

    @Override
    public void free() {
      told.add("free");
    }

    @Override
    public void reclaim() {
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

  private Takeover begun() throws IOException {
    return Takeover.begin(loops, place).orElseThrow();
  }

  @Test
  void theSuccessorGoesOnWithTheSameSocket() throws Exception {
    try (HandoverPort open = open();
        Takeover takeover = begun()) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(place)))
          .isEqualTo("rw-------");
      assertThat(takeover.names()).containsExactly("tcp:here");
      Heirloom heirloom = takeover.receive().getFirst();
      assertThat(heirloom.name()).isEqualTo("tcp:here");
      try (Listener second = Listener.inherit(loops, heirloom.descriptor(), saying("2"))) {
        assertThat(second.address().getPort()).isEqualTo(port);
        assertThat(whoAnswers()).isEqualTo("1");
        takeover.ready();
        assertThat(told).containsExactly("free");
        try (Socket between = new Socket(second.address().getAddress(), port)) {
          second.accept();
          takeover.taken();
          assertThat(told).startsWith("free", "give up");
          between.setSoTimeout(10_000);
          // Both accept.
          assertThat(between.getInputStream().readAllBytes())
              .isIn(new byte[] {'1'}, new byte[] {'2'});
        }
        assertThat(whoAnswers()).isEqualTo("2");
      }
      open.awaitQuiet(SOON);
      assertThat(told).containsExactly("free", "give up", "given");
    }
    assertThat(place).doesNotExist();
  }

  @Test
  void aSuccessorThatDiesBeforeItIsReadyHasChangedNothing() throws Exception {
    try (HandoverPort open = open()) {
      try (Takeover takeover = begun()) {
        takeover.receive().getFirst().descriptor().close();
      }
      open.awaitQuiet(SOON);
      assertThat(told).isEmpty();
      assertThat(whoAnswers()).isEqualTo("1");
    }
  }

  @Test
  void aSuccessorThatDiesBeforeItHasTakenAnythingIsMadeGood() throws Exception {
    try (HandoverPort open = open()) {
      try (Takeover takeover = begun()) {
        takeover.receive().getFirst().descriptor().close();
        takeover.ready();
      }
      open.awaitQuiet(SOON);
      assertThat(told).containsExactly("free", "reclaim");
      assertThat(whoAnswers()).isEqualTo("1");
    }
  }

  @Test
  void aPredecessorThatDiesLeavesEverything() throws Exception {
    try (var server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      server.bind(UnixDomainSocketAddress.of(place));
      var takeover = blocking.submit(this::begun);
      try (SocketChannel dying = server.accept()) {
        assertThat(dying.read(ByteBuffer.allocate(64))).isPositive();
        dying.write(ByteBuffer.wrap("has\n".getBytes(StandardCharsets.US_ASCII)));
      }
      try (Takeover alone = takeover.get()) {
        alone.ready();
        alone.taken();
      }
    }
  }

  @Test
  void onlyOneAtATimeIsLetIn() throws Exception {
    try (HandoverPort open = open();
        Takeover one = begun()) {
      assertThat(one.names()).hasSize(1);
      assertThatThrownBy(this::begun)
          .isInstanceOf(IOException.class)
          .hasMessage("it says no: another process is about to take over");
      one.close();
      open.awaitQuiet(SOON);
      begun().close();
    }
  }

  /** Stands by; what comes of it is told when the wait is over. */
  private Future<Boolean> standingBy(HandoverPort open, Takeover takeover) throws IOException {
    takeover.receive();
    Future<Boolean> wait = blocking.submit(takeover::standBy);
    Await.until("it stands by", SOON, open::hasStandby);
    return wait;
  }

  @Test
  void whoStandsByWaitsAndHasTheSocketWhenItsPredecessorIsGone() throws Exception {
    EventLoops theirs = EventLoops.open(1);
    HandoverPort open = HandoverPort.open(theirs, place, new Noted(), blocking);
    try (Takeover takeover = begun()) {
      Future<Boolean> wait = standingBy(open, takeover);
      // It is in nobody's way.
      open.awaitQuiet(Duration.ZERO);
      assertThat(whoAnswers()).isEqualTo("1");
      assertThat(wait).isNotDone();
      theirs.close();
      assertThat(wait.get()).isTrue();
      assertThat(takeover.isAlone()).isTrue();
      takeover.taken();
      assertThat(told).isEmpty();
    } finally {
      open.close();
    }
  }

  @Test
  void whoEndsLeavesItsPlaceToTheOneThatStandsBy() throws Exception {
    try (HandoverPort open = open();
        Takeover takeover = begun()) {
      Future<Boolean> wait = standingBy(open, takeover);
      Future<Boolean> left = blocking.submit(open::leaveToStandby);
      assertThat(wait.get()).isTrue();
      assertThat(told).containsExactly("free");
      takeover.taken();
      assertThat(left.get()).isTrue();
      assertThat(told).containsExactly("free", "give up", "given");
      assertThat(open.hasStandby()).isFalse();
    }
  }

  @Test
  void whoStandsByAndDiesInTheMomentItIsNeededIsMadeGood() throws Exception {
    try (HandoverPort open = open();
        Takeover takeover = begun()) {
      Future<Boolean> wait = standingBy(open, takeover);
      Future<Boolean> left = blocking.submit(open::leaveToStandby);
      assertThat(wait.get()).isTrue();
      takeover.close();
      assertThat(left.get()).isFalse();
      assertThat(told).containsExactly("free", "reclaim");
      assertThat(open.leaveToStandby()).isFalse();
    }
  }

  @Test
  void aSuccessorSendsTheOneThatStandsByAway() throws Exception {
    try (HandoverPort open = open();
        Takeover waits = begun()) {
      Future<Boolean> wait = standingBy(open, waits);
      open.awaitQuiet(SOON);
      try (Takeover next = begun()) {
        next.receive().getFirst().descriptor().close();
        next.ready();
        assertThat(wait).isNotDone();
        next.taken();
      }
      assertThat(wait.get()).isFalse();
      assertThat(open.hasStandby()).isFalse();
      assertThat(told).containsExactly("free", "give up", "given");
    }
  }

  @Test
  void onlyOneStandsBy() throws Exception {
    try (HandoverPort open = open();
        Takeover one = begun()) {
      Future<Boolean> wait = standingBy(open, one);
      open.awaitQuiet(SOON);
      try (Takeover other = begun()) {
        other.receive().getFirst().descriptor().close();
        assertThatThrownBy(other::standBy)
            .isInstanceOf(IOException.class)
            .hasMessage("another process stands by already");
      }
      assertThat(wait).isNotDone();
      one.stopWaiting();
      assertThat(wait.get()).isFalse();
      one.close();
      Await.until("nobody stands by", SOON, () -> !open.hasStandby());
      assertThat(open.leaveToStandby()).isFalse();
      assertThat(told).isEmpty();
    }
  }

  @Test
  void anotherVersionIsRefused() throws Exception {
    try (HandoverPort open = open();
        SocketChannel client = SocketChannel.open(UnixDomainSocketAddress.of(place))) {
      client.write(ByteBuffer.wrap("crossfade-handover 9\n".getBytes(StandardCharsets.US_ASCII)));
      String answer =
          new String(Channels.newInputStream(client).readAllBytes(), StandardCharsets.US_ASCII);
      assertThat(answer).isEqualTo("no it speaks another version of the hand-over\n");
      open.awaitQuiet(SOON);
    }
    assertThat(told).isEmpty();
  }

  @Test
  void anEndlessLineEndsTheConversation() throws Exception {
    try (HandoverPort open = open();
        SocketChannel client = SocketChannel.open(UnixDomainSocketAddress.of(place))) {
      client.write(ByteBuffer.wrap(new byte[1025]));
      assertThat(Channels.newInputStream(client).readAllBytes()).isEmpty();
      open.awaitQuiet(SOON);
    }
  }

  @Test
  void nobodyIsFollowedWhereNobodyIs() throws Exception {
    assertThat(Takeover.begin(loops, place)).isEmpty();
    try (var dead = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      dead.bind(UnixDomainSocketAddress.of(place));
    }
    assertThat(place).exists();
    assertThat(Takeover.begin(loops, place)).isEmpty();
    open().close();
    Await.until("the place is free", () -> !Files.exists(place));
  }
}
