package dev.crossfade.sidecar.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.api.v1.InventoryPage;
import dev.crossfade.api.v1.QueryKind;
import dev.crossfade.api.v1.SeenQuery;
import dev.crossfade.api.v1.TranslationStatus;
import dev.crossfade.core.migration.Side;
import dev.crossfade.core.route.RouteReason;
import dev.crossfade.postgresql.inventory.QueryInventory;
import dev.crossfade.postgresql.inventory.QueryTally;
import dev.crossfade.postgresql.inventory.QueryTally.Kind;
import dev.crossfade.postgresql.parity.Finding;
import dev.crossfade.postgresql.parity.Judgement;
import dev.crossfade.postgresql.plan.Lenses;
import dev.crossfade.postgresql.plan.PlanCache;
import dev.crossfade.postgresql.plan.PlanKey;
import dev.crossfade.postgresql.plan.PlanState;
import dev.crossfade.postgresql.plan.Routing;
import dev.crossfade.sql.parse.Fingerprint;
import dev.crossfade.sql.parse.Lexer;
import dev.crossfade.sql.parse.MappedNames;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class InventoryPagesTest {
  private static final Instant NOON = Instant.parse("2026-01-31T12:00:00Z");

  private long now;
  private volatile PlanState plan =
      new PlanState.Refused(
          RouteReason.NOT_TRANSLATABLE, PlanState.Consequence.NONE, "CLOCK", 1, "now");
  private @Nullable Finding found;
  private final QueryInventory inventory = new QueryInventory(QueryInventory.CAPACITY, () -> now);
  private final Routing routing = new Routing();
  private final InventoryPages pages =
      new InventoryPages(
          inventory,
          routing,
          new KnownOfNew(statement -> List.of(), statement -> Optional.ofNullable(found)),
          () -> now,
          () -> NOON);

  @BeforeEach
  void useLenses() {
    MappedNames names = MappedNames.of(Set.of("t"));
    routing.lenses(
        new Lenses(
            1,
            names,
            Map.of("m", names),
            new PlanCache((sql, types) -> plan, QueryInventory.CAPACITY, QueryInventory.CAPACITY)));
  }

  @AfterEach
  void close() {
    routing.lenses(null);
  }

  private static PlanKey key(String sql) {
    byte[] text = sql.getBytes(StandardCharsets.UTF_8);
    return new PlanKey(Fingerprint.of(text, new Lexer().lex(text, text.length)), new int[0]);
  }

  private QueryTally run(Kind kind, String sql) {
    QueryTally tally =
        Objects.requireNonNull(
            inventory.find(key(sql), 1, () -> new QueryTally.Sighting(List.of("m"), kind)));
    tally.answered(Side.OLD, 70_000, now);
    return tally;
  }

  /** A statement whose plan is there already. */
  private QueryTally runPlanned(String sql) {
    QueryTally tally = run(Kind.WRITE, sql);
    Lenses lenses = Objects.requireNonNull(routing.lenses());
    Awaitility.await()
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(1))
        .until(() -> !(lenses.plans().find(tally.key(), () -> sql) instanceof PlanState.Pending));
    return tally;
  }

  @Test
  void aWriteThatNewWouldAnswerOtherwiseIsNotReady() {
    plan = new PlanState.Movable(RouteReason.NOT_A_READ, PlanState.Consequence.MAY_WRITE);
    QueryTally tally = runPlanned("update t set a = 1");
    assertThat(next().getQueries(0).getStatus())
        .isEqualTo(TranslationStatus.TRANSLATION_STATUS_TRANSLATED);
    pages.acked(1);
    found =
        new Finding(
            "m",
            tally.key().fingerprint().normalizedText(),
            Judgement.Difference.ACCEPTED,
            "23514 (never_negative)",
            "UPDATE 1");
    sweepAgain();
    SeenQuery query = next().getQueries(0);
    assertThat(query.getStatus()).isEqualTo(TranslationStatus.TRANSLATION_STATUS_REFUSED);
    assertThat(query.getKind()).isEqualTo(QueryKind.QUERY_KIND_WRITE);
    assertThat(query.getRefusal().getCode()).isEqualTo("WRITE_DIFFERS");
    assertThat(query.getRefusal().getDetail())
        .isEqualTo("new accepts what old refuses with 23514 (never_negative)");
  }

  private void sweepAgain() {
    now += Duration.ofSeconds(6).toNanos();
  }

  private InventoryPage next() {
    return pages.next(1).orElseThrow();
  }

  @Test
  void aPageIsBoundedAndTheRestFollowsWhenItIsAcked() {
    int all = 2 * InventoryPages.PAGE_QUERIES + 7;
    for (int i = 0; i < all; i++) {
      runPlanned("update t set c" + i + " = 1");
    }
    Set<String> texts = new HashSet<>();
    for (int number = 1; number <= 3; number++) {
      InventoryPage page = next();
      assertThat(page.getNumber()).isEqualTo(number);
      assertThat(page.getQueriesCount()).isEqualTo(number < 3 ? InventoryPages.PAGE_QUERIES : 7);
      page.getQueriesList().forEach(query -> texts.add(query.getText()));
      assertThat(pages.next(1)).as("one is under way").isEmpty();
      pages.acked(number);
    }
    assertThat(texts).hasSize(all);
    assertThat(pages.next(1)).isEmpty();
    sweepAgain();
    assertThat(pages.next(1)).as("nothing is new").isEmpty();
  }

  @Test
  void longTextsMakeAPageOfFewer() {
    String padding = "x".repeat(8_000);
    for (int i = 0; i < 30; i++) {
      runPlanned("update t set " + padding + i + " = 1");
    }
    int told = 0;
    for (Optional<InventoryPage> page = pages.next(1); page.isPresent(); page = pages.next(1)) {
      assertThat(page.get().getSerializedSize()).isLessThan(InventoryPages.PAGE_BYTES + 1_000);
      told += page.get().getQueriesCount();
      pages.acked(page.get().getNumber());
    }
    assertThat(told).isEqualTo(30);
  }

  @Test
  void aPageComesAgainOnAnotherStreamOrAfterAWhile() {
    runPlanned("delete from t");
    InventoryPage page = next();
    assertThat(pages.next(2)).contains(page);
    assertThat(pages.next(2)).isEmpty();
    now += Duration.ofSeconds(31).toNanos();
    assertThat(pages.next(2)).contains(page);
    pages.acked(page.getNumber() + 1);
    assertThat(pages.next(3)).as("another page's ack").contains(page);
    pages.acked(page.getNumber());
    assertThat(pages.next(4)).isEmpty();
  }

  @Test
  void countsThatComeMeanwhileAreOnTheNextPage() {
    QueryTally tally = runPlanned("delete from t");
    InventoryPage first = next();
    tally.answered(Side.NEW, 70_000, now);
    inventory.unmapped();
    pages.acked(first.getNumber());
    sweepAgain();
    InventoryPage second = next();
    assertThat(second.getQueries(0).getCount()).isEqualTo(1);
    assertThat(second.getUnmapped()).isEqualTo(1);
    assertThat(second.getQueries(0).getLastSeen().getSeconds())
        .isEqualTo(NOON.minusSeconds(6).getEpochSecond());
  }

  @Test
  void aPlanInTheMakingIsWaitedForOneSweepAndAChangeIsTold() {
    plan = new PlanState.Pending();
    String sql = "select now() from t";
    QueryTally tally = run(Kind.READ, sql);
    assertThat(pages.next(1)).isEmpty();
    sweepAgain();
    InventoryPage pending = next();
    assertThat(pending.getQueries(0).getStatus())
        .isEqualTo(TranslationStatus.TRANSLATION_STATUS_PENDING);
    pages.acked(pending.getNumber());
    plan =
        new PlanState.Refused(
            RouteReason.NOT_TRANSLATABLE, PlanState.Consequence.NONE, "CLOCK", 1, "now");
    Lenses lenses = Objects.requireNonNull(routing.lenses());
    Awaitility.await()
        .until(() -> lenses.plans().find(tally.key(), () -> sql) instanceof PlanState.Refused);
    sweepAgain();
    SeenQuery refused = next().getQueries(0);
    assertThat(refused.getCount()).isZero();
    assertThat(refused.getStatus()).isEqualTo(TranslationStatus.TRANSLATION_STATUS_REFUSED);
    assertThat(refused.getRefusal().getCode()).isEqualTo("CLOCK");
    assertThat(refused.getRefusal().getOffset()).isEqualTo("select ".length());
    assertThat(refused.getRefusal().getDetail()).isEqualTo("now");
  }

  @Test
  void aReadThatIsTheAuthoritysCountsAsAWriteAsSoonAsThatIsKnown() {
    plan = new PlanState.Movable(RouteReason.NOT_A_READ, PlanState.Consequence.NONE);
    String sql = "select a from t for update";
    QueryTally tally = run(Kind.READ, sql);
    assertThat(pages.next(1)).isEmpty();
    sweepAgain();
    SeenQuery pending = next().getQueries(0);
    assertThat(pending.getKind()).isEqualTo(QueryKind.QUERY_KIND_READ);
    pages.acked(1);
    Lenses lenses = Objects.requireNonNull(routing.lenses());
    Awaitility.await()
        .until(() -> lenses.plans().find(tally.key(), () -> sql) instanceof PlanState.Movable);
    sweepAgain();
    SeenQuery movable = next().getQueries(0);
    assertThat(movable.getKind()).isEqualTo(QueryKind.QUERY_KIND_WRITE);
    assertThat(movable.getStatus()).isEqualTo(TranslationStatus.TRANSLATION_STATUS_TRANSLATED);
    assertThat(movable.getCount()).isZero();
  }

  @Test
  void whatMadeRoomIsToldWithItsLastCounts() {
    for (int i = 0; i < QueryInventory.CAPACITY; i++) {
      runPlanned("update t set c" + i + " = 1");
    }
    inventory.unlisted();
    long told = 0;
    int found = 0;
    for (int sweep = 0; sweep < 4; sweep++) {
      for (Optional<InventoryPage> page = pages.next(1); page.isPresent(); page = pages.next(1)) {
        told += page.get().getQueriesList().stream().mapToLong(SeenQuery::getCount).sum();
        found += (int) page.get().getUnlisted();
        pages.acked(page.get().getNumber());
      }
      sweepAgain();
    }
    assertThat(told).isEqualTo(QueryInventory.CAPACITY);
    assertThat(found).isEqualTo(1);
    assertThat(inventory.size()).isLessThanOrEqualTo(QueryInventory.CAPACITY * 3 / 4);
  }
}
