package dev.crossfade.postgresql.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.core.route.RouteReason;
import dev.crossfade.postgresql.plan.PlanState.Consequence;
import dev.crossfade.sql.parse.Fingerprint;
import dev.crossfade.sql.parse.Lexer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class PlanCacheTest {
  private static final int CAPACITY = 4096;

  private final AtomicInteger made = new AtomicInteger();

  private PlanState refuse(String sql, int[] parameterTypes) {
    made.incrementAndGet();
    return refused("because " + parameterTypes.length);
  }

  private static PlanState.Refused refused(String detail) {
    return new PlanState.Refused(
        RouteReason.NOT_TRANSLATABLE, Consequence.NONE, "A_CODE", 0, detail);
  }

  private static PlanState find(PlanCache cache, String sql) {
    byte[] text = sql.getBytes(StandardCharsets.UTF_8);
    Fingerprint fingerprint = Fingerprint.of(text, new Lexer().lex(text, text.length));
    return cache.find(new PlanKey(fingerprint, new int[0]), () -> sql);
  }

  private static PlanState.Refused awaitRefusal(PlanCache cache, String sql) {
    return (PlanState.Refused)
        Awaitility.await()
            .atMost(Duration.ofSeconds(10))
            .pollInterval(Duration.ofMillis(1))
            .until(() -> find(cache, sql), state -> state instanceof PlanState.Refused);
  }

  /** A statement of so many bytes with a fingerprint of about as many. */
  private static String wide(int number, int bytes) {
    String start = "select a" + number + ' ';
    return start + "b".repeat(bytes - start.length());
  }

  @Test
  void aPlanIsMadeOnceAndServesOtherLiterals() {
    try (PlanCache cache = new PlanCache(this::refuse, CAPACITY, 16)) {
      awaitRefusal(cache, "select 'a'");
      assertThat(find(cache, "SELECT 'b'")).isEqualTo(refused("because 0"));
      assertThat(made).hasValue(1);
      assertThat(cache.size()).isEqualTo(1);
      assertThat(cache.misses()).isEqualTo(1);
    }
  }

  @Test
  void theNumberOfPlansIsBounded() {
    try (PlanCache cache = new PlanCache(this::refuse, 16, 16)) {
      for (int i = 0; i < 200; i++) {
        awaitRefusal(cache, wide(i, 20));
        assertThat(cache.size()).isLessThanOrEqualTo(17);
      }
      assertThat(cache.bytes()).isBetween(1L, 16L * 1024);
    }
  }

  @Test
  void theBytesOfPlansAreBounded() {
    try (PlanCache cache = new PlanCache(this::refuse, CAPACITY, 16)) {
      int statement = 12 * 1024;
      for (int i = 0; i < 1500; i++) {
        awaitRefusal(cache, wide(i, statement));
        assertThat(cache.bytes()).isLessThanOrEqualTo(PlanCache.MAX_BYTES + 4L * statement);
      }
      assertThat(cache.bytes()).isGreaterThan(PlanCache.MAX_BYTES / 2);
      assertThat(cache.size()).isBetween(300, 700);
    }
  }

  @Test
  void theBytesThatWaitForThePlannerAreBounded() {
    CountDownLatch go = new CountDownLatch(1);
    PlanMaker slow =
        (sql, types) -> {
          try {
            go.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          return refused("");
        };
    try (PlanCache cache = new PlanCache(slow, CAPACITY, 1024)) {
      String literal = " where c = '" + "x".repeat(15_000) + "'";
      for (int i = 0; i < 500; i++) {
        assertThat(find(cache, "select a" + i + literal)).isInstanceOf(PlanState.Pending.class);
      }
      assertThat(cache.size()).isBetween(60, 70);
      assertThat(cache.bytes()).isLessThan(PlanCache.MAX_QUEUED_BYTES + 70 * 1024);
      go.countDown();
      // One that found no place is tried again.
      awaitRefusal(cache, "select a499" + literal);
      Awaitility.await().until(() -> cache.bytes() < 70 * 1024);
    }
  }

  @Test
  void ofWhatCanBeMovedOnlyThatIsKept() {
    PlanState movable = new PlanState.Movable(RouteReason.NOT_A_READ, Consequence.MAY_WRITE);
    try (PlanCache cache = new PlanCache((sql, types) -> movable, CAPACITY, 16)) {
      String literal = "update t set a = '" + "x".repeat(10_000) + "'";
      Awaitility.await()
          .pollInterval(Duration.ofMillis(1))
          .until(() -> find(cache, literal).equals(movable));
      Awaitility.await().until(() -> cache.bytes() < 500);
    }
  }

  @Test
  void aStatementAboveTheLimitGetsNoPlan() {
    try (PlanCache cache = new PlanCache(this::refuse, CAPACITY, 16)) {
      String literal = "select '" + "x".repeat(PlanCache.MAX_STATEMENT_BYTES - 9) + "'";
      assertThat(awaitRefusal(cache, literal).code()).isEqualTo("A_CODE");
      assertThat(awaitRefusal(cache, wide(1, PlanCache.MAX_STATEMENT_BYTES)).code())
          .isEqualTo("A_CODE");
      assertThat(cache.size()).isEqualTo(2);
      String longer = "select b, '" + "x".repeat(PlanCache.MAX_STATEMENT_BYTES) + "'";
      for (String sql : java.util.List.of(longer, wide(2, PlanCache.MAX_STATEMENT_BYTES + 1))) {
        PlanState.Refused refused = (PlanState.Refused) find(cache, sql);
        assertThat(refused.code()).isEqualTo("TOO_LARGE");
        assertThat(refused.reason()).isEqualTo(RouteReason.NOT_TRANSLATABLE);
        assertThat(refused.consequence()).isEqualTo(Consequence.NONE);
      }
      assertThat(cache.size()).isEqualTo(2);
      assertThat(made).hasValue(2);
      awaitRefusal(cache, "select b, 'short'");
      assertThat(made).hasValue(3);
    }
  }

  @Test
  void aLongStatementThatMayWriteIsToldFromOneThatReads() {
    try (PlanCache cache = new PlanCache(this::refuse, CAPACITY, 16)) {
      String tail = " WHERE id IN (1" + ", 1".repeat(20_000) + ")";
      assertThat(((PlanState.Refused) find(cache, "SELECT * FROM c" + tail)).consequence())
          .isEqualTo(Consequence.NONE);
      assertThat(
              ((PlanState.Refused) find(cache, "WITH w AS (Update c SET a = 1) SELECT 1" + tail))
                  .consequence())
          .isEqualTo(Consequence.MAY_WRITE);
      assertThat(((PlanState.Refused) find(cache, "SELECT * INTO d FROM c" + tail)).consequence())
          .isEqualTo(Consequence.MAY_SHADOW);
    }
  }

  @Test
  void aPlanThatIsTooLargeIsNotKept() {
    PlanMaker verbose = (sql, types) -> refused("x".repeat(1024 * 1024));
    try (PlanCache cache = new PlanCache(verbose, CAPACITY, 16)) {
      assertThat(awaitRefusal(cache, "select 1").code()).isEqualTo("TOO_LARGE");
      assertThat(cache.bytes()).isLessThan(1024);
    }
  }
}
