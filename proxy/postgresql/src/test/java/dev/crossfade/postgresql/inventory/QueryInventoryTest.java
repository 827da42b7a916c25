package dev.crossfade.postgresql.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.core.measure.LatencySteps;
import dev.crossfade.core.migration.Side;
import dev.crossfade.postgresql.inventory.QueryTally.Kind;
import dev.crossfade.postgresql.inventory.QueryTally.Sighting;
import dev.crossfade.postgresql.plan.PlanKey;
import dev.crossfade.sql.parse.Fingerprint;
import dev.crossfade.sql.parse.Lexer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class QueryInventoryTest {
  private static final Sighting READ = new Sighting(List.of("orders"), Kind.READ);
  private static final int CAPACITY = 16;

  private long now = 1;
  private final QueryInventory inventory = new QueryInventory(CAPACITY, () -> now);

  private static PlanKey key(String sql) {
    byte[] text = sql.getBytes(StandardCharsets.UTF_8);
    return new PlanKey(Fingerprint.of(text, new Lexer().lex(text, text.length)), new int[0]);
  }

  private QueryTally see(String sql) {
    now++;
    QueryTally tally = Objects.requireNonNull(inventory.find(key(sql), 1, () -> READ));
    tally.answered(Side.OLD, 100_000, now);
    return tally;
  }

  @Test
  void textsWithOneFingerprintCountTogetherAndApartBySide() {
    see("select a from orders where id = 1");
    QueryTally tally = see("SELECT a FROM orders WHERE id = 2");
    tally.answered(Side.NEW, 3_000_000, now);
    QueryTally.Counts counts = tally.take();
    assertThat(counts.executions()).isEqualTo(3);
    assertThat(counts.onOld()[LatencySteps.of(100)]).isEqualTo(2);
    assertThat(counts.onNew()[LatencySteps.of(3_000)]).isEqualTo(1);
    assertThat(tally.take().executions()).isZero();
  }

  @Test
  void aBatchOfSeveralExecutionsCountsEachWithoutALatency() {
    QueryTally one = see("select 1 from orders");
    QueryTally other = see("select 2.0 from orders");
    one.take();
    other.take();
    Tally several = Tally.and(Tally.and(Tally.and(null, one), other), one);
    Objects.requireNonNull(several).answered(Side.OLD, 5, 6);
    QueryTally.Counts counts = one.take();
    assertThat(counts.executions()).isEqualTo(2);
    assertThat(LongStream.of(counts.onOld()).sum()).isZero();
    assertThat(other.take().executions()).isEqualTo(1);
  }

  @Test
  void whatFindsNoPlaceIsCountedInOneSum() {
    for (int i = 0; i < CAPACITY; i++) {
      see("select a" + i + " from orders");
    }
    assertThat(inventory.find(key("select b from orders"), 1, () -> READ)).isNull();
    assertThat(inventory.find(key("select b from orders"), 1, () -> READ)).isNull();
    assertThat(inventory.unlistedTotal()).isEqualTo(2);
    assertThat(inventory.size()).isEqualTo(CAPACITY);
  }

  @Test
  void theByteLimitHoldsBeforeTheNumberIsReached() {
    QueryInventory roomy = new QueryInventory(1_000_000, () -> now);
    int kept = 0;
    String padding = "x".repeat(QueryInventory.MAX_TEXT_BYTES - 100);
    while (roomy.find(key("select " + padding + kept + " from orders"), 1, () -> READ) != null) {
      kept++;
      assertThat(roomy.bytes()).isLessThanOrEqualTo(QueryInventory.MAX_BYTES);
    }
    assertThat(kept).isBetween(500, 560);
    assertThat(roomy.size()).isEqualTo(kept);
  }

  @Test
  void aTextOverTheLimitIsNotListed() {
    String longest = "select " + "x".repeat(QueryInventory.MAX_TEXT_BYTES - 7);
    assertThat(inventory.find(key(longest), 1, () -> READ)).isNotNull();
    assertThat(inventory.find(key(longest + "y"), 1, () -> READ)).isNull();
    assertThat(inventory.unlistedTotal()).isEqualTo(1);
  }

  @Test
  void roomIsMadeByTheOldestAndTheirCountsAreTaken() {
    for (int i = 0; i < CAPACITY; i++) {
      see("select a" + i + " from orders");
    }
    QueryTally oldest = see("select a0 from orders");
    inventory.makeRoom();
    assertThat(oldest.isRetired()).isFalse();
    assertThat(inventory.tallies()).hasSize(CAPACITY / 4 * 3);
    // Until it is taken, a retired one keeps its place.
    assertThat(inventory.find(key("select b from orders"), 1, () -> READ)).isNull();
    assertThat(inventory.pollRetired()).isNull();
    now += QueryInventory.GRACE_NANOS;
    long taken = 0;
    for (QueryTally gone = inventory.pollRetired(); gone != null; gone = inventory.pollRetired()) {
      assertThat(gone.isRetired()).isTrue();
      taken += gone.take().executions();
    }
    assertThat(taken).isEqualTo(CAPACITY / 4);
    assertThat(inventory.evictedTotal()).isEqualTo(CAPACITY / 4);
    assertThat(inventory.find(key("select b from orders"), 1, () -> READ)).isNotNull();
  }

  @Test
  void otherLensesMeanAnotherTallyAndNoCountIsLost() {
    QueryTally before = see("select a from orders");
    QueryTally after =
        Objects.requireNonNull(inventory.find(key("select a from orders"), 2, () -> READ));
    assertThat(after).isNotSameAs(before);
    assertThat(before.isRetired()).isTrue();
    // A session that has not heard of the new lenses yet.
    assertThat(inventory.find(key("select a from orders"), 1, () -> READ)).isSameAs(after);
    assertThat(inventory.size()).isEqualTo(2);
    before.answered(Side.OLD, 1, now);
    now += QueryInventory.GRACE_NANOS;
    assertThat(inventory.pollRetired()).isSameAs(before);
    assertThat(before.take().executions()).isEqualTo(2);
    assertThat(inventory.pollRetired()).isNull();
    assertThat(inventory.size()).isEqualTo(1);
  }

  @Test
  void countsOfManyThreadsAddUpWhileTheyAreTaken() throws Exception {
    int threads = 4;
    int each = 50_000;
    QueryTally tally = see("select a from orders");
    long sum = 0;
    try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
      List<Future<?>> running =
          IntStream.range(0, threads)
              .<Future<?>>mapToObj(
                  thread ->
                      pool.submit(
                          () -> {
                            for (int i = 0; i < each; i++) {
                              tally.answered(Side.values()[i % 2], i * 10L, i);
                            }
                          }))
              .toList();
      while (!running.stream().allMatch(Future::isDone)) {
        sum += tally.take().executions();
      }
    }
    assertThat(sum + tally.take().executions()).isEqualTo(1 + threads * each);
  }
}
