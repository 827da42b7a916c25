package dev.crossfade.net.handover;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.crossfade.net.loop.EventLoops;
import dev.crossfade.testkit.process.Await;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** A process that waits for another one to end, however that comes. */
@EnabledOnOs(OS.LINUX)
class StandbyTest extends HandoverSite {
  /** Stands by; what comes of it is told when the wait is over. */
  private Future<Boolean> standingBy(HandoverPort open, Takeover takeover) throws IOException {
    takeover.receive();
    AtomicBoolean standing = new AtomicBoolean();
    Future<Boolean> wait = blocking.submit(() -> takeover.standBy(() -> standing.set(true)));
    Await.until("it stands by", SOON, standing::get);
    assertThat(open.hasStandby()).isTrue();
    return wait;
  }

  @Test
  void whoStandsByWaitsAndHasTheSocketWhenItsPredecessorIsGone() throws Exception {
    EventLoops theirs = EventLoops.open(1);
    HandoverPort open = open(theirs);
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
        assertThatThrownBy(() -> other.standBy(Assertions::fail))
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
  void whoStandsByIsKnownStillWhenAnotherOneHasFailedToTakeOver() throws Exception {
    try (HandoverPort open = open();
        Takeover waits = begun()) {
      Future<Boolean> wait = standingBy(open, waits);
      open.awaitQuiet(SOON);
      try (Takeover failing = begun()) {
        failing.receive().getFirst().descriptor().close();
        failing.ready();
      }
      Await.until("all is taken back", SOON, () -> told.contains("reclaim"));
      assertThat(open.hasStandby()).isTrue();
      open.awaitQuiet(SOON);
      begun().close();
      open.awaitQuiet(SOON);
      Future<Boolean> left = blocking.submit(open::leaveToStandby);
      assertThat(wait.get()).isTrue();
      waits.taken();
      assertThat(left.get()).isTrue();
      assertThat(told).containsExactly("free", "reclaim", "free", "give up", "given");
    }
  }

  @Test
  void whoEndsLeavesItsPlaceToTheOneThatStandsByRatherThanToOneThatStarts() throws Exception {
    try (HandoverPort open = open();
        Takeover waits = begun()) {
      Future<Boolean> wait = standingBy(open, waits);
      open.awaitQuiet(SOON);
      try (Takeover starting = begun()) {
        starting.receive().getFirst().descriptor().close();
        Future<Boolean> left = blocking.submit(open::leaveToStandby);
        assertThat(wait.get()).isTrue();
        waits.taken();
        assertThat(left.get()).isTrue();
        assertThatThrownBy(starting::ready)
            .isInstanceOf(IOException.class)
            .hasMessage("another process has taken over");
      }
      assertThat(told).containsExactly("free", "give up", "given");
    }
  }

  @Test
  void whoHasNotAskedForTheSocketsYetGetsNoneOfThoseThatAreGone() throws Exception {
    try (HandoverPort open = open();
        Takeover waits = begun()) {
      Future<Boolean> wait = standingBy(open, waits);
      open.awaitQuiet(SOON);
      try (Takeover late = begun()) {
        Future<Boolean> left = blocking.submit(open::leaveToStandby);
        assertThat(wait.get()).isTrue();
        waits.taken();
        assertThat(left.get()).isTrue();
        assertThatThrownBy(late::receive).isInstanceOf(IOException.class);
      }
    }
  }

  @Test
  void whatASuccessorHadTakenWhenItDiedIsForTheOneThatStandsBy() throws Exception {
    try (HandoverPort open = open();
        Takeover waits = begun()) {
      Future<Boolean> wait = standingBy(open, waits);
      open.awaitQuiet(SOON);
      try (SocketChannel dying = SocketChannel.open(UnixDomainSocketAddress.of(place))) {
        dying.write(ByteBuffer.wrap("crossfade-handover 1\nsend\nready\n".getBytes(US_ASCII)));
        // It has been told that all is free, and no more than that can be said to it.
        hear(dying, "yours\n");
        dying.shutdownInput();
        dying.write(ByteBuffer.wrap("taken\n".getBytes(US_ASCII)));
        assertThat(wait.get()).isTrue();
      }
      assertThat(waits.isAlone()).isTrue();
      assertThat(told).containsExactly("free", "give up", "given");
      assertThat(open.hasStandby()).isFalse();
    }
  }

  /** All that is said up to this. */
  private static void hear(SocketChannel line, String last) throws IOException {
    ByteBuffer one = ByteBuffer.allocate(1);
    StringBuilder heard = new StringBuilder();
    while (heard.indexOf(last) < 0) {
      assertThat(line.read(one.clear())).as("bytes after '%s'", heard).isEqualTo(1);
      heard.append((char) one.get(0));
    }
  }

  @Test
  void whoCannotHandOverLeavesWhatItHasToThoseThatHaveItsSockets() throws Exception {
    try (HandoverPort open = open();
        Takeover waits = begun()) {
      Future<Boolean> wait = standingBy(open, waits);
      open.awaitQuiet(SOON);
      try (Takeover starting = begun()) {
        starting.receive().getFirst().descriptor().close();
        open.abandon();
        assertThat(told).containsExactly("free");
        assertThat(place).doesNotExist();
        assertThat(wait.get()).isTrue();
        assertThat(waits.isAlone()).isTrue();
        starting.ready();
        assertThat(starting.isAlone()).isTrue();
      }
      open.abandon();
      assertThat(told).containsExactly("free");
    }
  }

  @Test
  void whereNobodyHasItsSocketsNothingIsLeft() throws Exception {
    try (HandoverPort open = open();
        Takeover asking = begun()) {
      assertThat(asking.names()).containsExactly("tcp:here");
      open.abandon();
      assertThat(told).isEmpty();
      assertThat(place).exists();
    }
  }
}
