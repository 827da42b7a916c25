package dev.crossfade.net.handover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.crossfade.net.listen.Listener;
import dev.crossfade.testkit.process.Await;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** What a predecessor and a successor say to each other, and what is left when one of them dies. */
@EnabledOnOs(OS.LINUX)
class HandoverTest extends HandoverSite {
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
          .isInstanceOf(Takeover.BusyException.class)
          .hasMessage("it says no: another process is about to take over");
      one.close();
      open.awaitQuiet(SOON);
      begun().close();
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
