package dev.crossfade.sidecar;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.core.compare.Verdict;
import dev.crossfade.core.migration.Side;
import dev.crossfade.postgresql.shadow.Shadow;
import dev.crossfade.testkit.net.FaultProxy;
import dev.crossfade.testkit.process.Await;
import java.net.InetSocketAddress;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** While new is gone, frozen or talks nonsense, nobody notices that reads are compared. */
@Timeout(200)
class ReadShadowSickIT {
  private static final int CLIENTS = 4;

  /** What is kept of each would be seen: an answer takes 10 kB. */
  private static final int ENOUGH_READS = 1_000;

  private static final int SOME_READS = 200;
  private static final int ROWS = 99;
  private static Pair pair;
  private static FaultProxy network;
  private static Liar liar;
  private static Sidecar sidecar;

  @BeforeAll
  static void start() throws Exception {
    pair = new Pair();
    liar = new Liar(new InetSocketAddress(pair.target.host(), pair.target.port()));
    network = FaultProxy.to("127.0.0.1", liar.port());
    sidecar =
        pair.through("SHADOW", pair.target.port(), network.port(), "shadow: {perSecond: 100000}");
  }

  @AfterAll
  static void stop() throws Exception {
    sidecar.close();
    network.close();
    liar.close();
    pair.close();
  }

  private enum Illness {
    FROZEN,
    GONE,
    LYING;

    void begin() {
      switch (this) {
        case FROZEN -> pair.target.freeze();
        case GONE -> {
          network.refuse();
          network.cut();
        }
        case LYING -> liar.lie(true);
      }
    }

    void end() {
      switch (this) {
        case FROZEN -> pair.target.thaw();
        case GONE -> network.heal();
        case LYING -> liar.lie(false);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void clientsDoNotNotice(Illness illness) throws Exception {
    Shadow shadow = Objects.requireNonNull(sidecar.shadow());
    AtomicBoolean over = new AtomicBoolean();
    AtomicInteger reads = new AtomicInteger();
    AtomicLong slowestNanos = new AtomicLong();
    try (ExecutorService threads = Executors.newFixedThreadPool(CLIENTS)) {
      List<Future<?>> clients = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        clients.add(
            threads.submit(
                () -> {
                  read(over, reads, slowestNanos);
                  return null;
                }));
      }
      try {
        awaitMatches();
        MemoryInUse before = MemoryInUse.now();
        illness.begin();
        Await.until("the circuit is open", Duration.ofSeconds(2), () -> shadow.isOpen(Side.NEW));
        reads.set(0);
        slowestNanos.set(0);
        Await.until("clients go on", () -> reads.get() > SOME_READS);
        assertThat(Duration.ofNanos(slowestNanos.get())).isLessThan(Duration.ofSeconds(1));
        Await.until(
            "nothing is kept",
            Duration.ofSeconds(90),
            () -> {
              assertThat(shadow.waiting()).isLessThanOrEqualTo(256);
              return reads.get() > ENOUGH_READS;
            });
        assertThat(Pair.metric(sidecar, "crossfade_shadow_shed_total", "reason=\"CIRCUIT\""))
            .isPositive();
        MemoryInUse.now().assertNotMoreThan(before, "while new is " + illness);
        illness.end();
        awaitMatches();
        MemoryInUse.now().assertNotMoreThan(before, "when new is back");
      } finally {
        illness.end();
        over.set(true);
      }
      for (Future<?> client : clients) {
        client.get(20, TimeUnit.SECONDS);
      }
    }
    Await.until("nothing waits", () -> shadow.waiting() == 0);
    assertThat(ShadowProbe.mismatches(sidecar)).isZero();
  }

  /** On a busy machine new may be slow, which is the same answer. */
  private static void awaitMatches() {
    long before = same();
    Await.until("reads are compared", Duration.ofSeconds(60), () -> same() > before + 50);
  }

  private static long same() {
    return ShadowProbe.verdicts(sidecar, Verdict.MATCH)
        + ShadowProbe.verdicts(sidecar, Verdict.SLOW);
  }

  private static void read(AtomicBoolean over, AtomicInteger reads, AtomicLong slowestNanos)
      throws Exception {
    try (Connection connection = Pair.connect(sidecar, "socketTimeout", "20");
        PreparedStatement read =
            connection.prepareStatement("SELECT * FROM customers WHERE id < ? ORDER BY id")) {
      while (!over.get()) {
        long began = System.nanoTime();
        read.setLong(1, ROWS + 1);
        assertThat(ShadowProbe.rows(read)).isEqualTo(ROWS);
        slowestNanos.accumulateAndGet(System.nanoTime() - began, Math::max);
        reads.incrementAndGet();
      }
    }
  }
}
