package dev.crossfade.postgresql.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.crossfade.net.loop.EventLoops;
import dev.crossfade.net.upstream.Connector;
import dev.crossfade.net.upstream.Endpoint;
import dev.crossfade.postgresql.auth.Credentials;
import java.time.Duration;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BothSidesTest {
  private final EventLoops loops = EventLoops.open(1);
  private final MetadataConnection old = connection();
  private final MetadataConnection target = connection();

  /** Nobody is ever asked by it. */
  private MetadataConnection connection() {
    Duration timeout = Duration.ofSeconds(1);
    return new MetadataConnection(
        new Connector(loops, timeout),
        loops.group().next(),
        Thread::startVirtualThread,
        new MetadataConnection.Target(
            new Endpoint("127.0.0.1", 1), "db", new Credentials("sidecar", "")),
        timeout);
  }

  @AfterEach
  void stop() {
    loops.close();
  }

  @Test
  void bothAreAskedAtOnceAndEachAnswerIsItsOwn() throws MetadataException {
    CyclicBarrier both = new CyclicBarrier(2);
    BothSides.Answers<String> answers =
        BothSides.ask(
            old,
            target,
            server -> {
              await(both);
              return server == old ? "old" : "new";
            });
    assertThat(answers).isEqualTo(new BothSides.Answers<>("old", "new"));
  }

  private static void await(CyclicBarrier both) {
    try {
      both.await(30, TimeUnit.SECONDS);
    } catch (InterruptedException | BrokenBarrierException | TimeoutException e) {
      throw new AssertionError("the other one is not asked meanwhile", e);
    }
  }

  @Test
  void aRefusalOfEitherIsThrown() {
    assertThatThrownBy(
            () ->
                BothSides.ask(
                    old,
                    target,
                    server -> {
                      if (server == target) {
                        throw MetadataException.refused("new says no");
                      }
                      return "";
                    }))
        .isInstanceOfSatisfying(
            MetadataException.class, e -> assertThat(e.reason()).isEqualTo("new says no"));
    assertThatThrownBy(
            () ->
                BothSides.ask(
                    old,
                    target,
                    server -> {
                      throw MetadataException.refused(server == old ? "old says no" : "new");
                    }))
        .isInstanceOfSatisfying(
            MetadataException.class, e -> assertThat(e.reason()).isEqualTo("old says no"));
  }
}
